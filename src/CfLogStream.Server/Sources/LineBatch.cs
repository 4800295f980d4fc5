using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Server.Sources;

/// <summary>Whole lines of one source, one after the other, in a buffer from a pool.</summary>
/// <remarks>Whoever has it disposes it once, which returns it to its pool; its bytes and spans are not valid any more then.</remarks>
public sealed class LineBatch : IDisposable
{
    private readonly LineBatchPool _pool;
    private int _rented;

    internal LineBatch(LineBatchPool pool, int bufferBytes)
    {
        _pool = pool;
        Buffer = new PaddedBuffer(bufferBytes);
    }

    /// <summary>The lines with their 0x0A; the last line of a source may lack it. Every reader of records takes them from here.</summary>
    public PaddedBuffer Buffer { get; }

    /// <summary>The number of lines.</summary>
    public int Count { get; private set; }

    /// <summary>The source's name.</summary>
    public string Source { get; private set; } = "";

    /// <summary>The 1-based number of the first line in its source.</summary>
    public long FirstLineNumber { get; private set; }

    /// <summary>The offset of the first line in the inflated source.</summary>
    public long FirstByteOffset { get; private set; }

    /// <summary>A line longer than any buffer that came after the lines of this batch.</summary>
    public DeadLetter? LongLine { get; internal set; }

    /// <summary>The 1-based number in its source of the line at an index.</summary>
    public long LineNumber(int index) => FirstLineNumber + index;

    /// <summary>The offset in the inflated source of a position in the buffer's bytes.</summary>
    public long ByteOffset(int position) => FirstByteOffset + position - PaddedBuffer.Padding;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, 0) == 1)
        {
            _pool.Return(this);
        }
    }

    internal void Begin(string source, long firstLineNumber, long firstByteOffset)
    {
        _rented = 1;
        Source = source;
        FirstLineNumber = firstLineNumber;
        FirstByteOffset = firstByteOffset;
        LongLine = null;
        End(0, 0);
    }

    /// <summary>Says how many bytes of the buffer are how many lines.</summary>
    internal void End(int bytes, int lines)
    {
        Buffer.End(bytes);
        Count = lines;
    }
}
