using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Serving;

/// <summary>What a service says of itself.</summary>
internal static partial class ServeLog
{
    [LoggerMessage(5000, LogLevel.Information, "Listening on {Endpoint} for /metrics, /healthz and /readyz.")]
    public static partial void Listening(ILogger logger, Uri endpoint);

    [LoggerMessage(5001, LogLevel.Information, "The role {Role} reads '{What}'.")]
    public static partial void Reading(ILogger logger, string role, string what);

    [LoggerMessage(5002, LogLevel.Warning, "Waiting for {What}; trying again in {Delay}. {Reason}")]
    public static partial void Waiting(ILogger logger, string what, TimeSpan delay, string reason);

    [LoggerMessage(5007, LogLevel.Information, "Taking Logpush uploads on {Endpoint}.")]
    public static partial void Receiving(ILogger logger, Uri endpoint);
}
