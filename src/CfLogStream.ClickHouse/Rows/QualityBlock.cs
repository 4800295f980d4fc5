using CfLogStream.ClickHouse.Native;
using CfLogStream.Core.Correlation;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Rows of <c>quality_1m</c>.</summary>
internal sealed class QualityBlock : TableBlock
{
    private readonly FixedColumn _window;
    private readonly DictionaryColumn _dataset;
    private readonly LogPositionColumns _position;
    private readonly NumberColumn _received;
    private readonly NumberColumn _counted;
    private readonly NumberColumn _duplicates;
    private readonly NumberColumn _deadLettered;
    private readonly NumberColumn _late;
    private readonly NumberColumn _future;
    private readonly NumberColumn _unmatched;
    private readonly NumberColumn _subrequests;
    private readonly NumberColumn _internal;
    private readonly NumberColumn _forced;

    public QualityBlock()
        : base("quality_1m")
    {
        _window = Column("window", FixedColumn.DateTime());
        _dataset = Column("dataset", new DictionaryColumn());
        _position = new LogPositionColumns(Column, Column);
        _received = Column("received", new NumberColumn());
        _counted = Column("counted", new NumberColumn());
        _duplicates = Column("duplicates", new NumberColumn());
        _deadLettered = Column("dead_lettered", new NumberColumn());
        _late = Column("late", new NumberColumn());
        _future = Column("future", new NumberColumn());
        _unmatched = Column("unmatched", new NumberColumn());
        _subrequests = Column("subrequests", new NumberColumn());
        _internal = Column("internal", new NumberColumn());
        _forced = Column("forced", new NumberColumn());
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
        EndRow(TablePartition.DayOfSeconds(row.Key.WindowSeconds), KeyBytes);
    }
}
