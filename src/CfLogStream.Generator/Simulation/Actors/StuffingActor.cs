using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation.Actors;

/// <summary>Credential stuffing: waves of logins with leaked passwords from many addresses.</summary>
internal sealed class StuffingActor : Actor
{
    public required Endpoint Login { get; init; }

    public override bool Draw(TrafficSimulation simulation, long ms)
    {
        Rng rng = simulation.Rng;
        Perform(simulation, new Act { Ms = ms, Actor = this, Caller = rng.Below(Callers), Remaining = 3 + rng.Below(16) });
        return true;
    }

    public override void Continue(TrafficSimulation simulation, in Act act) => Perform(simulation, act);

    private void Perform(TrafficSimulation simulation, in Act act)
    {
        Rng rng = simulation.Rng;
        simulation.Emit(simulation.Open(this, act.Caller, Login, rng.Next(), act.Ms));
        if (act.Remaining > 0)
        {
            Act next = act;
            next.Remaining--;
            next.Ms = act.Ms + 700 + rng.Below(2600);
            simulation.Schedule(next);
        }
    }
}
