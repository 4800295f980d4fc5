using CfLogStream.Cli.Terminal;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli;

/// <summary>Logging of one-shot verbs: warnings and errors, one line each, on stderr.</summary>
internal static class CommandLog
{
    public static ILoggerFactory Create(TextWriter stderr) =>
        LoggerFactory.Create(logging => logging.AddProvider(new Provider(stderr)).SetMinimumLevel(LogLevel.Warning));

    private sealed class Provider(TextWriter stderr) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                stderr.WriteLine($"cflogstream: {TerminalText.Escape(formatter(state, exception))}");
            }
        }

        public void Dispose()
        {
        }
    }
}
