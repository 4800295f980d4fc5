using System.Globalization;
using CfLogStream.ClickHouse.Embedded.Http;

namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>
/// The engine of this process. Closing the last connection shuts it down, so one connection is held for as long as this object lives.
/// </summary>
internal sealed class EngineHost : IDisposable
{
    private static readonly Lock s_gate = new();
    private static string? s_storage;

    private readonly EngineConnection _keeper;
    private readonly Lazy<StatementThread> _killer = new(() => new StatementThread("clickhouse-kill"));
    private readonly List<string> _arguments;
    private readonly Lazy<ReaderRules> _readerRules;
    private long _sessions;

    private EngineHost(List<string> arguments, EngineConnection keeper)
    {
        _arguments = arguments;
        _keeper = keeper;
        string[] facts = keeper.QueryText("SELECT version(), timezone()").Split('\t');
        Version = facts[0];
        TimeZone = facts[1];
        _readerRules = new Lazy<ReaderRules>(() => new ReaderRules(keeper));
    }

    /// <summary>Gets the engine's version.</summary>
    public string Version { get; }

    /// <summary>Gets the engine's time zone.</summary>
    public string TimeZone { get; }

    /// <summary>Gets what read-only users may send.</summary>
    public ReaderRules ReaderRules => _readerRules.Value;

    /// <summary>Boots the engine. Blocks for about 0.1 s.</summary>
    public static EngineHost Start(DataFolder folder, string configuration, EmbeddedClickHouseOptions options)
    {
        string storage = folder.Storage;
        LibChdbLocation.Register();
        lock (s_gate)
        {
            if (s_storage is not null)
            {
                Throw.EngineInUse(storage, s_storage);
            }

            LibChdb.SetSignalHandlersEnabled(0);
            List<string> arguments = EngineConfiguration.Arguments(folder, configuration, options);
            EngineConnection? keeper;
            using (SignalHandlers.Keep())
            {
                keeper = EngineConnection.TryOpen(new PinnedTexts(arguments));
            }

            if (keeper is null)
            {
                Throw.EngineDidNotStart(storage);
            }

            s_storage = storage;
            return new EngineHost(arguments, keeper);
        }
    }

    /// <summary>Returns a text that no other session has, by which its statement can be found.</summary>
    public string NextMarker(string queryId) =>
        string.Create(CultureInfo.InvariantCulture, $"{queryId}/{Interlocked.Increment(ref _sessions)}");

    /// <summary>Opens a session.</summary>
    /// <param name="marker">What <see cref="KillAsync"/> finds its statement by; it becomes the setting log_comment.</param>
    public EngineConnection Open(string marker) =>
        EngineConnection.TryOpen(new PinnedTexts([.. _arguments, "--log_comment=" + marker]))
            ?? throw new EngineException(EngineErrorCode.UnknownException, "UNKNOWN_EXCEPTION", "The engine refused a new session");

    /// <summary>Asks the engine to end a session's statement. It ends soon after, with error 394.</summary>
    public Task KillAsync(string marker) => _killer.Value.RunAsync(() =>
    {
        // Not SYNC: a killed statement stays listed until its session closes.
        using EngineConnection connection = Open("");
        connection.Execute("KILL QUERY WHERE Settings['log_comment'] = " + EngineText.Quoted(marker, '\'') + " ASYNC");
    });

    /// <summary>Shuts the engine down. No other session may be open.</summary>
    public void Dispose()
    {
        if (_killer.IsValueCreated)
        {
            _killer.Value.Dispose();
        }

        lock (s_gate)
        {
            _keeper.Dispose();
            s_storage = null;
        }
    }
}
