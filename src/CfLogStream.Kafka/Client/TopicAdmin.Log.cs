using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Kafka.Client;

public sealed partial class TopicAdmin
{
    private static partial class Log
    {
        [LoggerMessage(1010, LogLevel.Warning, "Waiting for Kafka at {Servers}: {Code}: {Reason}")]
        public static partial void Waiting(ILogger logger, string servers, ErrorCode code, string reason);
    }
}
