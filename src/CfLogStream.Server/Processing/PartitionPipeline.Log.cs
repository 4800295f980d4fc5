using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Processing;

public sealed partial class PartitionPipeline
{
    private static partial class Log
    {
        [LoggerMessage(3000, LogLevel.Information, "Partition {Partition} of {Log} is processed from offset {Offset}.")]
        public static partial void Opened(ILogger logger, string log, int partition, long offset);

        [LoggerMessage(3001, LogLevel.Information, "Partition {Partition} of {Log} is drained; everything before offset {Offset} is written.")]
        public static partial void Drained(ILogger logger, string log, int partition, long offset);

        [LoggerMessage(3002, LogLevel.Warning, "Partition {Partition} of {Log} was given up; everything before offset {Offset} is written.")]
        public static partial void Abandoned(ILogger logger, string log, int partition, long offset);

        [LoggerMessage(
            3003,
            LogLevel.Error,
            "Partition {Partition} of {Log} lost the offsets from {From} to before {To}: the log had them no more. Records are missing in the tables.")]
        public static partial void Lost(ILogger logger, string log, int partition, long from, long to);

        [LoggerMessage(
            3004,
            LogLevel.Error,
            "Partition {Partition} of {Log} is stopped before offset {Offset}: of the last {Messages} messages nearly all are no slices. Find out who writes "
            + "them, stop that, and restart the process: it goes on where it stopped.")]
        public static partial void Stopped(ILogger logger, string log, int partition, long offset, int messages);

        [LoggerMessage(3005, LogLevel.Critical, "Partition {Partition} of {Log} failed.")]
        public static partial void Failed(ILogger logger, Exception exception, string log, int partition);
    }
}
