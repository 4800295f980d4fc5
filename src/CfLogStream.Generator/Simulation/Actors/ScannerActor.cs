using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation.Actors;

/// <summary>Vulnerability scanners: runs of probes of well-known paths and of attack strings, with hostile text in every field they
/// control.</summary>
internal sealed class ScannerActor : Actor
{
    public required Host[] Targets { get; init; }

    /// <summary>Requests of a run: from half as many to half as many again.</summary>
    public required int RunLength { get; init; }

    /// <summary>API endpoints that are attacked with payloads, beside probes.</summary>
    public required EndpointGroup Apis { get; init; }

    public override bool Draw(TrafficSimulation simulation, long ms)
    {
        Rng rng = simulation.Rng;
        Perform(simulation,
            new Act
            {
                Ms = ms,
                Actor = this,
                Caller = rng.Below(Callers),
                Id = rng.Next(),
                Kind = rng.Below(Targets.Length),
                Remaining = (RunLength / 2) + rng.Below(RunLength)
            });
        return true;
    }

    public override void Continue(TrafficSimulation simulation, in Act act) => Perform(simulation, act);

    private static void AddHostileText(Request request, ulong id)
    {
        ulong choice = Mix.Of(id, 11);
        if ((choice & 3) == 0)
        {
            request.UserAgent.Clear();
            request.UserAgent.Append(HostileTexts.UserAgents[(int)((choice >> 8) % (ulong)HostileTexts.UserAgents.Length)]);
        }

        if ((choice & 0x30) == 0)
        {
            request.Referer.Clear();
            request.Referer.Append(HostileTexts.Referers[(int)((choice >> 16) % (ulong)HostileTexts.Referers.Length)]);
        }

        if ((choice & 0xC0) == 0)
        {
            request.RequestedWith.Append(HostileTexts.Words[(int)((choice >> 24) % (ulong)HostileTexts.Words.Length)]);
        }

        if ((choice & 0x300) == 0)
        {
            request.Headers.Raw("\"origin\":"u8);
            request.Headers.Quoted(HostileTexts.Words[(int)((choice >> 32) % (ulong)HostileTexts.Words.Length)]);
        }

        if ((choice & 0x7F000) == 0)
        {
            request.SetMethod(1 + (int)((choice >> 40) % (ulong)(HostileTexts.Methods.Length - 1)));
        }
    }

    private void Perform(TrafficSimulation simulation, in Act act)
    {
        Rng rng = simulation.Rng;
        ulong choice = Mix.Of(act.Id, (ulong)act.Remaining);
        Host host = Targets[act.Kind];
        Request request;
        if (choice % 10 < 6)
        {
            request = simulation.Open(this, act.Caller, choice % 10 == 0 ? host.ProbePost : host.ProbeGet, choice, act.Ms);
            request.Path.Clear();
            int path = (int)((choice >> 8) % (ulong)HostileTexts.ProbePaths.Length);
            request.Path.Append(HostileTexts.ProbePaths[path]);
            request.SensitivePath = path % 6 != 5;
            request.Payload = Payload.Probe;
        }
        else
        {
            bool api = (choice & 0x10000) != 0;
            Endpoint endpoint = api ? Apis.Pick(rng) : host.ProbeGet;
            request = simulation.Open(this, act.Caller, endpoint, choice, act.Ms);
            (Payload payload, byte[] text) = HostileTexts.Attacks[(int)((choice >> 20) % (ulong)HostileTexts.Attacks.Length)];
            request.Payload = payload;
            if (!api)
            {
                request.Path.Clear();
                request.Path.Append(payload == Payload.FileInclusion ? text : "/index.php"u8);
            }

            request.Query.Clear();
            request.Query.Append(payload == Payload.FileInclusion ? "?page="u8 : "?q="u8).Append(text).Append("&n="u8).AppendHex(choice, 6);
        }

        AddHostileText(request, choice);
        simulation.Emit(request);
        if (act.Remaining > 0)
        {
            Act next = act;
            next.Remaining--;
            next.Ms = act.Ms + 60 + rng.Below(700);
            simulation.Schedule(next);
        }
    }
}
