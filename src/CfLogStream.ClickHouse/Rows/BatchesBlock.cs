using System.Text;
using CfLogStream.ClickHouse.Native;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Rows of <c>batches</c>.</summary>
internal sealed class BatchesBlock : TableBlock
{
    private readonly TextColumn _log;
    private readonly FixedColumn _partition;
    private readonly DictionaryColumn _source;
    private readonly NumberColumn _batch;
    private readonly FixedColumn _kind;
    private readonly FixedColumn _part;
    private readonly FixedColumn _position;
    private readonly FixedColumn _time;
    private readonly FixedColumn _updated;
    private readonly NumberColumn _version;

    public BatchesBlock()
        : base("batches")
    {
        _log = Column("log", new TextColumn());
        _partition = Column("partition", FixedColumn.UInt32());
        _source = Column("source", new DictionaryColumn());
        _batch = Column("batch", new NumberColumn());
        _kind = Column("kind", FixedColumn.UInt8());
        _part = Column("part", FixedColumn.UInt32());
        _position = Column("position", FixedColumn.Int64());
        _time = Column("time", FixedColumn.DateTime64());
        _updated = Column("updated", FixedColumn.Milliseconds());
        _version = Column("version", new NumberColumn());
    }

    public void Add(BatchRow row)
    {
        _log.Add(Encoding.UTF8.GetBytes(row.Log));
        _partition.Add(row.Partition);
        _source.Add(Encoding.UTF8.GetBytes(row.Source));
        _batch.Add(row.Batch);
        _kind.Add(row.Kind);
        _part.Add(row.Part);
        _position.Add(row.Position);
        _time.Add(row.TimeNs);
        _updated.Add(row.UpdatedMs);
        _version.Add((ulong)row.Position + 1);
        EndRow(TablePartition.None, KeyBytes + row.Log.Length + row.Source.Length);
    }
}
