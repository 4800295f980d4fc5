using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation.Actors;

/// <summary>A webhook provider: single deliveries, sometimes a burst, with a signature header and a long timetable of retries.</summary>
internal sealed class WebhookActor : Actor
{
    private static readonly int[] s_retrySeconds = [15, 60, 240, 900, 3600];

    private long[] _brokenUntil = [];
    private int[] _failures = [];

    public required EndpointGroup Endpoints { get; init; }

    /// <summary>The signature header's name, lower case; empty when there is none.</summary>
    public required byte[] SignatureHeader { get; init; }

    /// <summary>The most deliveries of a burst; the fewest are half as many.</summary>
    public int LargestBurst { get; set; } = 44;

    /// <summary>Share of draws that are a burst of deliveries.</summary>
    public double BurstShare { get; set; } = 0.06;

    public override double LinesPerDraw => 1 + (BurstShare * LargestBurst * 0.75);

    public override void Start(TrafficSimulation simulation)
    {
        _brokenUntil = new long[Callers];
        _failures = new int[Callers];
    }

    public override bool Draw(TrafficSimulation simulation, long ms)
    {
        Rng rng = simulation.Rng;
        int caller = rng.Below(Callers);
        if (ms < _brokenUntil[caller])
        {
            return false;
        }

        int deliveries = rng.Chance(BurstShare) ? rng.Range(LargestBurst / 2, LargestBurst) : 1;
        for (int i = 1; i < deliveries; i++)
        {
            simulation.Schedule(NewDelivery(caller, ms + (i * 120) + rng.Below(90), rng));
        }

        Deliver(simulation, NewDelivery(caller, ms, rng));
        return true;
    }

    public override void Continue(TrafficSimulation simulation, in Act act) => Deliver(simulation, act);

    private Act NewDelivery(int caller, long ms, Rng rng) =>
        new() { Ms = ms, Actor = this, Caller = caller, Endpoint = Endpoints.Pick(rng), Id = rng.Next() };

    private void Deliver(TrafficSimulation simulation, in Act act)
    {
        Rng rng = simulation.Rng;
        Request request = simulation.Open(this, act.Caller, act.Endpoint!, act.Id, act.Ms);
        if (SignatureHeader.Length != 0)
        {
            request.Headers.Raw((byte)'"');
            request.Headers.Raw(SignatureHeader);
            request.Headers.Raw("\":\"t="u8);
            request.Headers.Number(act.Ms / 1000);
            request.Headers.Raw(",v1="u8);
            request.Headers.Hex16(Mix.Of(act.Id, 1));
            request.Headers.Hex16(Mix.Of(act.Id, 2));
            request.Headers.Raw((byte)'"');
        }

        simulation.Emit(request);
        if (!request.Lost && request.EdgeStatus < 500)
        {
            _failures[act.Caller] = 0;
            return;
        }

        if (Habit == RetryHabit.Storms && act.Attempt < 10 && !simulation.Crowded)
        {
            Act again = act;
            again.Ms = act.Ms + 1500 + rng.Below(2500);
            again.Attempt++;
            simulation.Schedule(again);
        }
        else if (Habit != RetryHabit.Storms && act.Attempt < (Habit == RetryHabit.GivesUp ? 1 : s_retrySeconds.Length)
            && !simulation.Crowded)
        {
            Act again = act;
            again.Ms = act.Ms + (s_retrySeconds[act.Attempt] * 900L) + rng.Below(s_retrySeconds[act.Attempt] * 200);
            again.Attempt++;
            simulation.Schedule(again);
        }

        if (++_failures[act.Caller] == (Habit == RetryHabit.GivesUp ? 20 : 80))
        {
            // The provider stops sending new events to an endpoint that always fails.
            _failures[act.Caller] = 0;
            _brokenUntil[act.Caller] = Habit == RetryHabit.GivesUp ? long.MaxValue : act.Ms + 600_000 + rng.Below(600_000);
        }
    }
}
