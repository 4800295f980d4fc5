using System.Diagnostics;
using System.Globalization;
using CfLogStream.Benchmarks.Peers;

namespace CfLogStream.Benchmarks.Log;

/// <summary>ClickHouse's own way from Kafka to tables: its Kafka table engine with materialized views, inside libchdb.</summary>
/// <remarks>Runs in a process of its own, so that its time can be measured. Ends when its tables have counted every record of the topics.</remarks>
internal static class KafkaEnginePeer
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    public static async Task<int> RunAsync(string brokers, string folder, string requests, string events, TextWriter output)
    {
        (long allRequests, long allEvents) = (long.Parse(requests, CultureInfo.InvariantCulture), long.Parse(events, CultureInfo.InvariantCulture));

        using var engine = new ClickHouseEngine(folder);
        string version = engine.Query("SELECT version()").Trim();
        var clock = Stopwatch.StartNew();
        foreach (string statement in KafkaEngineSql.Statements(brokers))
        {
            engine.Query(statement);
        }

        long countedRequests;
        long countedEvents;
        do
        {
            await Task.Delay(s_poll).ConfigureAwait(false);
            countedRequests = Number(engine.Query("SELECT sum(requests) FROM log.requests_1m"));
            countedEvents = Number(engine.Query("SELECT sum(events) FROM log.events_1m"));
        }
        while ((countedRequests < allRequests || countedEvents < allEvents) && clock.Elapsed < s_limit);

        double seconds = clock.Elapsed.TotalSeconds;
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{countedRequests}\t{countedEvents}\t{seconds}\t{ProcessorTime.OfSelf()}\t{version}")).ConfigureAwait(false);

        // The engine crashes when the process ends while its consumers run.
        engine.Query("DROP DATABASE log SYNC");
        return 0;
    }

    /// <summary>Asks the tables of a folder something.</summary>
    public static int Query(string folder, string sql, TextWriter output)
    {
        using var engine = new ClickHouseEngine(folder);
        output.Write(engine.Query(sql));
        return 0;
    }

    private static long Number(string text) => long.Parse(text.Trim(), CultureInfo.InvariantCulture);
}
