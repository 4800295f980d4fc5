using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation.Actors;

/// <summary>A volumetric attack: a botnet asks for pages with random queries, all alike.</summary>
internal sealed class FloodActor : Actor
{
    public required Endpoint Target { get; init; }

    public override bool Draw(TrafficSimulation simulation, long ms)
    {
        Rng rng = simulation.Rng;
        Request request = simulation.Open(this, rng.Below(Callers), Target, rng.Next(), ms);
        request.Query.Clear();
        request.Query.Append((byte)'?').AppendHex(rng.Next(), 12).Append((byte)'=').AppendHex(rng.Next(), 6);
        simulation.Emit(request);
        return true;
    }
}
