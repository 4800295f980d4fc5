namespace CfLogStream.ClickHouse.Writing;

/// <summary>What became of a block: all its rows are either in ClickHouse or rejected.</summary>
/// <param name="RowsWritten">Rows acknowledged.</param>
/// <param name="Rejected">Rows that the server calls bad data even when they come alone.</param>
public sealed record WriteResult(int RowsWritten, IReadOnlyList<RejectedRow> Rejected);
