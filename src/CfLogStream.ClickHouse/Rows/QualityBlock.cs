using CfLogStream.ClickHouse.Native;
using CfLogStream.Core.Correlation;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Rows of <c>quality_1m</c>.</summary>
internal sealed class QualityBlock : TableBlock
{
    private readonly FixedColumn _window;
    private readonly DictionaryColumn _dataset;
    private readonly LogPositionColumns _position;
    private readonly FixedColumn _received;
    private readonly FixedColumn _counted;
    private readonly FixedColumn _duplicates;
    private readonly FixedColumn _deadLettered;
    private readonly FixedColumn _late;
    private readonly FixedColumn _future;
    private readonly FixedColumn _unmatched;
    private readonly FixedColumn _subrequests;
    private readonly FixedColumn _internal;
    private readonly FixedColumn _forced;

    public QualityBlock()
        : base("quality_1m")
    {
        _window = Column("window", FixedColumn.DateTime());
        _dataset = Column("dataset", new DictionaryColumn());
        _position = new LogPositionColumns(Column);
        _received = Column("received", FixedColumn.UInt64());
        _counted = Column("counted", FixedColumn.UInt64());
        _duplicates = Column("duplicates", FixedColumn.UInt64());
        _deadLettered = Column("dead_lettered", FixedColumn.UInt64());
        _late = Column("late", FixedColumn.UInt64());
        _future = Column("future", FixedColumn.UInt64());
        _unmatched = Column("unmatched", FixedColumn.UInt64());
        _subrequests = Column("subrequests", FixedColumn.UInt64());
        _internal = Column("internal", FixedColumn.UInt64());
        _forced = Column("forced", FixedColumn.UInt64());
    }

    public void Add(in QualityRow row)
    {
        _window.Add(row.Key.WindowSeconds);
        _dataset.Add(TableWords.Of(row.Dataset));
        _position.Add(in row.Key);
        _received.Add(row.Received);
        _counted.Add(row.Counted);
        _duplicates.Add(row.Duplicates);
        _deadLettered.Add(row.DeadLettered);
        _late.Add(row.Late);
        _future.Add(row.Future);
        _unmatched.Add(row.Unmatched);
        _subrequests.Add(row.Subrequests);
        _internal.Add(row.Internal);
        _forced.Add(row.Forced);
        EndRow(TablePartition.DayOfSeconds(row.Key.WindowSeconds));
    }
}
