using CfLogStream.Core;
using CfLogStream.Core.Logpush;

namespace CfLogStream.ClickHouse.Tests.Rows;

internal sealed record DeadLetterSample(
    Utf8Text Reason,
    ulong ContentHash,
    uint Occurrence,
    Dataset Dataset,
    long TimeNs,
    Utf8Text Source,
    ulong LineNumber,
    ulong ByteOffset,
    uint ErrorColumn,
    ulong Length,
    byte[] Bytes,
    uint Partition,
    ulong Version);
