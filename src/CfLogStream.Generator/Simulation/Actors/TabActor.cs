using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation.Actors;

/// <summary>Open tabs of a browser: scripts that ask again and again while nobody loads the page anew.</summary>
internal sealed class TabActor : Actor
{
    public required EndpointGroup Xhr { get; init; }

    /// <summary>The host of the page in the tab.</summary>
    public required Host Page { get; init; }

    public override double LinesPerDraw { get; init; } = 6;

    public override bool Draw(TrafficSimulation simulation, long ms)
    {
        Rng rng = simulation.Rng;
        Perform(simulation, new Act { Ms = ms, Actor = this, Caller = rng.Favoured(Callers), Remaining = 2 + rng.Below(7) });
        return true;
    }

    public override void Continue(TrafficSimulation simulation, in Act act) => Perform(simulation, act);

    private void Perform(TrafficSimulation simulation, in Act act)
    {
        Rng rng = simulation.Rng;
        Endpoint endpoint = Xhr.Pick(rng);
        Request request = simulation.Open(this, act.Caller, endpoint, Mix.Of((ulong)endpoint.Index, (ulong)rng.Favoured(endpoint.Ids)),
            act.Ms);
        request.Referer.Append("https://"u8).Append(Page.NameUtf8).Append((byte)'/');
        VisitorActor.WriteScriptHeaders(request, Page, endpoint.Host != Page);
        simulation.Emit(request);
        if (act.Remaining > 0)
        {
            Act next = act;
            next.Remaining--;
            next.Ms = act.Ms + 12_000 + rng.Below(40_000);
            simulation.Schedule(next);
        }
    }
}
