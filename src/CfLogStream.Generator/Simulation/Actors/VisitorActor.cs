using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation.Actors;

/// <summary>People with browsers: a page, its assets, then calls of its scripts, across origins with preflights.</summary>
internal sealed class VisitorActor : Actor
{
    private const int LoadAsset = 1;
    private const int Call = 2;
    private const int CallAfterPreflight = 3;

    private ClientIdentity[] _xhrClients = [];

    public required EndpointGroup Pages { get; init; }

    public required EndpointGroup Assets { get; init; }

    public required EndpointGroup Xhr { get; init; }

    /// <summary>Whether scripts call another host than the page's.</summary>
    public bool CrossOrigin { get; init; }

    public override void Join(WorldModel world, int index)
    {
        base.Join(world, index);
        _xhrClients = ClientsOf(world, world.Client("browser_xhr", "browser"));
    }

    public override bool Draw(TrafficSimulation simulation, long ms)
    {
        Rng rng = simulation.Rng;
        int caller = rng.Favoured(Callers);
        Endpoint page = Pages.Pick(rng);
        ulong id = Mix.Of((ulong)page.Index, (ulong)rng.Favoured(page.Ids));
        Request request = simulation.Open(this, caller, page, id, ms);
        request.Solvable = true;
        request.Secure = !rng.Chance(0.012);
        WriteReferer(request, rng);
        request.Headers.Raw("\"sec-fetch-mode\":\"navigate\",\"sec-fetch-site\":\"none\""u8);
        simulation.Emit(request);
        if (request.Lost || request.EdgeStatus >= 300)
        {
            return true;
        }

        int assets = 2 + rng.Below(6);
        for (int i = 0; i < assets; i++)
        {
            Endpoint asset = Assets.Pick(rng);
            simulation.Schedule(new Act
            {
                Ms = ms + 90 + rng.Below(1400),
                Actor = this,
                Caller = caller,
                Kind = LoadAsset,
                Endpoint = asset,
                Id = Mix.Of((ulong)asset.Index, (ulong)rng.Favoured(asset.Ids))
            });
        }

        int calls = 1 + rng.Below(4);
        for (int i = 0; i < calls; i++)
        {
            Endpoint call = Xhr.Pick(rng);
            simulation.Schedule(new Act
            {
                Ms = ms + 350 + rng.Below(9000),
                Actor = this,
                Caller = caller,
                Kind = Call,
                Endpoint = call,
                Id = Mix.Of((ulong)call.Index, (ulong)rng.Favoured(call.Ids))
            });
        }

        return true;
    }

    public override void Continue(TrafficSimulation simulation, in Act act)
    {
        bool preflight = act.Kind == Call && CrossOrigin && act.Id % 3 == 0;
        Request request = simulation.Open(this, act.Caller, act.Endpoint!, act.Id, act.Ms);
        request.Referer.Append("https://"u8).Append(Pages.Endpoints[0].Host.NameUtf8).Append((byte)'/');
        if (act.Kind == LoadAsset)
        {
            request.Headers.Raw("\"sec-fetch-mode\":\"no-cors\",\"sec-fetch-site\":\"same-origin\""u8);
            simulation.Emit(request);
            return;
        }

        request.Client = _xhrClients[request.Program];
        WriteScriptHeaders(request, Pages.Endpoints[0].Host, CrossOrigin);
        if (!preflight)
        {
            simulation.Emit(request);
            return;
        }

        request.SetMethod(0);
        request.Preflight = true;
        request.Headers.Raw(",\"access-control-request-method\":\""u8);
        request.Headers.Raw(act.Endpoint!.MethodUtf8);
        request.Headers.Raw((byte)'"');
        simulation.Emit(request);
        if (!request.Lost)
        {
            // A stopped preflight means that the call itself never comes.
            Act call = act;
            call.Kind = CallAfterPreflight;
            call.Ms = act.Ms + 40 + simulation.Rng.Below(60);
            simulation.Schedule(call);
        }
    }

    /// <summary>Adds the headers of a call that a page's script makes.</summary>
    internal static void WriteScriptHeaders(Request request, Host page, bool crossOrigin)
    {
        if (crossOrigin)
        {
            request.Headers.Raw("\"origin\":\"https://"u8);
            request.Headers.Raw(page.NameUtf8);
            request.Headers.Raw("\",\"sec-fetch-mode\":\"cors\",\"sec-fetch-site\":\"same-site\""u8);
        }
        else
        {
            request.RequestedWith.Append("XMLHttpRequest"u8);
            request.Headers.Raw("\"sec-fetch-mode\":\"cors\",\"sec-fetch-site\":\"same-origin\""u8);
        }
    }

    private static void WriteReferer(Request request, Rng rng)
    {
        double chance = rng.Unit();
        if (chance < 0.3)
        {
            request.Referer.Append("https://www.google.com/"u8);
        }
        else if (chance < 0.36)
        {
            request.Referer.Append("https://duckduckgo.com/"u8);
        }
        else if (chance < 0.8)
        {
            request.Referer.Append("https://"u8).Append(request.Endpoint.Host.NameUtf8).Append((byte)'/');
        }
    }
}
