namespace CfLogStream.ClickHouse.Rows;

/// <summary>Encodes rows of <c>objects_read</c>. Safe for several threads.</summary>
public sealed class ObjectEncoder
{
    private readonly TableShape<ObjectsBlock> _objects;

    public ObjectEncoder(string database)
    {
        SqlIdentifier.Check("database name", database);
        _objects = new(database, () => new ObjectsBlock());
    }

    /// <summary>Makes a block of rows; at least one.</summary>
    public EncodedBlock Encode(IReadOnlyCollection<ObjectRow> rows)
    {
        ArgumentOutOfRangeException.ThrowIfZero(rows.Count);
        ObjectsBlock block = _objects.Rent();
        foreach (ObjectRow row in rows)
        {
            block.Add(row);
        }

        return new EncodedBlock(block, _objects.InsertStatement, _objects.Return);
    }
}
