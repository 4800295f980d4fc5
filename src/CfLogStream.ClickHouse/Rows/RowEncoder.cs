using CfLogStream.Core.Correlation;
using CfLogStream.Core.Insight.Changes;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Encodes rows of every table into blocks of columns, as they come.</summary>
/// <remarks>
/// One thread adds rows and takes blocks; the blocks may be sent and disposed on any thread. A block is full at so many rows or
/// bytes, or when
/// the next row would be in one table partition too many; full blocks queue up until they are taken. Nothing is allocated per row
/// once the blocks under way have been filled once: disposed ones are filled again.
/// </remarks>
public sealed class RowEncoder : IRowSink
{
    private readonly RowEncoderOptions _options;
    private readonly List<EncodedBlock> _full = [];
    private readonly Slot<RequestsBlock> _requests1m;
    private readonly Slot<MitigationsBlock> _mitigations1m;
    private readonly Slot<CallersBlock> _callers1h;
    private readonly Slot<RulesBlock> _rules;
    private readonly Slot<RequestBlock> _requests;
    private readonly Slot<RequestBlock> _requestsEarly;
    private readonly Slot<QualityBlock> _quality1m;
    private readonly Slot<DeadLettersBlock> _deadLetters;
    private readonly Slot<ChangesBlock> _changes;

    public RowEncoder(RowEncoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxRows, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBytes, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxPartitions, 1, nameof(options));
        _options = options;
        string database = SqlIdentifier.Check("database name", options.Database);
        _requests1m = new(this, new(database, () => new RequestsBlock()));
        _mitigations1m = new(this, new(database, () => new MitigationsBlock()));
        _callers1h = new(this, new(database, () => new CallersBlock()));
        _rules = new(this, new(database, () => new RulesBlock()));
        _requests = new(this, new(database, () => new RequestBlock("requests")));
        _requestsEarly = new(this, new(database, () => new RequestBlock("requests_early")));
        _quality1m = new(this, new(database, () => new QualityBlock()));
        _deadLetters = new(this, new(database, () => new DeadLettersBlock()));
        _changes = new(this, new(database, () => new ChangesBlock()));
    }

    /// <summary>Full blocks that wait to be taken.</summary>
    public int FullBlocks => _full.Count;

    /// <summary>Rows that are in no full block yet.</summary>
    public long OpenRows =>
        _requests1m.Rows + _mitigations1m.Rows + _callers1h.Rows + _rules.Rows + _requests.Rows + _requestsEarly.Rows + _quality1m.Rows
        + _deadLetters.Rows + _changes.Rows;

    public void Add(in RequestsRow row)
    {
        _requests1m.For(TablePartition.DayOfSeconds(row.Key.WindowSeconds)).Add(in row);
        _requests1m.SealWhenFull();
    }

    public void Add(in MitigationsRow row)
    {
        _mitigations1m.For(TablePartition.DayOfSeconds(row.Key.WindowSeconds)).Add(in row);
        _mitigations1m.SealWhenFull();
    }

    public void Add(in CallersRow row)
    {
        _callers1h.For(TablePartition.DayOfSeconds(row.Key.WindowSeconds)).Add(in row);
        _callers1h.SealWhenFull();
    }

    public void Add(in RuleRow row)
    {
        _rules.For(TablePartition.MonthOfSeconds(row.Key.WindowSeconds)).Add(in row);
        _rules.SealWhenFull();
    }

    public void Add(in RequestRow row)
    {
        Slot<RequestBlock> slot = row.IsEarly ? _requestsEarly : _requests;
        slot.For(TablePartition.DayOfNanoseconds(row.Record.Head.TimeNs)).Add(in row);
        slot.SealWhenFull();
    }

    public void Add(in QualityRow row)
    {
        _quality1m.For(TablePartition.DayOfSeconds(row.Key.WindowSeconds)).Add(in row);
        _quality1m.SealWhenFull();
    }

    /// <summary>Adds a rejected line.</summary>
    public void Add(in DeadLetterRow row)
    {
        _deadLetters.For(TablePartition.None).Add(in row);
        _deadLetters.SealWhenFull();
    }

    /// <summary>Adds a change of configuration.</summary>
    public void Add(ChangeEntry row)
    {
        ArgumentNullException.ThrowIfNull(row);
        _changes.For(TablePartition.MonthOfNanoseconds(row.TimeNs)).Add(row);
        _changes.SealWhenFull();
    }

    /// <summary>Hands out the full blocks, oldest first.</summary>
    public IReadOnlyList<EncodedBlock> TakeFull()
    {
        if (_full.Count == 0)
        {
            return [];
        }

        EncodedBlock[] taken = [.. _full];
        _full.Clear();
        return taken;
    }

    /// <summary>Hands out all rows: the full blocks, then the ones begun.</summary>
    public IReadOnlyList<EncodedBlock> TakeAll()
    {
        _requests1m.Seal();
        _mitigations1m.Seal();
        _callers1h.Seal();
        _rules.Seal();
        _requests.Seal();
        _requestsEarly.Seal();
        _quality1m.Seal();
        _deadLetters.Seal();
        _changes.Seal();
        return TakeFull();
    }

    /// <summary>The block of one table that is being filled.</summary>
    private sealed class Slot<T>
        where T : TableBlock
    {
        private readonly RowEncoder _encoder;
        private readonly TableShape<T> _shape;
        private readonly Action<TableBlock> _release;
        private T? _block;

        public Slot(RowEncoder encoder, TableShape<T> shape)
        {
            _encoder = encoder;
            _shape = shape;
            _release = shape.Return;
        }

        public int Rows => _block?.Rows ?? 0;

        public T For(long partition)
        {
            if (_block is not null && !_block.Fits(partition, _encoder._options.MaxPartitions))
            {
                Seal();
            }

            return _block ??= _shape.Rent();
        }

        public void SealWhenFull()
        {
            if (_block is { } block && (block.Rows >= _encoder._options.MaxRows || block.IsFull(_encoder._options.MaxBytes)))
            {
                Seal();
            }
        }

        public void Seal()
        {
            if (_block is { Rows: > 0 } block)
            {
                _encoder._full.Add(new EncodedBlock(block, _shape.InsertStatement, _release));
                _block = null;
            }
        }
    }
}
