using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation.Actors;

/// <summary>A batch job: at fixed times one call after another without a pause, faster from some day on.</summary>
internal sealed class BatchActor : Actor
{
    private const int BeginRun = 0;
    private const int Call = 1;
    private const int LossesUntilAbort = 12;

    private int _lossesInRun;

    public required EndpointGroup Endpoints { get; init; }

    /// <summary>Calls of one run.</summary>
    public required int Calls { get; init; }

    public required long PeriodMs { get; init; }

    /// <summary>Time between two calls, before and after <see cref="FastFromMs"/>.</summary>
    public required (int Slow, int Fast) SpacingMs { get; init; }

    /// <summary>From when on the job has more connections.</summary>
    public required long FastFromMs { get; init; }

    public override bool Scheduled => true;

    public override void Start(TrafficSimulation simulation) =>
        simulation.Schedule(new Act { Ms = simulation.World.StartMs + (PeriodMs / 3), Actor = this, Kind = BeginRun });

    public override bool Draw(TrafficSimulation simulation, long ms) => false;

    public override void Continue(TrafficSimulation simulation, in Act act)
    {
        Rng rng = simulation.Rng;
        if (act.Kind == BeginRun)
        {
            _lossesInRun = 0;
            simulation.Schedule(new Act { Ms = act.Ms + PeriodMs, Actor = this, Kind = BeginRun });
            Perform(simulation, NewCall(act.Ms, Calls - 1, rng), rng);
            return;
        }

        Perform(simulation, act, rng);
    }

    private Act NewCall(long ms, int remaining, Rng rng) => new()
    {
        Ms = ms,
        Actor = this,
        Caller = rng.Below(Callers),
        Kind = Call,
        Endpoint = Endpoints.Pick(rng),
        Id = rng.Next(),
        Remaining = remaining,
    };

    private void Perform(TrafficSimulation simulation, in Act act, Rng rng)
    {
        Request request = simulation.Open(this, act.Caller, act.Endpoint!, act.Id, act.Ms);
        simulation.Emit(request);
        if (request.Lost && Habit == RetryHabit.GivesUp && ++_lossesInRun >= LossesUntilAbort)
        {
            return;
        }

        long spacing = act.Ms >= FastFromMs ? SpacingMs.Fast : SpacingMs.Slow;
        if (request.Lost && act.Attempt < (Habit == RetryHabit.Storms ? 5 : 1) && !simulation.Crowded)
        {
            Act again = act;
            again.Attempt++;
            again.Remaining = 0;
            again.Ms = act.Ms + 900 + rng.Below(900);
            simulation.Schedule(again);
        }

        if (act.Remaining > 0)
        {
            simulation.Schedule(NewCall(act.Ms + (spacing / 2) + rng.Below((int)spacing), act.Remaining - 1, rng));
        }
    }
}
