namespace CfLogStream.Core.Logpush;

/// <summary>Cuts bytes into lines at 0x0A, and at nothing else: values may hold U+2028, U+0085, 0x0B and 0x0C raw.</summary>
/// <remarks>A 0x0D before the 0x0A stays in the line, where it is white space.</remarks>
public ref struct LineSplitter
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _next;

    public LineSplitter(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
    }

    /// <summary>Where the bytes begin that no 0x0A has ended yet.</summary>
    public readonly int RestStart => _next;

    /// <summary>Reads the next line that ends with 0x0A.</summary>
    public bool TryReadLine(out LineSpan line)
    {
        int length = _bytes[_next..].IndexOf((byte)'\n');
        if (length < 0)
        {
            line = default;
            return false;
        }

        line = new LineSpan(_next, length);
        _next += length + 1;
        return true;
    }

    /// <summary>Reads what is left as the last line, which a file may end without 0x0A; false when nothing is left.</summary>
    public bool TryReadRest(out LineSpan line)
    {
        line = new LineSpan(_next, _bytes.Length - _next);
        _next = _bytes.Length;
        return line.Length > 0;
    }
}
