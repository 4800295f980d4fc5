using Microsoft.Extensions.Logging;

namespace CfLogStream.ClickHouse.Writing;

public sealed partial class ClickHouseWriter
{
    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Warning,
            "Inserting {Rows} rows into {Table} failed and is tried again (try {Retry}, next in {Delay}): {Reason}")]
        public static partial void Retrying(ILogger logger, string table, int rows, int retry, TimeSpan delay, string reason);

        [LoggerMessage(4002, LogLevel.Error,
            "Inserting {Rows} rows into {Table} waits for somebody to act; nothing is dropped (try {Retry}, next in {Delay}): {Reason}")]
        public static partial void Waiting(ILogger logger, string table, int rows, int retry, TimeSpan delay, string reason);

        [LoggerMessage(4003, LogLevel.Information, "Inserting into {Table} works again after {Retries} retries.")]
        public static partial void Recovered(ILogger logger, string table, int retries);

        [LoggerMessage(4004, LogLevel.Error, "ClickHouse refuses row {Row} of a block for {Table} as bad data: {Reason}")]
        public static partial void Rejected(ILogger logger, string table, int row, string reason);
    }
}
