using System.Security.Cryptography;
using CfLogStream.Kafka.Log;
using CfLogStream.Server.Ingest;
using CfLogStream.Server.Receiving;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Serving;

/// <summary>The receiver of a service.</summary>
internal static class UploadIntake
{
    /// <summary>Starts listening; what keeps it from that is the user's to understand.</summary>
    public static async Task<ReceiverServer> StartAsync(
        ReceiverOptions options, ILogWriter log, ReceiverMetrics metrics, IngestMetrics ingest, TimeProvider time, ILoggerFactory loggers, CancellationToken ct)
    {
        try
        {
            ReceiverServer server = await ReceiverServer.StartAsync(
                options, log, metrics, ingest, time, loggers.CreateLogger<ReceiverServer>(), ct).ConfigureAwait(false);
            ServeLog.Receiving(loggers.CreateLogger<ServeRun>(), server.Endpoint);
            return server;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw CommandException.Failed($"The receiver cannot listen on '{options.Listen}' (receiver.listen): "
                + $"{problem.Message}", problem);
        }
    }
}
