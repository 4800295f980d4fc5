using CfLogStream.ClickHouse;
using CfLogStream.ClickHouse.Embedded;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.ClickHouse.Schema;
using CfLogStream.ClickHouse.Writing;
using CfLogStream.Server.Configuration;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Storage;

/// <summary>The ClickHouse that rows are written to and asked from: a server, or the engine inside this program.</summary>
/// <remarks>Both are spoken to over HTTP; which one it is makes no difference to anything after <see cref="OpenAsync"/>.</remarks>
public sealed class Store : IAsyncDisposable
{
    private readonly EmbeddedClickHouse? _embedded;

    // Null when nothing of it stays.
    private readonly string? _folder;

    private Store(EmbeddedClickHouse? embedded, string? folder, ClickHouseConnection connection)
    {
        _embedded = embedded;
        _folder = folder;
        Connection = connection;
        Queries = new Queries(connection);
    }

    public ClickHouseConnection Connection { get; }

    public Queries Queries { get; }

    /// <summary>Opens the store. The embedded engine listens only where the options say: else nobody but this process reaches it.</summary>
    public static async Task<Store> OpenAsync(
        StoreOptions options, ClickHouseSection section, TimeProvider time, ILoggerFactory loggers, CancellationToken ct)
    {
        Uri? url = options.Url ?? (section.Url.Length > 0 ? new Uri(section.Url) : null);
        if (url is not null)
        {
            return new Store(null, null, new ClickHouseConnection(new ClickHouseOptions
            {
                Endpoint = url,
                Database = section.Database,
                User = section.User,
                Password = section.Password.Reveal(),
                Cluster = section.Cluster.Length > 0 ? section.Cluster : null,
            }));
        }

        string? folder = options.DataFolder == EmbeddedClickHouseDefaults.Memory ? null : options.DataFolder;
        if (folder is not null)
        {
            DataFolderMarker.Check(folder);
        }

        EmbeddedClickHouse embedded = await EmbeddedClickHouse.StartAsync(
            new EmbeddedClickHouseOptions
            {
                DataFolder = options.DataFolder,
                ExpectedBytes = options.ExpectedBytes,
                Listen = options.Port is not null,
                Port = options.Port ?? 0,
            },
            time,
            loggers.CreateLogger<EmbeddedClickHouse>(),
            ct).ConfigureAwait(false);
        var connection = new ClickHouseConnection(
            new ClickHouseOptions { Endpoint = embedded.Endpoint, Database = section.Database }, embedded.CreateHandler());
        return new Store(embedded, folder, connection);
    }

    /// <summary>Brings the database to this program's schema.</summary>
    public Task<IReadOnlyList<string>> ApplySchemaAsync(RetentionSection retention, TimeProvider time, CancellationToken ct)
    {
        if (_folder is not null)
        {
            // Before, so that an older program refuses the folder also when this breaks off.
            DataFolderMarker.Note(_folder);
        }

        return Schema(retention, time).ApplyAsync(ct);
    }

    /// <summary>The schema of this store with the configured retention.</summary>
    public SchemaManager Schema(RetentionSection retention, TimeProvider time) => new(Connection, Retention(retention), time);

    /// <summary>Makes a writer of rows.</summary>
    public ClickHouseWriter CreateWriter(TimeProvider time, ILoggerFactory loggers) => CreateWriter(time, loggers, new WriterMetrics());

    /// <summary>Makes a writer of rows that counts where others are counted too.</summary>
    public ClickHouseWriter CreateWriter(TimeProvider time, ILoggerFactory loggers, WriterMetrics metrics) =>
        new(Connection, new WriterOptions(), metrics, time, loggers.CreateLogger<ClickHouseWriter>());

    public async ValueTask DisposeAsync()
    {
        Connection.Dispose();
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Days per table from the configuration's groups; 0 keeps.</summary>
    public static RetentionOptions Retention(RetentionSection section) => RetentionOptions.Off with
    {
        Requests1m = Days(section.Aggregates),
        Mitigations1m = Days(section.Aggregates),
        Quality1m = Days(section.Aggregates),
        Callers1h = Days(section.Callers),
        Requests = Days(section.Requests),
        RequestsEarly = section.Requests is 1 ? 1 : new RetentionOptions().RequestsEarly,
        DeadLetters = Days(section.DeadLetters),
        Batches = new RetentionOptions().Batches,
        Rules = Days(section.History),
        Changes = Days(section.History),
        Verdicts = Days(section.History),
        Alerts = Days(section.History),
    };

    private static int? Days(int days) => days > 0 ? days : null;
}
