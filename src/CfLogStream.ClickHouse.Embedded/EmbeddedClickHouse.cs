using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CfLogStream.ClickHouse.Embedded.Engine;
using CfLogStream.ClickHouse.Embedded.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CfLogStream.ClickHouse.Embedded;

/// <summary>
/// ClickHouse inside this process: the engine (libchdb) behind ClickHouse's HTTP interface, so that the official driver, curl and
/// Grafana speak to it as to a server. One per process; the data folder is locked against other processes.
/// </summary>
public sealed partial class EmbeddedClickHouse : IAsyncDisposable
{
    internal const string DisplayName = "cflogstream";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    // Nobody resolves it; that it is this machine tells clients not to compress.
    private static readonly Uri s_inProcess = new("http://localhost/");

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    private readonly DataFolder _folder;
    private readonly EngineHost _engine;
    private readonly StatementSlots _slots;
    private readonly RequestRouter _router;
    private readonly CancellationTokenSource _stopping = new();
    private readonly WebApplication? _web;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;

    private EmbeddedClickHouse(
        DataFolder folder, EngineHost engine, StatementSlots slots, RequestRouter router, WebApplication? web, Uri endpoint,
        TimeProvider timeProvider, ILogger logger)
    {
        _router = router;
        _timeProvider = timeProvider;
        _logger = logger;
        _folder = folder;
        _engine = engine;
        _slots = slots;
        _web = web;
        Endpoint = endpoint;
    }

    /// <summary>Gets where it listens; without <see cref="EmbeddedClickHouseOptions.Listen"/> an address for <see cref="CreateHandler"/>
    /// alone.</summary>
    public Uri Endpoint { get; }

    /// <summary>Gets the engine's version, as <c>SELECT version()</c> answers.</summary>
    public string Version => _engine.Version;

    /// <summary>Gets the engine, for tests of it.</summary>
    internal EngineHost Engine => _engine;

    /// <summary>Begins to load the engine's library, for a program that will need it soon; what goes wrong shows at the start.</summary>
    public static void Preload() => LibChdbLocation.Preload();

    /// <summary>Makes a handler that takes the requests of an <see cref="HttpClient"/> of this process to the engine without a socket.</summary>
    public HttpMessageHandler CreateHandler() => new InProcessHandler(_router, _stopping.Token);

    /// <summary>Starts the engine and its HTTP interface.</summary>
    /// <exception cref="DllNotFoundException">The engine's library is missing; the message says where it was looked for.</exception>
    /// <exception cref="InvalidOperationException">The engine does not start, or the folder is in use.</exception>
    public static async Task<EmbeddedClickHouse> StartAsync(
        EmbeddedClickHouseOptions options, TimeProvider timeProvider, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(logger);
        options.Validate();
        long start = timeProvider.GetTimestamp();
        DataFolder folder = DataFolder.Open(options.DataFolder, options.ExpectedBytes);
        EngineHost? engine = null;
        StatementSlots? slots = null;
        try
        {
            string configuration = EngineConfiguration.Write(folder.Path, options);
            engine = await Task.Run(() => EngineHost.Start(folder, configuration, options), cancellationToken)
                .ConfigureAwait(false);
            slots = new StatementSlots(options.Connections);
            var statements = new StatementHandler(engine, slots, options, timeProvider, logger);
            var router = new RequestRouter(engine, new Authenticator(options.Users), statements, logger);
            (WebApplication? web, Uri endpoint) = options.Listen
                ? await ListenAsync(options, router, cancellationToken).ConfigureAwait(false)
                : (null, s_inProcess);
            LogStarted(logger, engine.Version, endpoint, folder.Path, timeProvider.GetElapsedTime(start).TotalMilliseconds);
            return new EmbeddedClickHouse(folder, engine, slots, router, web, endpoint, timeProvider, logger);
        }
        catch
        {
            slots?.Dispose();
            engine?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Stops listening, gives running statements 5 s to end and then ends them, shuts the engine down and unlocks the folder.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_web is not null)
        {
            using (var patience = new CancellationTokenSource(s_patience, _timeProvider))
            {
                // What still runs then loses its connection, which ends its statement.
                await _web.StopAsync(patience.Token).ConfigureAwait(false);
            }

            await _web.DisposeAsync().ConfigureAwait(false);
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        if (!await _slots.DrainAsync(s_patience).ConfigureAwait(false))
        {
            // A statement that cannot be ended holds the engine: closing its connection under it would crash. The process's end frees all.
            LogStatementsLeft(_logger, _folder.Path);
            return;
        }

        _slots.Dispose();
        await Task.Run(_engine.Dispose).ConfigureAwait(false);
        _folder.Dispose();
        _stopping.Dispose();
    }

    private static async Task<(WebApplication Web, Uri Endpoint)> ListenAsync(
        EmbeddedClickHouseOptions options, RequestRouter router, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, options.Port);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestLineSize = 1 << 20;

            // ClickHouse's http_receive_timeout and http_send_timeout: who pauses for half a minute is cut off.
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(1, s_pause);
            kestrel.Limits.MinResponseDataRate = new MinDataRate(1, s_pause);
        });
        WebApplication web = builder.Build();
        web.Run(router.HandleAsync);
        await web.StartAsync(cancellationToken).ConfigureAwait(false);
        IServerAddressesFeature addresses = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        int port = new Uri(addresses.Addresses.Single()).Port;
        bool everywhere = options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any);
        bool v6 = options.Address.AddressFamily == AddressFamily.InterNetworkV6;
        string host = everywhere ? "127.0.0.1" : v6 ? $"[{options.Address}]" : options.Address.ToString();
        return (web, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{host}:{port}/")));
    }

    [LoggerMessage(5005, LogLevel.Warning, "Statements that cannot be ended still run on {Folder}; the engine stays")]
    private static partial void LogStatementsLeft(ILogger logger, string folder);

    [LoggerMessage(5000, LogLevel.Information, "ClickHouse {Version} answers on {Endpoint} with data in {Folder} after {ElapsedMs:F0} ms")]
    private static partial void LogStarted(ILogger logger, string version, Uri endpoint, string folder, double elapsedMs);
}
