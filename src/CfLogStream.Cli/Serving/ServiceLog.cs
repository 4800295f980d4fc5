using System.Globalization;
using CfLogStream.Cli.Terminal;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Serving;

/// <summary>Logging of a service: one line per message on stderr, with time, level and component; text from outside is escaped.</summary>
internal sealed class ServiceLog : ILoggerProvider
{
    private readonly TextWriter _stderr;
    private readonly TimeProvider _time;

    public ServiceLog(TextWriter stderr, TimeProvider time)
    {
        _stderr = stderr;
        _time = time;
    }

    /// <summary>Makes the loggers of a service.</summary>
    public static ILoggerFactory Create(TextWriter stderr, TimeProvider time) =>
        LoggerFactory.Create(logging => logging.AddProvider(new ServiceLog(stderr, time)).SetMinimumLevel(LogLevel.Information));

    public ILogger CreateLogger(string categoryName) => new Component(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
    }

    private void Write(LogLevel level, string component, int id, string message, Exception? exception)
    {
        string word = level switch
        {
            LogLevel.Critical or LogLevel.Error => "error",
            LogLevel.Warning => "warn ",
            _ => "info ",
        };
        string time = _time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        string text = $"{time} {word} {component}[{id}] {TerminalText.Escape(message)}";
        if (exception is not null)
        {
            text += Environment.NewLine + TerminalText.EscapeLines(exception.ToString());
        }

        _stderr.WriteLine(text);
    }

    private sealed class Component(ServiceLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Write(logLevel, name, eventId.Id, formatter(state, exception), exception);
            }
        }
    }
}
