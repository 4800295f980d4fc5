namespace CfLogStream.ClickHouse.Writing;

/// <summary>A row that ClickHouse refuses: for the dead letters.</summary>
/// <param name="Table">The table it was for.</param>
/// <param name="Row">Its index in the block.</param>
/// <param name="Code">ClickHouse's error code.</param>
/// <param name="ServerText">What the server says of it, as it came.</param>
/// <param name="Native">The row as a Native block of its own, to be looked at or inserted later.</param>
public sealed record RejectedRow(string Table, int Row, int Code, string ServerText, byte[] Native);
