using System.Collections.Concurrent;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>What all blocks of one table share: the insert statement, and the blocks that are free to be filled again.</summary>
internal sealed class TableShape<T>
    where T : TableBlock
{
    private readonly ConcurrentQueue<T> _free = new();
    private readonly Func<T> _create;

    public TableShape(string database, Func<T> create)
    {
        _create = create;
        T first = create();
        Table = first.Table;
        string columns = string.Join(", ", first.Columns.Select(column => column.Name));
        InsertStatement = $"INSERT INTO {database}.{first.Table} ({columns}) FORMAT Native";
        _free.Enqueue(first);
    }

    public string Table { get; }

    public string InsertStatement { get; }

    public T Rent() => _free.TryDequeue(out T? block) ? block : _create();

    public void Return(TableBlock block)
    {
        block.Clear();
        _free.Enqueue((T)block);
    }
}
