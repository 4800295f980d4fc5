using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation.Actors;

/// <summary>Takes exactly one line: a cached page that no rule looks at. Fills the last lines of a run.</summary>
internal sealed class FillerActor : Actor
{
    public required Endpoint Endpoint { get; init; }

    public override bool Draw(TrafficSimulation simulation, long ms)
    {
        Rng rng = simulation.Rng;
        Request request = simulation.Open(this, rng.Below(Callers), Endpoint,
            Mix.Of((ulong)Endpoint.Index, (ulong)rng.Favoured(Endpoint.Ids)), ms);
        request.Referer.Append("https://"u8).Append(Endpoint.Host.NameUtf8).Append((byte)'/');
        request.Headers.Raw("\"sec-fetch-mode\":\"no-cors\",\"sec-fetch-site\":\"same-origin\""u8);
        simulation.Emit(request);
        return true;
    }
}
