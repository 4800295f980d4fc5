using System.Text;
using CfLogStream.ClickHouse.Native;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Rows of <c>objects_read</c>.</summary>
internal sealed class ObjectsBlock : TableBlock
{
    private readonly TextColumn _place;
    private readonly TextColumn _key;
    private readonly TextColumn _tag;
    private readonly FixedColumn _modified;
    private readonly FixedColumn _start;
    private readonly FixedColumn _isBackfill;
    private readonly FixedColumn _updated;
    private readonly NumberColumn _version;

    public ObjectsBlock()
        : base("objects_read")
    {
        _place = Column("place", new TextColumn());
        _key = Column("key", new TextColumn());
        _tag = Column("tag", new TextColumn());
        _modified = Column("modified", FixedColumn.DateTime64());
        _start = Column("start", FixedColumn.DateTime64());
        _isBackfill = Column("is_backfill", FixedColumn.UInt8());
        _updated = Column("updated", FixedColumn.Milliseconds());
        _version = Column("version", new NumberColumn());
    }

    public void Add(ObjectRow row)
    {
        _place.Add(Encoding.UTF8.GetBytes(row.Place));
        _key.Add(Encoding.UTF8.GetBytes(row.Key));
        _tag.Add(Encoding.UTF8.GetBytes(row.Tag));
        _modified.Add(row.ModifiedNs);
        _start.Add(row.StartNs);
        _isBackfill.Add(row.IsBackfill ? (byte)1 : (byte)0);
        _updated.Add(row.UpdatedMs);
        _version.Add(row.Version);
        EndRow(TablePartition.None, KeyBytes + (4L * (row.Place.Length + row.Key.Length + row.Tag.Length)));
    }
}
