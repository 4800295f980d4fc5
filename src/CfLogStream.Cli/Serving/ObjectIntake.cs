using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Collecting;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Ingest;
using CfLogStream.Server.Processing;
using CfLogStream.Server.Serving;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Serving;

/// <summary>The buckets and folders of a service.</summary>
internal static class ObjectIntake
{
    private const string Folder = "objects";

    /// <summary>Whether there are any.</summary>
    public static bool IsConfigured(CfLogStreamOptions options) => options.Buckets.Count > 0 || options.Folders.Count > 0;

    /// <summary>Throws when the checkpoints would have no ClickHouse to be in.</summary>
    public static void Check(CfLogStreamOptions options, Roles roles, StoreOptions storeOptions)
    {
        if (IsConfigured(options) && roles == Roles.Ingest && storeOptions.Url is null && options.Clickhouse.Url.Length == 0)
        {
            throw CommandException.Failed(
                "clickhouse.url is empty, but 'buckets' or 'folders' are configured: what is read of them is noted in ClickHouse, and the "
                    + "one inside this program belongs to the process role. Name the server in clickhouse.url, or run both roles here.");
        }
    }

    /// <summary>Collects objects until it is stopped: buckets, folders → slices → log.</summary>
    /// <param name="storeOptions">Where the data folder is.</param>
    /// <param name="log">Where the slices go.</param>
    /// <param name="opening">The ClickHouse that has the checkpoints.</param>
    public static async Task RunAsync(
        CfLogStreamOptions options,
        StoreOptions storeOptions,
        SlicerOptions slicer,
        ILogWriter log,
        Task<Store> opening,
        CollectorMetrics metrics,
        IngestMetrics ingest,
        HealthBoard health,
        CrashPoints crashPoints,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken ct)
    {
        Store store = await opening.WaitAsync(ct).ConfigureAwait(false);
        var collection = new Collection(
            options,
            ReceiverSettings.Of(options.Receiver, options.Reader, slicer, storeOptions.DataFolder),
            Path.Combine(storeOptions.DataFolder, Folder),
            metrics,
            ingest,
            health,
            crashPoints,
            time,
            loggers.CreateLogger<Collection>());
        await collection.RunAsync(log, store, store.CreateWriter(time, loggers), ct).ConfigureAwait(false);
    }

    /// <summary>Runs two parts beside each other: when one ends, the other is stopped; the first failure is thrown.</summary>
    public static async Task BesideAsync(Func<CancellationToken, Task> one, Func<CancellationToken, Task> other, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task[] parts = [one(stop.Token), other(stop.Token)];
        Task first = await Task.WhenAny(parts).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
        if (Array.Find(parts, part => part.IsFaulted) is { } failed)
        {
            await failed.ConfigureAwait(false);
        }
    }
}
