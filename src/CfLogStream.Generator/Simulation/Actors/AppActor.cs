using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation.Actors;

/// <summary>A mobile app: short sessions of calls; when stopped it tries twice more, then the person puts the phone away.</summary>
internal sealed class AppActor : Actor
{
    private const int LossesUntilSilence = 3;

    private byte[] _losses = [];

    public required EndpointGroup Endpoints { get; init; }

    public override void Start(TrafficSimulation simulation) => _losses = Habit == RetryHabit.GivesUp ? new byte[Callers] : [];

    public override bool Draw(TrafficSimulation simulation, long ms)
    {
        Rng rng = simulation.Rng;
        int caller = rng.Favoured(Callers);
        if (_losses.Length != 0 && _losses[caller] >= LossesUntilSilence)
        {
            return false;
        }

        Perform(simulation, NewCall(caller, ms, 2 + rng.Below(6), rng));
        return true;
    }

    public override void Continue(TrafficSimulation simulation, in Act act) => Perform(simulation, act);

    private Act NewCall(int caller, long ms, int remaining, Rng rng)
    {
        Endpoint endpoint = Endpoints.Pick(rng);
        return new Act
        {
            Ms = ms,
            Actor = this,
            Caller = caller,
            Endpoint = endpoint,
            Remaining = remaining,
            Id = Mix.Of((ulong)endpoint.Index, (ulong)rng.Favoured(endpoint.Ids)) ^ (endpoint.Ids == 1 ? rng.Next() : 0)
        };
    }

    private void Perform(TrafficSimulation simulation, in Act act)
    {
        Rng rng = simulation.Rng;
        Request request = simulation.Open(this, act.Caller, act.Endpoint!, act.Id, act.Ms);
        simulation.Emit(request);
        if (request.Lost)
        {
            if (_losses.Length != 0)
            {
                _losses[act.Caller] = (byte)Math.Min(LossesUntilSilence, _losses[act.Caller] + 1);
            }

            int retries = Habit switch { RetryHabit.GivesUp => 0, RetryHabit.Storms => 9, _ => 2 };
            if (act.Attempt < retries && !simulation.Crowded)
            {
                Act again = act;
                again.Attempt++;
                again.Ms = act.Ms + (Habit == RetryHabit.Storms ? 300 : 700L << again.Attempt) + rng.Below(400);
                simulation.Schedule(again);
            }

            return;
        }

        if (act.Remaining > 0)
        {
            simulation.Schedule(NewCall(act.Caller, act.Ms + 400 + rng.Below(6000), act.Remaining - 1, rng));
        }
    }
}
