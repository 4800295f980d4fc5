using CfLogStream.ClickHouse.Native;
using CfLogStream.Core.Correlation;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>The columns that say where in the log a row comes from: partition, chunk, version.</summary>
internal readonly struct LogPositionColumns
{
    public LogPositionColumns(Func<string, FixedColumn, FixedColumn> declareFixed, Func<string, NumberColumn, NumberColumn> declareNumber)
    {
        Partition = declareFixed("partition", FixedColumn.UInt32());
        Chunk = declareNumber("chunk", new NumberColumn());
        Version = declareNumber("version", new NumberColumn());
    }

    private FixedColumn Partition { get; }

    private NumberColumn Chunk { get; }

    private NumberColumn Version { get; }

    public void Add(in RowKey key)
    {
        Partition.Add(key.Partition);
        Chunk.Add(key.Chunk);
        Version.Add(key.Version);
    }
}
