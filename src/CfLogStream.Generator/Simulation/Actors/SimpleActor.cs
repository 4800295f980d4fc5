using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation.Actors;

/// <summary>Single requests without memory: bots, crawlers, tools, and what Cloudflare itself asks.</summary>
internal sealed class SimpleActor : Actor
{
    public required EndpointGroup Endpoints { get; init; }

    /// <summary>The value of ClientRequestSource.</summary>
    public byte[] Source { get; init; } = EdgeSources.Eyeball;

    /// <summary>Whether these requests come without TLS.</summary>
    public bool Plain { get; init; }

    public override bool Draw(TrafficSimulation simulation, long ms)
    {
        Rng rng = simulation.Rng;
        Endpoint endpoint = Endpoints.Pick(rng);
        ulong id = Mix.Of((ulong)endpoint.Index, (ulong)rng.Below(endpoint.Ids)) ^ (endpoint.Ids == 1 ? rng.Next() : 0);
        Request request = simulation.Open(this, rng.Below(Callers), endpoint, id, ms);
        request.Source = Source;
        request.Secure = !Plain;
        simulation.Emit(request);
        return true;
    }
}
