using CfLogStream.ClickHouse.Native;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Rows of one table, ready to be inserted; give it back with <see cref="Dispose"/> when they are acknowledged.</summary>
/// <remarks>Only read after it was handed out, so that it can be sent again, whole or in parts, as often as it takes.</remarks>
public sealed class EncodedBlock : IDisposable
{
    private readonly Action<TableBlock> _release;
    private TableBlock? _block;
    private int _holders = 1;
    private int _isDisposed;

    internal EncodedBlock(TableBlock block, string insertStatement, Action<TableBlock> release)
    {
        _block = block;
        _release = release;
        Table = block.Table;
        InsertStatement = insertStatement;
        Rows = block.Rows;
        Bytes = block.Bytes;
    }

    /// <summary>The table, without its database.</summary>
    public string Table { get; }

    /// <summary>The statement that takes the block: INSERT INTO database.table (columns) FORMAT Native.</summary>
    public string InsertStatement { get; }

    public int Rows { get; }

    /// <summary>About the bytes that are sent, before compression.</summary>
    public long Bytes { get; }

    /// <summary>Writes some of the rows as one Native block.</summary>
    public async ValueTask WriteAsync(Stream destination, int start, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + count, Rows);
        TableBlock block = _block ?? throw new ObjectDisposedException(nameof(EncodedBlock));
        ByteBuffer scratch = ByteBufferPool.Rent();
        try
        {
            await NativeBlockWriter.WriteAsync(destination, block.Columns, start, count, scratch, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ByteBufferPool.Return(scratch);
        }
    }

    /// <summary>Gives the memory back to the encoder, once nobody else holds it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Release();
        }
    }

    /// <summary>Keeps the rows beyond <see cref="Dispose"/>, until <see cref="Release"/>; called before its owner disposes it.</summary>
    internal void Hold() => Interlocked.Increment(ref _holders);

    /// <summary>Ends what <see cref="Hold"/> began.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0 && Interlocked.Exchange(ref _block, null) is { } block)
        {
            _release(block);
        }
    }
}
