using CfLogStream.ClickHouse.Native;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>The columns of one table while rows are added to them; one class per table adds its rows.</summary>
/// <remarks>
/// One thread adds; when the block is handed out nobody adds any more. Everything is kept column by column, so that a block can be sent
/// as it is or in parts, and nothing is allocated once the columns have grown to the size of a block.
/// </remarks>
internal abstract class TableBlock
{
    /// <summary>About what the dimensions of a row take, their dictionaries included.</summary>
    protected const int KeyBytes = 128;

    private readonly List<NamedColumn> _columns = [];
    private readonly List<NativeColumn> _varying = [];
    private long[] _partitions = new long[16];
    private long _fixedWidth;
    private long _bytesSinceLook;

    protected TableBlock(string table)
    {
        Table = table;
    }

    public string Table { get; }

    /// <summary>The columns that are sent, in their order.</summary>
    public IReadOnlyList<NamedColumn> Columns => _columns;

    public int Rows { get; private set; }

    /// <summary>Table partitions (days or months) that the rows belong to.</summary>
    public int Partitions { get; private set; }

    /// <summary>About the bytes that sending the rows takes, before compression.</summary>
    public long Bytes
    {
        get
        {
            long bytes = _fixedWidth * Rows;
            foreach (NativeColumn column in _varying)
            {
                bytes += column.Bytes;
            }

            return bytes;
        }
    }

    /// <summary>Whether the rows are as many bytes; may say so a sixty-fourth late.</summary>
    /// <remarks>Every column has to be asked for its bytes, which costs as much as adding a row. So it is done only once the rows added since
    /// may have brought a sixty-fourth of the limit.</remarks>
    public bool IsFull(long maxBytes)
    {
        if (_bytesSinceLook < maxBytes / 64)
        {
            return false;
        }

        _bytesSinceLook = 0;
        return Bytes >= maxBytes;
    }

    public void Clear()
    {
        foreach (NamedColumn column in _columns)
        {
            column.Column.Clear();
        }

        Rows = 0;
        Partitions = 0;
        _bytesSinceLook = 0;
    }

    /// <summary>Whether a row of a table partition may join without the block then spanning more than so many.</summary>
    public bool Fits(long partition, int maxPartitions) =>
        Partitions < maxPartitions || _partitions.AsSpan(0, Partitions).Contains(partition);

    /// <summary>Declares a column; the order of declarations is the order of sending.</summary>
    protected T Column<T>(string name, T column)
        where T : NativeColumn
    {
        _columns.Add(new NamedColumn(name, column));
        if (column.FixedWidth >= 0)
        {
            _fixedWidth += column.FixedWidth;
        }
        else
        {
            _varying.Add(column);
        }

        return column;
    }

    /// <summary>Ends a row after every column has got its value.</summary>
    /// <param name="varyingBytes">About the bytes that the columns of varying width got, rather too many than too few.</param>
    protected void EndRow(long partition, long varyingBytes)
    {
        Rows++;
        _bytesSinceLook += _fixedWidth + varyingBytes;
        int count = Partitions;
        if (count > 0 && (_partitions[count - 1] == partition || _partitions.AsSpan(0, count).Contains(partition)))
        {
            return;
        }

        if (count == _partitions.Length)
        {
            Array.Resize(ref _partitions, count * 2);
        }

        _partitions[count] = partition;
        Partitions = count + 1;
    }
}
