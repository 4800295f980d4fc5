using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Kafka.Client;

internal sealed partial class GroupReader<TMessage>
{
    private static partial class Log
    {
        [LoggerMessage(1021, LogLevel.Information, "Reading {Topics} as a member of group {Group} at {Servers}.")]
        public static partial void Started(ILogger logger, string topics, string group, string servers);

        [LoggerMessage(1022, LogLevel.Information, "Reading {Topics} ended and group {Group} was left.")]
        public static partial void Stopped(ILogger logger, string topics, string group);

        [LoggerMessage(1023, LogLevel.Information, "Reading {Topic}/{Partition} from offset {Offset}.")]
        public static partial void Opened(ILogger logger, string topic, int partition, long offset);

        [LoggerMessage(1024, LogLevel.Information, "{Topic}/{Partition} was given up; its session was finished.")]
        public static partial void Released(ILogger logger, string topic, int partition);

        [LoggerMessage(1025, LogLevel.Warning, "{Topic}/{Partition} was lost to another member; its session was abandoned.")]
        public static partial void Abandoned(ILogger logger, string topic, int partition);

        [LoggerMessage(
            1026,
            LogLevel.Warning,
            "The session of {Topic}/{Partition} did not finish within {Limit} and was abandoned; its next owner reads what is open again.")]
        public static partial void DrainFailed(ILogger logger, Exception? exception, string topic, int partition, TimeSpan limit);

        [LoggerMessage(1027, LogLevel.Error, "{Topic}/{Partition} has no messages from offset {From} to before {To} any more; they are lost.")]
        public static partial void Gap(ILogger logger, string topic, int partition, long from, long to);

        [LoggerMessage(1028, LogLevel.Warning, "{Topic}/{Partition} does not have offset {Offset}; looking for the next one it has.")]
        public static partial void OutOfRange(ILogger logger, string topic, int partition, long offset);

        [LoggerMessage(1029, LogLevel.Warning, "Reading waits for Kafka: {Code}: {Reason} ({Suppressed} messages like it were not shown)")]
        public static partial void ReadFailed(ILogger logger, ErrorCode code, string reason, int suppressed);

        [LoggerMessage(
            1030,
            LogLevel.Warning,
            "Committing offsets failed, which loses nothing: {Code}: {Reason} ({Suppressed} messages like it were not shown)")]
        public static partial void CommitFailed(ILogger logger, ErrorCode code, string reason, int suppressed);

        [LoggerMessage(1031, LogLevel.Warning, "Leaving the group failed: {Code}: {Reason}")]
        public static partial void CloseFailed(ILogger logger, ErrorCode code, string reason);

        [LoggerMessage(1032, LogLevel.Debug, "librdkafka, {Facility}: {Message}")]
        public static partial void Library(ILogger logger, string facility, string message);

        [LoggerMessage(1033, LogLevel.Debug, "{Topic}/{Partition} cannot be moved now: {Code}: {Reason}")]
        public static partial void MoveFailed(ILogger logger, string topic, int partition, ErrorCode code, string reason);
    }
}
