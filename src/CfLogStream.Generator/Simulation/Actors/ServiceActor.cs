using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation.Actors;

/// <summary>A partner's service: a few addresses that call on a timetable, retry with growing pauses, and give up after a while.</summary>
internal sealed class ServiceActor : Actor
{
    private const int BeginCycle = 0;
    private const int Call = 1;
    private const int Patience = 8;
    private const int MaxAttempts = 4;
    private const int FailuresUntilSilence = 6;

    private static readonly int[] s_periods = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

    private int[] _failures = [];
    private long[] _silentUntil = [];
    private long _periodMs;
    private int _calls;

    public required EndpointGroup Endpoints { get; init; }

    public override bool Scheduled => true;

    public override void Start(TrafficSimulation simulation)
    {
        _failures = new int[Callers];
        _silentUntil = new long[Callers];
        double perMs = Share * simulation.World.LinesPerMs;
        double ideal = Callers * 4 / perMs / 1000;
        int period = s_periods[0];
        foreach (int candidate in s_periods)
        {
            period = candidate <= ideal ? candidate : period;
        }

        // In a short run every caller should come round often enough, unless there are many of them.
        double shortest = simulation.World.DurationMs / 40 * simulation.World.Busyness;
        _periodMs = (long)Math.Min(period * 1000.0, Math.Max(1000, shortest));
        _calls = Math.Max(1, (int)((_periodMs * perMs / Callers) + 0.5));
        double wanted = perMs * _periodMs / Callers;
        if (wanted < 1)
        {
            // Less than one call per cycle: stretch the cycle instead.
            _periodMs = (long)(_periodMs / Math.Max(wanted, 0.02));
        }

        for (int caller = 0; caller < Callers; caller++)
        {
            simulation.Schedule(new Act
            {
                Ms = simulation.World.StartMs + (_periodMs * caller / Callers) + simulation.Rng.Below(2000),
                Actor = this,
                Caller = caller,
                Kind = BeginCycle
            });
        }
    }

    public override bool Draw(TrafficSimulation simulation, long ms) => false;

    public override void Continue(TrafficSimulation simulation, in Act act)
    {
        Rng rng = simulation.Rng;
        if (act.Kind == BeginCycle)
        {
            bool silent = act.Ms < _silentUntil[act.Caller];
            long pause = _failures[act.Caller] >= Patience ? _periodMs * 5 : _periodMs;
            simulation.Schedule(new Act { Ms = act.Ms + pause + rng.Below(400), Actor = this, Caller = act.Caller, Kind = BeginCycle });
            if (!silent)
            {
                Perform(simulation, NewCall(act, rng, _failures[act.Caller] >= Patience ? 0 : _calls - 1));
            }

            return;
        }

        Perform(simulation, act);
    }

    private int Attempts(bool patient) => Habit switch
    {
        RetryHabit.GivesUp => 2,
        RetryHabit.Storms => patient ? 12 : 6,
        _ => patient ? MaxAttempts : 2,
    };

    private Act NewCall(in Act act, Rng rng, int remaining)
    {
        Endpoint endpoint = Endpoints.Pick(rng);
        return new Act
        {
            Ms = act.Ms,
            Actor = this,
            Caller = act.Caller,
            Kind = Call,
            Endpoint = endpoint,
            Id = Mix.Of((ulong)endpoint.Index, (ulong)rng.Favoured(endpoint.Ids)) ^ (endpoint.Ids == 1 ? rng.Next() : 0),
            Remaining = remaining,
        };
    }

    private void Perform(TrafficSimulation simulation, in Act act)
    {
        Rng rng = simulation.Rng;
        Request request = simulation.Open(this, act.Caller, act.Endpoint!, act.Id, act.Ms);
        simulation.Emit(request);
        if (request.Lost)
        {
            Retry(simulation, act, rng);
            return;
        }

        _failures[act.Caller] = 0;
        if (act.Remaining > 0)
        {
            long spread = Math.Max(20, Math.Min(_periodMs * 8 / 10 / Math.Max(1, _calls), 4000));
            Act next = NewCall(act, rng, act.Remaining - 1);
            next.Ms = act.Ms + (spread / 2) + rng.Below((int)spread);
            simulation.Schedule(next);
        }
    }

    private void Retry(TrafficSimulation simulation, in Act act, Rng rng)
    {
        bool patient = _failures[act.Caller] < Patience;
        if (act.Attempt + 1 < (simulation.Crowded ? 1 : Attempts(patient)))
        {
            Act again = act;
            again.Attempt++;
            again.Ms = Habit == RetryHabit.Storms ? act.Ms + 250 + rng.Below(600)
                : act.Ms + (1500L << again.Attempt) + rng.Below(1500);
            simulation.Schedule(again);
            return;
        }

        _failures[act.Caller]++;
        if (Habit == RetryHabit.GivesUp && _failures[act.Caller] >= FailuresUntilSilence)
        {
            _silentUntil[act.Caller] = long.MaxValue;
        }
        else if (_failures[act.Caller] == Patience * 2 && act.Caller % 3 == 1)
        {
            // This one waits for someone to look at it.
            _silentUntil[act.Caller] = act.Ms + 1_500_000 + rng.Below(900_000);
        }
    }
}
