using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation.Actors;

/// <summary>An uptime monitor: every target once a minute, at low volume less often.</summary>
internal sealed class MonitorActor : Actor
{
    private static readonly int[] s_periods = [60, 120, 300, 600, 900, 1800, 3600];

    private long _periodMs;

    public required Endpoint[] Targets { get; init; }

    public override bool Scheduled => true;

    /// <summary>A monitor keeps to its minute, whatever else is going on.</summary>
    public override bool GrowsWithTraffic => false;

    public override void Start(TrafficSimulation simulation)
    {
        double perMs = Share * simulation.World.LinesPerMs;
        double ideal = Targets.Length / perMs / 1000;
        int period = Array.Find(s_periods, candidate => candidate >= ideal);
        _periodMs = period == 0 ? (long)(ideal * 1000) : period * 1000L;
        for (int target = 0; target < Targets.Length; target++)
        {
            simulation.Schedule(new Act
            {
                Ms = simulation.World.StartMs + (_periodMs * target / Targets.Length),
                Actor = this,
                Caller = target,
                Kind = target
            });
        }
    }

    public override bool Draw(TrafficSimulation simulation, long ms) => false;

    public override void Continue(TrafficSimulation simulation, in Act act)
    {
        simulation.Schedule(new Act { Ms = act.Ms + _periodMs, Actor = this, Caller = (act.Caller + 1) % Callers, Kind = act.Kind });
        simulation.Emit(simulation.Open(this, act.Caller % Callers, Targets[act.Kind], 0, act.Ms + simulation.Rng.Below(120)));
    }
}
