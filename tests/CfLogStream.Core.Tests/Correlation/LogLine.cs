using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Core.Traffic.Controls;

namespace CfLogStream.Core.Tests.Correlation;

public enum LineKind
{
    Record,
    Rejected,
    Counted,

    /// <summary>A record that is counted on another partition.</summary>
    Copy,
}

/// <summary>
/// One line of a log as a test writes it; nothing derived is stored, so that oracle and correlator start from the same facts.
/// </summary>
public sealed record LogLine
{
    public const long Second = 1_000_000_000;
    public const long Minute = 60 * Second;

    /// <summary>A full hour, far from 1970.</summary>
    public const long Epoch = 1_700_000_000 / 3600 * 3600 * Second;

    public LineKind Kind { get; init; }
    public Dataset Dataset { get; init; } = Dataset.HttpRequests;
    public long TimeNs { get; init; } = Epoch;
    public long ReceivedNs { get; init; } = long.MaxValue;
    public string Ray { get; init; } = "000000000000000a";
    public string Parent { get; init; } = "";
    public string Originator { get; init; } = "";
    public string Zone { get; init; } = "example.com";
    public string Host { get; init; } = "api.example.com";
    public string Method { get; init; } = "GET";
    public string Template { get; init; } = "/v1/users/{id}";
    public string ClientClass { get; init; } = "sdk";
    public string ClientName { get; init; } = "okhttp";
    public Trust Trust { get; init; }
    public Surface Surface { get; init; } = Surface.Api;
    public ulong Caller { get; init; } = 77;
    public string Network { get; init; } = "AS1 192.0.2.0/32";
    public string Country { get; init; } = "DE";
    public uint Asn { get; init; } = 1;
    public ushort Status { get; init; } = 200;
    public ushort OriginStatus { get; init; } = 200;
    public long RequestBytes { get; init; } = 10;
    public long ResponseBytes { get; init; } = 20;
    public int LatencyMs { get; init; } = 7;
    public short Announced { get; init; }
    public byte BotScore { get; init; }
    public byte WafScore { get; init; }
    public RecordFlags Flags { get; init; } = RecordFlags.HasOriginStatus;
    public int MatchIndex { get; init; } = -1;
    public IReadOnlyList<LogEntry> Entries { get; init; } = [];

    /// <summary>Overrides the outcome that follows from the entries.</summary>
    public Outcome? Told { get; init; }

    public bool IsRequest => Dataset == Dataset.HttpRequests;

    public bool Has(RecordFlags flag) => (Flags & flag) != 0;

    public Outcome Outcome => Told ?? Entries
        .Select(entry => Mitigation.OutcomeOf(
            System.Text.Encoding.UTF8.GetBytes(entry.Action), System.Text.Encoding.UTF8.GetBytes(entry.Control)))
        .OrderByDescending(Strength)
        .FirstOrDefault(Outcome.Passed);

    public static LogLine Request(string ray, long timeNs, params LogEntry[] entries) => new()
    {
        Ray = ray,
        TimeNs = timeNs,
        Entries = entries,
        Announced = (short)entries.Length,
    };

    public static LogLine Event(string ray, long timeNs, LogEntry entry, int matchIndex = 0) => new()
    {
        Dataset = Dataset.FirewallEvents,
        Ray = ray,
        TimeNs = timeNs,
        Entries = [entry],
        MatchIndex = matchIndex,
        Announced = -1,
    };

    private static int Strength(Outcome outcome) => outcome switch
    {
        Outcome.Passed => 0,
        Outcome.Logged => 1,
        Outcome.Exempted => 2,
        Outcome.ChallengeSolved => 3,
        _ => 4,
    };
}
