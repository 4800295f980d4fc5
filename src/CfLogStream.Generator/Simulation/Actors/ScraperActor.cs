using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation.Actors;

/// <summary>Scrapers with a browser's user agent in data centres: page after page until a rate limit stops them.</summary>
internal sealed class ScraperActor : Actor
{
    public required EndpointGroup Endpoints { get; init; }

    public override bool Draw(TrafficSimulation simulation, long ms)
    {
        Rng rng = simulation.Rng;
        Perform(simulation,
            new Act { Ms = ms, Actor = this, Caller = rng.Below(Callers), Id = rng.Next(), Remaining = 20 + rng.Below(50) });
        return true;
    }

    public override void Continue(TrafficSimulation simulation, in Act act) => Perform(simulation, act);

    private void Perform(TrafficSimulation simulation, in Act act)
    {
        Rng rng = simulation.Rng;
        Endpoint endpoint = Endpoints.Pick(rng);
        simulation.Emit(simulation.Open(this, act.Caller, endpoint,
            Mix.Of((ulong)endpoint.Index, (act.Id + (ulong)act.Remaining) % (ulong)endpoint.Ids), act.Ms));
        if (act.Remaining > 0)
        {
            Act next = act;
            next.Remaining--;
            next.Ms = act.Ms + 120 + rng.Below(300);
            simulation.Schedule(next);
        }
    }
}
