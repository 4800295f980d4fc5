using CfLogStream.ClickHouse.Native;
using CfLogStream.Core.Correlation;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>The columns that say where in the log a row comes from: partition, chunk, version.</summary>
internal readonly struct LogPositionColumns
{
    public LogPositionColumns(Func<string, FixedColumn, FixedColumn> declare)
    {
        Partition = declare("partition", FixedColumn.UInt32());
        Chunk = declare("chunk", FixedColumn.UInt64());
        Version = declare("version", FixedColumn.UInt64());
    }

    private FixedColumn Partition { get; }

    private FixedColumn Chunk { get; }

    private FixedColumn Version { get; }

    public void Add(in RowKey key)
    {
        Partition.Add(key.Partition);
        Chunk.Add(key.Chunk);
        Version.Add(key.Version);
    }
}
