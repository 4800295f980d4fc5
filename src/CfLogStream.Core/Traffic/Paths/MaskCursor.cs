namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Copies a text and replaces ranges of it, given in order, by <c>***</c>.</summary>
internal ref struct MaskCursor
{
    private readonly Span<byte> _destination;
    private int _read;
    private int _written;

    public MaskCursor(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Source = source;
        _destination = destination;
    }

    /// <summary>The text that is masked.</summary>
    public ReadOnlySpan<byte> Source { get; }

    /// <summary>Replaces a range that lies behind all replaced so far; an empty one stays.</summary>
    public void Mask(int start, int end)
    {
        if (start >= end)
        {
            return;
        }

        Copy(start);
        SecretMask.Mark.CopyTo(_destination[_written..]);
        _written += SecretMask.Mark.Length;
        _read = end;
    }

    /// <summary>Copies what is left and returns the length written.</summary>
    public int Finish()
    {
        Copy(Source.Length);
        return _written;
    }

    private void Copy(int end)
    {
        ReadOnlySpan<byte> kept = Source[_read..end];
        kept.CopyTo(_destination[_written..]);
        _written += kept.Length;
    }
}
