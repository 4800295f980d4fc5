using CfLogStream.Core.Insight.Changes;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Encodes rows of <c>changes</c> that come one by one: marks and withdrawals.</summary>
public sealed class ChangeEncoder
{
    private readonly TableShape<ChangesBlock> _changes;

    public ChangeEncoder(string database)
    {
        SqlIdentifier.Check("database name", database);
        _changes = new(database, () => new ChangesBlock());
    }

    /// <summary>Makes a block of one row.</summary>
    public EncodedBlock Encode(ChangeEntry row)
    {
        ArgumentNullException.ThrowIfNull(row);
        ChangesBlock block = _changes.Rent();
        block.Add(row);
        return new EncodedBlock(block, _changes.InsertStatement, _changes.Return);
    }
}
