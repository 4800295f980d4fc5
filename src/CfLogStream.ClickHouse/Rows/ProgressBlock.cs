using System.Text;
using CfLogStream.ClickHouse.Native;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Rows of <c>progress</c>.</summary>
internal sealed class ProgressBlock : TableBlock
{
    private readonly TextColumn _log;
    private readonly FixedColumn _partition;
    private readonly FixedColumn _generation;
    private readonly NumberColumn _readFrom;
    private readonly FixedColumn _newest;
    private readonly NumberColumn _exactFrom;
    private readonly NumberColumn _nextOffset;
    private readonly FixedColumn _minutes;
    private readonly FixedColumn _hours;
    private readonly NumberColumn _chunks;
    private readonly ArrayColumn<NumberColumn> _gapFrom;
    private readonly ArrayColumn<NumberColumn> _gapTo;
    private readonly FixedColumn _updated;
    private readonly NumberColumn _version;
    private readonly NumberColumn _nextMessage;
    private readonly ArrayColumn<TextColumn> _names;
    private readonly ArrayColumn<FixedColumn> _kinds;
    private readonly ArrayColumn<FixedColumn> _positions;
    private readonly FixedColumn _kept;
    private readonly NumberColumn _keptChunks;
    private readonly FixedColumn _resetPending;

    public ProgressBlock()
        : base("progress")
    {
        _log = Column("log", new TextColumn());
        _partition = Column("partition", FixedColumn.UInt32());
        _generation = Column("generation", FixedColumn.UInt32());
        _readFrom = Column("read_from", new NumberColumn());
        _newest = Column("newest_time_ns", FixedColumn.Int64());
        _exactFrom = Column("exact_from", new NumberColumn());
        _nextOffset = Column("next_offset", new NumberColumn());
        _minutes = Column("closed_minutes_before", FixedColumn.DateTime());
        _hours = Column("closed_hours_before", FixedColumn.DateTime());
        _chunks = Column("closed_chunks_before", new NumberColumn());
        _gapFrom = Column("gap_from", new ArrayColumn<NumberColumn>(new NumberColumn()));
        _gapTo = Column("gap_to", new ArrayColumn<NumberColumn>(new NumberColumn()));
        _updated = Column("updated", FixedColumn.Milliseconds());
        _version = Column("version", new NumberColumn());
        _nextMessage = Column("next_message", new NumberColumn());
        _names = Column("source_names", new ArrayColumn<TextColumn>(new TextColumn()));
        _kinds = Column("source_kinds", new ArrayColumn<FixedColumn>(FixedColumn.UInt8()));
        _positions = Column("source_positions", new ArrayColumn<FixedColumn>(FixedColumn.Int64()));
        _kept = Column("kept_before", FixedColumn.DateTime());
        _keptChunks = Column("kept_chunks_before", new NumberColumn());
        _resetPending = Column("reset_pending", FixedColumn.UInt8());
    }

    public void Add(ProgressRow row)
    {
        _log.Add(Encoding.UTF8.GetBytes(row.Log));
        _partition.Add(row.Partition);
        _generation.Add(row.Generation);
        _readFrom.Add(row.ReadFrom);
        _newest.Add(row.NewestTimeNs);
        _exactFrom.Add(row.ExactFrom);
        _nextOffset.Add(row.NextOffset);
        _minutes.Add(row.ClosedMinutesBefore);
        _hours.Add(row.ClosedHoursBefore);
        _chunks.Add(row.ClosedChunksBefore);
        foreach ((ulong from, ulong to) in row.Gaps)
        {
            _gapFrom.Elements.Add(from);
            _gapTo.Elements.Add(to);
        }

        _gapFrom.EndRow();
        _gapTo.EndRow();
        _updated.Add(row.UpdatedMs);
        _version.Add(row.Version);
        _nextMessage.Add(row.NextMessage);
        foreach ((string source, byte kind, long position) in row.Positions)
        {
            _names.Elements.Add(Encoding.UTF8.GetBytes(source));
            _kinds.Elements.Add(kind);
            _positions.Elements.Add(position);
        }

        _names.EndRow();
        _kinds.EndRow();
        _positions.EndRow();
        _kept.Add(row.KeptBefore);
        _keptChunks.Add(row.KeptChunksBefore);
        _resetPending.Add(row.ResetPending);
        EndRow(TablePartition.None, KeyBytes + (16L * row.Gaps.Count) + (64L * row.Positions.Count));
    }
}
