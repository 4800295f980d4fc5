namespace CfLogStream.ClickHouse.Rows;

/// <summary>Encodes rows of <c>progress</c> and <c>batches</c>, a few at a time. Safe for several threads.</summary>
public sealed class ProgressEncoder
{
    private readonly TableShape<ProgressBlock> _progress;
    private readonly TableShape<BatchesBlock> _batches;

    public ProgressEncoder(string database)
    {
        SqlIdentifier.Check("database name", database);
        _progress = new(database, () => new ProgressBlock());
        _batches = new(database, () => new BatchesBlock());
    }

    /// <summary>Makes a block of one row of <c>progress</c>.</summary>
    public EncodedBlock Encode(ProgressRow row)
    {
        ProgressBlock block = _progress.Rent();
        block.Add(row);
        return new EncodedBlock(block, _progress.InsertStatement, _progress.Return);
    }

    /// <summary>Makes a block of rows of <c>batches</c>; at least one.</summary>
    public EncodedBlock Encode(IReadOnlyCollection<BatchRow> rows)
    {
        ArgumentOutOfRangeException.ThrowIfZero(rows.Count);
        BatchesBlock block = _batches.Rent();
        foreach (BatchRow row in rows)
        {
            block.Add(row);
        }

        return new EncodedBlock(block, _batches.InsertStatement, _batches.Return);
    }
}
