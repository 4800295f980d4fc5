using CfLogStream.Core.Logpush;

namespace CfLogStream.Server.Sources;

/// <summary>Whole lines of one source, one after the other, in a buffer from a pool.</summary>
/// <remarks>Whoever has it disposes it once, which returns it to its pool; its bytes and spans are not valid any more then.</remarks>
public sealed class LineBatch : IDisposable
{
    private readonly LineBatchPool _pool;
    private LineSpan[] _lines = new LineSpan[1024];
    private int _rented;

    internal LineBatch(LineBatchPool pool, int bufferBytes)
    {
        _pool = pool;
        Buffer = new byte[bufferBytes];
    }

    /// <summary>The bytes that the lines stand in.</summary>
    public byte[] Buffer { get; }

    /// <summary>The lines. One that only frames a JSON array is empty.</summary>
    public ReadOnlySpan<LineSpan> Lines => _lines.AsSpan(0, Count);

    /// <summary>The number of lines.</summary>
    public int Count { get; private set; }

    /// <summary>The source's name.</summary>
    public string Source { get; private set; } = "";

    /// <summary>The 1-based number of the first line in its source.</summary>
    public long FirstLineNumber { get; private set; }

    /// <summary>The offset of the buffer's first byte in the inflated source.</summary>
    public long FirstByteOffset { get; private set; }

    /// <summary>A line longer than any buffer that came after the lines of this batch.</summary>
    public DeadLetter? LongLine { get; internal set; }

    /// <summary>The 1-based number in its source of the line at an index.</summary>
    public long LineNumber(int index) => FirstLineNumber + index;

    /// <summary>The offset in the inflated source of the line at an index.</summary>
    public long ByteOffset(int index) => FirstByteOffset + _lines[index].Start;

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
        Count = 0;
    }

    internal void Add(LineSpan line)
    {
        if (Count == _lines.Length)
        {
            Array.Resize(ref _lines, _lines.Length * 2);
        }

        _lines[Count++] = line;
    }
}
