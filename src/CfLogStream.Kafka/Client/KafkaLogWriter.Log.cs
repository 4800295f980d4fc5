using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Kafka.Client;

public sealed partial class KafkaLogWriter
{
    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Information, "Appending to topic {Topic} with {Partitions} partitions at {Servers}.")]
        public static partial void Opened(ILogger logger, string topic, int partitions, string servers);

        [LoggerMessage(1002, LogLevel.Warning, "The producer cannot go on and appends on their way fail: {Code}: {Reason}")]
        public static partial void ProducerBroken(ILogger logger, ErrorCode code, string reason);

        [LoggerMessage(1003, LogLevel.Information, "Appending goes on with a new producer.")]
        public static partial void ProducerRenewed(ILogger logger);

        [LoggerMessage(1004, LogLevel.Warning, "The producer waits for Kafka: {Code}: {Reason} ({Suppressed} messages like it were not shown)")]
        public static partial void ProducerError(ILogger logger, ErrorCode code, string reason, int suppressed);

        [LoggerMessage(1005, LogLevel.Debug, "librdkafka, {Facility}: {Message}")]
        public static partial void Library(ILogger logger, string facility, string message);
    }
}
