using CfLogStream.Core.Correlation;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CsCheck;

namespace CfLogStream.Core.Tests.Correlation;

/// <summary>
/// A random log with its options: few rays, hosts and rules, so that everything meets everything, in any order, at any time.
/// </summary>
public sealed record WildLog(CorrelationOptions Options, IReadOnlyList<(LogLine Line, long Offset)> Lines)
{
    private static readonly string[] s_rays =
        ["0000000000000001", "0000000000000002", "0000000000000003", "0000000000000004", "00000000000000ff", "ray-of-another-kind"];

    private static readonly string[] s_hosts = ["api.example.com", "www.example.com", "hooks.example.com", "{other}"];

    private static readonly string[] s_templates = ["/v1/users/{id}", "/login", "/v1/orders", "{other}"];

    private static readonly LogEntry[] s_entries =
    [
        new("firewallcustom", "r1", "block", "ref1", "one"),
        new("firewallcustom", "r1", "skip"),
        new("botfight", "bot_fight_mode", "managedchallenge"),
        new("firewallmanaged", "r2", "log", "", "two"),
        new("ratelimit", "r3", "block"),
        new("firewallcustom", "r4", "managedchallengeinteractivesolved", "", "four"),
        new("", "r1", "block"),
        new("l7ddos", "r5", "connectionclose", "ref5"),
        new("new", "r6", "vaporise"),
    ];

    /// <summary>A generator of logs of at most <paramref name="most"/> lines.</summary>
    /// <param name="forces">Whether the bound on waiting records may be so low that joins are forced.</param>
    public static Gen<WildLog> Generator(int most, bool forces) =>
        Gen.Select(Gen.ULong, Gen.Select(Gen.ULong, Gen.ULong).Array[0, most], (options, lines) => Create(options, lines, forces));

    public string Describe() =>
        $"{Options}\n{string.Join('\n', Lines.Select(line => $"{line.Offset}: {line.Line} [{string.Join(';', line.Line.Entries)}]"))}";

    private static WildLog Create(ulong options, (ulong First, ulong Second)[] seeds, bool forces)
    {
        var dice = new Dice(options, 0);
        var chosen = new CorrelationOptions
        {
            AllowedLateness = TimeSpan.FromSeconds(dice.Pick(60, 0, 300)),
            JoinHorizon = TimeSpan.FromSeconds(dice.Pick(120, 30, 0, 300)),
            AwaitEvents = dice.Pick(1, 1, 0) == 1,
            FutureBound = TimeSpan.FromSeconds(dice.Pick(600, 60)),
            MaxWaiting = forces ? dice.Pick(1000, 1, 3) : 1000,
            TemplatesPerWindowHost = dice.Pick(1000, 1, 0, 2),
            HostsPerWindowZone = dice.Pick(1000, 1, 0, 2),
            ClientsPerWindowHost = dice.Pick(1000, 1, 0),
            SampleOneOf = dice.Pick(2, 0),
            LostPerWindowHostRule = dice.Pick(100, 1, 2, 0),
            CallersPerRow = dice.Pick(1000, 1, 2, 0),
            CallersPerHourHost = dice.Pick(1000, 1, 0),
        };
        int minutes = dice.Pick(5, 20, 120);
        int stride = dice.Pick(1, 1500, 5000);
        bool orderly = dice.Next(2) == 1;
        var lines = new List<(LogLine, long)>();
        long offset = dice.Pick(0, 4090, 100_000);
        for (int i = 0; i < seeds.Length; i++)
        {
            var roll = new Dice(seeds[i].First, seeds[i].Second);
            long base0 = orderly ? LogLine.Epoch + (i * (minutes * LogLine.Minute / (seeds.Length + 1))) : LogLine.Epoch;
            long span = orderly ? 4 * LogLine.Minute : minutes * LogLine.Minute;
            lines.Add((Line(roll, base0, span), offset));
            offset += 1 + roll.Next(stride);
        }

        return new WildLog(chosen, lines);
    }

    private static LogLine Line(Dice roll, long start, long span)
    {
        // Whole half minutes are frequent, so that borders of windows and horizons are met exactly.
        bool half = roll.Next(3) == 0;
        long step = half ? 30 * LogLine.Second : 1_000_000;
        long time = start + (roll.Next((int)(span / step)) * step);
        int kind = roll.Next(20);
        if (kind == 19)
        {
            return new LogLine
            {
                Kind = roll.Next(2) == 0 ? LineKind.Rejected : LineKind.Counted,
                Dataset = (Dataset)roll.Next(5),
                TimeNs = roll.Next(3) == 0 ? 0 : time,
            };
        }

        bool isRequest = kind < 11;
        int template = roll.Next(s_templates.Length);
        var line = new LogLine
        {
            Dataset = isRequest ? Dataset.HttpRequests : Dataset.FirewallEvents,
            Ray = s_rays[roll.Next(s_rays.Length)],
            TimeNs = roll.Next(30) == 29 ? time + (100 * LogLine.Minute) : time,
            Template = s_templates[template],
            Host = s_hosts[roll.Next(s_hosts.Length)],
            Caller = (ulong)roll.Next(4),
            Status = (ushort)roll.Pick(200, 403, 302, 500, 0, 999, 101),
            OriginStatus = (ushort)roll.Pick(200, 0),
            ClientName = roll.Pick("okhttp", "curl", "{other}"),
            Trust = (Trust)roll.Next(2),
            Surface = (Surface)roll.Next(5),
            Asn = (uint)roll.Next(2),
            Country = roll.Pick("DE", "FR"),
            BotScore = (byte)roll.Pick(0, 1, 29, 30, 60, 99),
            WafScore = (byte)roll.Pick(0, 20, 21, 51, 81),
            LatencyMs = roll.Pick(7, -1, 0, 60_001),
            Flags = (template == 2 ? RecordFlags.KnownTemplate : 0)
                | (roll.Next(2) == 0 ? RecordFlags.HasOriginStatus : 0)
                | (roll.Next(2) == 0 ? RecordFlags.BrowserClient : 0)
                | (roll.Next(3) == 0 ? RecordFlags.Sampled : 0)
                | (roll.Next(9) == 0 ? RecordFlags.Preflight : 0)
                | (isRequest && roll.Next(9) == 0 ? RecordFlags.Internal : 0)
                | (isRequest && roll.Next(6) == 0 ? RecordFlags.WorkerSubrequest : 0),
        };
        if (roll.Next(3) == 0)
        {
            line = line with { ReceivedNs = start + (roll.Next((int)(span / LogLine.Second)) * LogLine.Second) };
        }

        if (line.Has(RecordFlags.WorkerSubrequest))
        {
            line = line with { Parent = s_rays[roll.Next(s_rays.Length)] };
        }

        if (!isRequest)
        {
            LogEntry own = s_entries[roll.Next(s_entries.Length)] with { Description = roll.Pick("", "event", "other") };
            return line with
            {
                Entries = [own],
                Announced = -1,
                MatchIndex = roll.Pick(0, 1, -1, 2),
                Originator = roll.Next(2) == 0 ? s_rays[roll.Next(s_rays.Length)] : "",
            };
        }

        var entries = new List<LogEntry>();
        for (int count = roll.Pick(0, 1, 2, 3, 0, 1); count > 0; count--)
        {
            entries.Add(s_entries[roll.Next(s_entries.Length)]);
        }

        bool notLogged = roll.Next(4) == 0;
        return line with
        {
            Entries = entries,
            Announced = (short)(notLogged ? -1 : entries.Count + (roll.Next(15) == 14 ? 1 : 0)),
            Told = roll.Next(6) == 5 ? (Outcome)roll.Next(8) : null,
        };
    }
}
