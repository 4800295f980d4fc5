namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>
/// The engine of this process. Closing the last connection shuts it down, so one connection is held for as long as this object lives.
/// </summary>
internal sealed class EngineHost : IDisposable
{
    private static readonly Lock s_gate = new();
    private static string? s_storage;

    private readonly PinnedTexts _arguments;
    private readonly EngineConnection _keeper;

    private EngineHost(PinnedTexts arguments, EngineConnection keeper)
    {
        _arguments = arguments;
        _keeper = keeper;
        Version = keeper.QueryText("SELECT version()");
        TimeZone = keeper.QueryText("SELECT timezone()");
    }

    /// <summary>Gets the engine's version.</summary>
    public string Version { get; }

    /// <summary>Gets the engine's time zone.</summary>
    public string TimeZone { get; }

    /// <summary>Boots the engine.</summary>
    public static EngineHost Start(string storage, string configuration, EmbeddedClickHouseOptions options)
    {
        LibChdbLocation.Register();
        lock (s_gate)
        {
            if (s_storage is not null)
            {
                Throw.OtherFolderInUse(storage, s_storage);
            }

            // The runtime owns SIGSEGV and its like.
            LibChdb.SetSignalHandlersEnabled(0);
            PinnedTexts arguments = EngineConfiguration.Arguments(storage, configuration, options);
            EngineConnection? keeper = EngineConnection.TryOpen(arguments);
            if (keeper is null)
            {
                Throw.EngineDidNotStart(storage);
            }

            s_storage = storage;
            return new EngineHost(arguments, keeper);
        }
    }

    /// <summary>Opens a session.</summary>
    public EngineConnection Open() => EngineConnection.TryOpen(_arguments)
        ?? throw new EngineException(EngineErrorCode.UnknownException, "UNKNOWN_EXCEPTION", "The engine refused a new session");

    /// <summary>Shuts the engine down. No other session may be open.</summary>
    public void Dispose()
    {
        lock (s_gate)
        {
            _keeper.Dispose();
            s_storage = null;
        }
    }
}
