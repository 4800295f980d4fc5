using System.Globalization;
using CfLogStream.Cli.Terminal;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Serving;

/// <summary>Logging of a service on stderr: one line per message with time, level and component, text from outside escaped; or one JSON object
/// per line.</summary>
internal sealed class ServiceLog : ILoggerProvider
{
    private readonly TextWriter _stderr;
    private readonly TimeProvider _time;
    private readonly OutputFormat _format;

    public ServiceLog(TextWriter stderr, TimeProvider time, OutputFormat format)
    {
        _stderr = stderr;
        _time = time;
        _format = format;
    }

    /// <summary>Makes the loggers of a service.</summary>
    public static ILoggerFactory Create(TextWriter stderr, TimeProvider time, OutputFormat format = OutputFormat.Text) =>
        LoggerFactory.Create(logging => logging.AddProvider(new ServiceLog(stderr, time, format)).SetMinimumLevel(LogLevel.Information));

    public ILogger CreateLogger(string categoryName) => new Component(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
    }

    private void Write<TState>(LogLevel level, string component, int id, string message, TState state, Exception? exception)
    {
        string word = level switch
        {
            LogLevel.Critical or LogLevel.Error => "error",
            LogLevel.Warning => "warn",
            _ => "info",
        };
        string time = _time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        if (_format == OutputFormat.Json)
        {
            _stderr.WriteLine(JsonLogLine.Of(time, word, component, id, message, state as IEnumerable<KeyValuePair<string, object?>>, exception));
            return;
        }

        string text = $"{time} {word,-5} {component}[{id}] {TerminalText.Escape(message)}";
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
                log.Write(logLevel, name, eventId.Id, formatter(state, exception), state, exception);
            }
        }
    }
}
