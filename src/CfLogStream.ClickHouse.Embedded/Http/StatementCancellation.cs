using CfLogStream.ClickHouse.Embedded.Engine;
using Microsoft.Extensions.Logging;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>
/// Ends a session's statement when the client goes away. The kill is repeated until the session is closed, because a kill that comes
/// before the engine has the statement on its list finds nothing.
/// </summary>
internal sealed partial class StatementCancellation : IAsyncDisposable
{
    private static readonly TimeSpan s_repeat = TimeSpan.FromMilliseconds(100);

    private readonly EngineHost _engine;
    private readonly string _marker;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenRegistration _registration;
    private Task _loop = Task.CompletedTask;

    public StatementCancellation(
        EngineHost engine, string marker, TimeProvider timeProvider, ILogger logger, CancellationToken clientGone)
    {
        _engine = engine;
        _marker = marker;
        _timeProvider = timeProvider;
        _logger = logger;
        _registration = clientGone.UnsafeRegister(static state => ((StatementCancellation)state!).Start(), this);
    }

    /// <summary>Ends the watch; to be called once the session is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _registration.DisposeAsync().ConfigureAwait(false);
        await _closed.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _closed.Dispose();
    }

    private void Start() => _loop = Task.Run(KillUntilClosedAsync);

    private async Task KillUntilClosedAsync()
    {
        LogClientGone(_marker);
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                await _engine.KillAsync(_marker).ConfigureAwait(false);
                await Task.Delay(s_repeat, _timeProvider, _closed.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (EngineException exception)
            {
                LogKillFailed(_marker, exception.Message);
                return;
            }
        }
    }

    [LoggerMessage(5002, LogLevel.Debug, "The client of statement {Marker} is gone; ending it")]
    private partial void LogClientGone(string marker);

    [LoggerMessage(5003, LogLevel.Warning, "Cannot end statement {Marker} whose client is gone: {Message}")]
    private partial void LogKillFailed(string marker, string message);
}
