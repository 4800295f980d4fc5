using CfLogStream.ClickHouse.Rows;
using CfLogStream.ClickHouse.Tests.Engine;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Insight.Changes;
using CfLogStream.Core.Traffic;
using CsCheck;

namespace CfLogStream.ClickHouse.Tests.Rows;

/// <summary>Random rows, encoded, inserted, and read back by the engine, for every table; the seed is in the failure text.</summary>
public sealed class RoundTripTests(ClickHouseServer server)
{
    private const int Iterations = 6;

    private static readonly TableOracle<RequestsRow> s_requests1m = Endpoint(
            new TableOracle<RequestsRow>(), row => row.Key, row => row.Endpoint, row => row.Client)
        .Number("requests", row => row.Requests)
        .Number("event_only", row => row.EventOnly)
        .Number("passed", row => row.Passed)
        .Number("exempted", row => row.Exempted)
        .Number("logged", row => row.Logged)
        .Number("challenged", row => row.Challenged)
        .Number("challenge_solved", row => row.ChallengeSolved)
        .Number("rate_limited", row => row.RateLimited)
        .Number("blocked", row => row.Blocked)
        .Number("dropped", row => row.Dropped)
        .Number("lost", row => row.Lost)
        .Number("edge_errors", row => row.EdgeErrors)
        .Number("origin_errors", row => row.OriginErrors)
        .Number("preflights", row => row.Preflights)
        .Number("status_1xx", row => row.Status1xx)
        .Number("status_2xx", row => row.Status2xx)
        .Number("status_3xx", row => row.Status3xx)
        .Number("status_4xx", row => row.Status4xx)
        .Number("status_5xx", row => row.Status5xx)
        .Number("status_other", row => row.StatusOther)
        .Number("request_bytes", row => row.RequestBytes)
        .Number("response_bytes", row => row.ResponseBytes)
        .Numbers("latency", row => row.Latency.ToArray())
        .Callers(row => row.Callers.Length);

    private static readonly TableOracle<MitigationsRow> s_mitigations1m = Endpoint(
            new TableOracle<MitigationsRow>(), row => row.Key, row => row.Endpoint, row => row.Client)
        .Text("control", row => row.Control)
        .Text("rule_id", row => row.RuleId)
        .Text("action", row => row.Action)
        .Number("count", row => row.Count)
        .Number("lost", row => row.Lost)
        .Nanoseconds("first_seen", row => row.FirstSeenNs)
        .Nanoseconds("last_seen", row => row.LastSeenNs)
        .Numbers("bot_scores", row => row.BotScores.ToArray())
        .Numbers("waf_scores", row => row.WafScores.ToArray())
        .Callers(row => row.Callers.Length)
        .Texts("example_rays", row => row.ExampleRays.ToArray().Select(ray => (HexText)ray));

    private static readonly TableOracle<CallersRow> s_callers1h = Position(new TableOracle<CallersRow>(), row => row.Key)
        .Seconds("hour", row => row.Key.WindowSeconds)
        .Text("zone", row => row.Zone)
        .Text("host", row => row.Host)
        .Number("caller", row => row.Caller)
        .Text("client_class", row => row.Client.Class)
        .Text("client_name", row => row.Client.Name)
        .Text("trust", row => HexText.Of(TableWords.Of(row.Client.Trust)))
        .Text("network", row => row.Network)
        .Text("country", row => row.Country)
        .Number("asn", row => row.Asn)
        .Number("requests", row => row.Requests)
        .Number("good", row => row.Good)
        .Number("lost", row => row.Lost)
        .Number("endpoints", row => row.Endpoints)
        .Number("minutes", row => row.Minutes)
        .Nanoseconds("first_seen", row => row.FirstSeenNs)
        .Nanoseconds("last_seen", row => row.LastSeenNs)
        .Nanoseconds("last_good", row => row.LastGoodNs)
        .Nanoseconds("last_lost", row => row.LastLostNs);

    private static readonly TableOracle<RuleRow> s_rules = Position(new TableOracle<RuleRow>(), row => row.Key)
        .Seconds("hour", row => row.Key.WindowSeconds)
        .Text("zone", row => row.Zone)
        .Text("control", row => row.Control)
        .Text("rule_id", row => row.RuleId)
        .Text("action", row => row.Action)
        .Text("rule_ref", row => row.RuleRef)
        .Text("description", row => row.Description)
        .Number("count", row => row.Count)
        .Nanoseconds("first_seen", row => row.FirstSeenNs)
        .Nanoseconds("last_seen", row => row.LastSeenNs);

    private static readonly TableOracle<QualityRow> s_quality1m = Position(new TableOracle<QualityRow>(), row => row.Key)
        .Seconds("window", row => row.Key.WindowSeconds)
        .Text("dataset", row => HexText.Of(TableWords.Of(row.Dataset)))
        .Number("received", row => row.Received)
        .Number("counted", row => row.Counted)
        .Number("duplicates", row => row.Duplicates)
        .Number("dead_lettered", row => row.DeadLettered)
        .Number("late", row => row.Late)
        .Number("future", row => row.Future)
        .Number("unmatched", row => row.Unmatched)
        .Number("subrequests", row => row.Subrequests)
        .Number("internal", row => row.Internal)
        .Number("forced", row => row.Forced);

    private static readonly TableOracle<DeadLetterSample> s_deadLetters = new TableOracle<DeadLetterSample>()
        .Text("reason", row => row.Reason)
        .Number("content_hash", row => row.ContentHash)
        .Number("occurrence", row => row.Occurrence)
        .Text("dataset", row => HexText.Of(TableWords.Of(row.Dataset)))
        .Nanoseconds("time", row => row.TimeNs)
        .Text("source", row => row.Source)
        .Number("line_number", row => row.LineNumber)
        .Number("byte_offset", row => row.ByteOffset)
        .Number("error_column", row => row.ErrorColumn)
        .Number("length", row => row.Length)
        .Text("bytes", row => row.Bytes)
        .Number("partition", row => row.Partition)
        .Number("version", row => row.Version);

    private static readonly TableOracle<ChangeEntry> s_changes = new TableOracle<ChangeEntry>()
        .Nanoseconds("time", row => row.TimeNs)
        .Text("id", row => row.Id)
        .Text("zone", row => row.Zone)
        .Text("source", row => row.Source)
        .Text("kind", row => row.Kind)
        .Text("control", row => row.Control)
        .Text("rule_id", row => row.RuleId)
        .Text("rule_ref", row => row.RuleReference)
        .Text("actor", row => row.Actor)
        .Text("actor_kind", row => row.ActorKind)
        .Text("summary", row => row.Summary)
        .Text("old_value", row => row.OldValue)
        .Text("new_value", row => row.NewValue)
        .Text("owner", row => row.Owner)
        .Text("ticket", row => row.Ticket)
        .Flag("withdrawn", row => row.Withdrawn)
        .Number("version", row => row.Version);

    [Fact]
    public Task Requests1m_RandomRows_ComeBackEqual() =>
        CheckAsync("requests_1m", s_requests1m, (samples, i) => samples.Requests(i), (encoder, row) => encoder.Add(in row));

    [Fact]
    public Task Mitigations1m_RandomRows_ComeBackEqual() =>
        CheckAsync("mitigations_1m", s_mitigations1m, (samples, i) => samples.Mitigations(i), (encoder, row) => encoder.Add(in row));

    [Fact]
    public Task Callers1h_RandomRows_ComeBackEqual() =>
        CheckAsync("callers_1h", s_callers1h, (samples, i) => samples.CallersOf(i), (encoder, row) => encoder.Add(in row));

    [Fact]
    public Task Rules_RandomRows_ComeBackEqual() =>
        CheckAsync("rules", s_rules, (samples, i) => samples.Rule(i), (encoder, row) => encoder.Add(in row));

    [Fact]
    public Task Quality1m_RandomRows_ComeBackEqual() =>
        CheckAsync("quality_1m", s_quality1m, (samples, i) => samples.Quality(i), (encoder, row) => encoder.Add(in row));

    [Fact]
    public Task Requests_RandomRows_ComeBackEqual() =>
        CheckAsync("requests", RequestOracle.Table, (samples, i) => samples.Request(i), (encoder, row) => row.AddTo(encoder));

    [Fact]
    public Task DeadLetters_RandomRows_ComeBackEqual() =>
        CheckAsync("dead_letters", s_deadLetters, (samples, i) => samples.DeadLetter(i), AddDeadLetter);

    [Fact]
    public Task Changes_RandomRows_ComeBackEqual() =>
        CheckAsync("changes", s_changes, (samples, i) => samples.Change(i), (encoder, row) => encoder.Add(row));

    internal static void AddDeadLetter(RowEncoder encoder, DeadLetterSample row) => encoder.Add(new DeadLetterRow
    {
        Reason = row.Reason.Span,
        ContentHash = row.ContentHash,
        Occurrence = row.Occurrence,
        Dataset = row.Dataset,
        TimeNs = row.TimeNs,
        Source = row.Source.Span,
        LineNumber = row.LineNumber,
        ByteOffset = row.ByteOffset,
        ErrorColumn = row.ErrorColumn,
        Length = row.Length,
        Bytes = row.Bytes,
        Partition = row.Partition,
        Version = row.Version,
    });

    private static TableOracle<T> Position<T>(TableOracle<T> oracle, Func<T, RowKey> key) => oracle
        .Number("partition", row => key(row).Partition)
        .Number("chunk", row => key(row).Chunk)
        .Number("version", row => key(row).Version);

    private static TableOracle<T> Endpoint<T>(
        TableOracle<T> oracle, Func<T, RowKey> key, Func<T, EndpointKey> endpoint, Func<T, ClientKey> client) => Position(oracle, key)
        .Seconds("window", row => key(row).WindowSeconds)
        .Text("zone", row => endpoint(row).Zone)
        .Text("host", row => endpoint(row).Host)
        .Text("method", row => endpoint(row).Method)
        .Text("path", row => endpoint(row).Path)
        .Text("surface", row => HexText.Of(TableWords.Of(endpoint(row).Surface)))
        .Text("client_class", row => client(row).Class)
        .Text("client_name", row => client(row).Name)
        .Text("trust", row => HexText.Of(TableWords.Of(client(row).Trust)));

    private async Task CheckAsync<T>(string table, TableOracle<T> oracle, Func<RowSamples, int, T> make, Action<RowEncoder, T> add)
    {
        await using TestDatabase database = await server.CreateDatabaseAsync();
        using ClickHouseConnection zstd = server.Connect(database.Name, compression: WireCompression.Always);
        await Gen.Int.SampleAsync(
            async seed =>
            {
                await database.Queries.ExecuteAsync($"TRUNCATE TABLE {database.Queries.Table(table)}", null, CancellationToken.None);
                var samples = new RowSamples(seed);
                T[] rows = [.. Enumerable.Range(0, 1 + samples.Random.Next(60)).Select(i => make(samples, i))];
                var encoder = new RowEncoder(new RowEncoderOptions { Database = database.Name, MaxRows = 10 + samples.Random.Next(60) });
                foreach (T row in rows)
                {
                    add(encoder, row);
                }

                await Inserts.WriteAllAsync(samples.Random.Next(2) == 0 ? database.Connection : zstd, encoder, samples.Random);
                await oracle.AssertHoldsAsync(database.Queries, table, rows, CancellationToken.None);
            },
            iter: Iterations,
            threads: 1);
    }
}
