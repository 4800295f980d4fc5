using System.Globalization;
using CfLogStream.ClickHouse.Embedded.Engine;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>The figures of the header X-ClickHouse-Summary. Of a streamed result they are those of its first chunk.</summary>
internal readonly record struct AnswerSummary(
    ulong ReadRows, ulong ReadBytes, ulong WrittenRows, ulong WrittenBytes, ulong ResultRows, ulong ResultBytes, TimeSpan Elapsed)
{
    /// <summary>Reads the figures of a result.</summary>
    public static AnswerSummary Of(ResultHandle result, TimeSpan elapsed) => new(
        LibChdb.ResultStorageRowsRead(result), LibChdb.ResultStorageBytesRead(result), LibChdb.ResultRowsWritten(result),
        LibChdb.ResultBytesWritten(result), LibChdb.ResultRows(result), LibChdb.ResultBytes(result), elapsed);

    /// <summary>Returns the header's value: ClickHouse writes numbers as texts.</summary>
    public string ToJson() => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"read_rows":"{{ReadRows}}","read_bytes":"{{ReadBytes}}","written_rows":"{{WrittenRows}}","written_bytes":"{{WrittenBytes}}",
        "total_rows_to_read":"0","result_rows":"{{ResultRows}}","result_bytes":"{{ResultBytes}}","elapsed_ns":"{{Elapsed.Ticks * 100}}"}
        """).Replace("\n", "", StringComparison.Ordinal);
}
