using CfLogStream.Kafka.Client;
using CfLogStream.Server.Collecting;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Serving;

/// <summary>Tries the connections that a configuration names, one after another, each within a time limit.</summary>
public static class ConnectionCheck
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);

    /// <summary>Tries all of them and returns what came of each, in the order of the configuration.</summary>
    public static async Task<IReadOnlyList<ConnectionResult>> RunAsync(
        CfLogStreamOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var results = new List<ConnectionResult>();
        if (options.Clickhouse.Url.Length > 0)
        {
            results.Add(await TryAsync("clickhouse.url", options.Clickhouse.Url, () => ClickHouseAsync(options.Clickhouse, time, loggers, ct), ct)
                .ConfigureAwait(false));
        }

        if (options.Kafka.BootstrapServers.Length > 0)
        {
            string brokers = options.Kafka.BootstrapServers;
            foreach ((string key, string topic) in options.Ingest.Topics.Select((topic, i) => ($"ingest.topics[{i}]", topic)).Prepend(("kafka.topic", options.Kafka.Topic)))
            {
                results.Add(await TryAsync(key, $"{topic} at {brokers}", () => TopicAsync(options.Kafka, topic, ct), ct).ConfigureAwait(false));
            }
        }

        for (int i = 0; i < options.Buckets.Count; i++)
        {
            BucketSection bucket = options.Buckets[i];
            results.Add(await TryAsync(
                $"buckets[{i}]",
                $"{bucket.Bucket}/{bucket.Prefix} at {(bucket.Endpoint.Length > 0 ? bucket.Endpoint : bucket.Region)}",
                () => PlaceCheck.RunAsync(CollectionSettings.Open(bucket), time, ct),
                ct).ConfigureAwait(false));
        }

        for (int i = 0; i < options.Folders.Count; i++)
        {
            FolderSection folder = options.Folders[i];
            results.Add(await TryAsync(
                $"folders[{i}]",
                folder.Path,
                () => PlaceCheck.RunAsync(CollectionSettings.Open(folder with { Settle = TimeSpan.Zero }, time), time, ct),
                ct).ConfigureAwait(false));
        }

        return results;
    }

    private static async Task<ConnectionResult> TryAsync(string key, string target, Func<Task<string>> connect, CancellationToken ct)
    {
        try
        {
            return new ConnectionResult(key, target, true, await connect().WaitAsync(s_limit, ct).ConfigureAwait(false));
        }
        catch (TimeoutException)
        {
            return new ConnectionResult(key, target, false, $"there was no answer within {s_limit.TotalSeconds:0} seconds");
        }
        catch (Exception problem) when (problem is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            return new ConnectionResult(key, target, false, problem.Message);
        }
    }

    private static async Task<string> ClickHouseAsync(ClickHouseSection section, TimeProvider time, ILoggerFactory loggers, CancellationToken ct)
    {
        Store store = await Store.OpenAsync(new StoreOptions(), section, time, loggers, ct).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            return "ClickHouse " + await store.Queries.ScalarAsync<string>("SELECT version()", null, ct).ConfigureAwait(false);
        }
    }

    private static async Task<string> TopicAsync(KafkaSection section, string topic, CancellationToken ct)
    {
        using var admin = new TopicAdmin(KafkaSettings.Of(section));
        int partitions = await admin.CountPartitionsAsync(topic, ct).ConfigureAwait(false);
        return partitions == 1 ? "1 partition" : $"{partitions} partitions";
    }
}
