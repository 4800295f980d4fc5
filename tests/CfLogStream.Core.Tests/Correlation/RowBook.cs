using System.Text;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Correlation;

/// <summary>A sink that does what ReplacingMergeTree does: per key the row with the greatest version. Rows are kept as text.</summary>
public sealed class RowBook : IRowSink
{
    private readonly SortedDictionary<string, (ulong Version, string Text)> _rows = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, (ulong Version, string Text)> Rows => _rows;

    /// <summary>All rows in the order in which they were added, by key.</summary>
    public List<string> Written { get; } = [];

    public List<RequestsRow> Requests { get; } = [];

    public List<MitigationsRow> Mitigations { get; } = [];

    public List<CallersRow> Callers { get; } = [];

    public List<RuleRow> Rules { get; } = [];

    public List<QualityRow> Quality { get; } = [];

    public List<KeptRow> Kept { get; } = [];

    public List<KeptRow> Early { get; } = [];

    public static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    /// <summary>The final rows as lines, with or without versions.</summary>
    public IEnumerable<string> Lines(bool versions = true) =>
        _rows.Select(row => $"{row.Key} => {row.Value.Text}{(versions ? $" v{row.Value.Version}" : "")}");

    public void Put(string key, ulong version, string text)
    {
        Written.Add(key);
        if (_rows.TryGetValue(key, out (ulong Version, string Text) present))
        {
            if (present.Version == version && present.Text != text)
            {
                throw new InvalidOperationException($"Two rows of the same version {version} for {key}:\n{present.Text}\n{text}");
            }

            if (present.Version > version)
            {
                return;
            }
        }

        _rows[key] = (version, text);
    }

    /// <summary>Puts another book's final rows into this one.</summary>
    public void PutAll(RowBook other)
    {
        foreach ((string key, (ulong version, string text)) in other.Rows)
        {
            Put(key, version, text);
        }
    }

    public void Add(in RequestsRow row)
    {
        Requests.Add(row with { Latency = row.Latency.ToArray(), Callers = row.Callers.ToArray() });
        Put(
            $"requests {Key(row.Key)} {Key(row.Endpoint)} {Key(row.Client)}",
            row.Key.Version,
            $"n={row.Requests} eo={row.EventOnly} o={row.Passed},{row.Exempted},{row.Logged},{row.Challenged},{row.ChallengeSolved},"
            + $"{row.RateLimited},{row.Blocked},{row.Dropped} lost={row.Lost} ee={row.EdgeErrors} oe={row.OriginErrors} "
            + $"pf={row.Preflights} s={row.Status1xx},{row.Status2xx},{row.Status3xx},{row.Status4xx},{row.Status5xx},{row.StatusOther} "
            + $"b={row.RequestBytes},{row.ResponseBytes} l={Join(row.Latency)} c={Join(row.Callers)}");
    }

    public void Add(in MitigationsRow row)
    {
        Utf8Text[] examples = row.ExampleRays.ToArray();
        Mitigations.Add(row with
        {
            BotScores = row.BotScores.ToArray(),
            WafScores = row.WafScores.ToArray(),
            Callers = row.Callers.ToArray(),
            ExampleRays = examples,
        });
        Put(
            $"mitigations {Key(row.Key)} {Key(row.Endpoint)} {Key(row.Client)} {row.Control}/{row.RuleId}/{row.Action}",
            row.Key.Version,
            $"n={row.Count} lost={row.Lost} t={row.FirstSeenNs},{row.LastSeenNs} bot={Join(row.BotScores)} waf={Join(row.WafScores)} "
            + $"c={Join(row.Callers)} x={string.Join(',', examples)}");
    }

    public void Add(in CallersRow row)
    {
        Callers.Add(row);
        Put(
            $"callers {Key(row.Key)} {row.Zone} {row.Host} {row.Caller}",
            row.Key.Version,
            $"{Key(row.Client)} {row.Network} {row.Country} {row.Asn} n={row.Requests} good={row.Good} lost={row.Lost} "
            + $"e={row.Endpoints} m={row.Minutes} t={row.FirstSeenNs},{row.LastSeenNs},{row.LastGoodNs},{row.LastLostNs}");
    }

    public void Add(in RuleRow row)
    {
        Rules.Add(row);
        Put(
            $"rules {Key(row.Key)} {row.Zone} {row.Control}/{row.RuleId}/{row.Action}",
            row.Key.Version,
            $"ref={row.RuleRef} d={row.Description} n={row.Count} t={row.FirstSeenNs},{row.LastSeenNs}");
    }

    public void Add(in RequestRow row)
    {
        TrafficRecord record = row.Record;
        MatchedRule[] matches = row.Matches.ToArray();
        var kept = new KeptRow(
            Text(record[RecordText.Ray]), record.Head.TimeNs, row.Outcome, row.Lost, row.HasRequest, row.HasEvents, row.Weight,
            row.Subrequests, matches, Text(record[RecordText.ParentRay]), Text(record[RecordText.Host]));
        if (row.IsEarly)
        {
            Early.Add(kept);
            return;
        }

        Kept.Add(kept);
        Put($"kept {kept.Ray} {kept.TimeNs}", row.Version, kept.Text);
    }

    public void Add(in QualityRow row)
    {
        Quality.Add(row);
        Put(
            $"quality {Key(row.Key)} {row.Dataset}",
            row.Key.Version,
            $"r={row.Received} c={row.Counted} d={row.Duplicates} x={row.DeadLettered} late={row.Late} f={row.Future} "
            + $"u={row.Unmatched} s={row.Subrequests} i={row.Internal} forced={row.Forced}");
    }

    private static string Key(RowKey key) => $"{key.WindowSeconds} p{key.Partition} c{key.Chunk}";

    private static string Key(EndpointKey key) => $"{key.Zone} {key.Host} {key.Method} {key.Path} {key.Surface}";

    private static string Key(ClientKey key) => $"{key.Class}:{key.Name}:{key.Trust}";

    private static string Join(ReadOnlyMemory<ulong> numbers) => string.Join(',', numbers.ToArray());
}
