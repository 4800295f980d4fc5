namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>
/// Takes the header off the chunks of a streamed result but the first: the engine writes each chunk as a result of its own. A chunk of
/// rows starts with the header; one of totals or extremes, where the engine notices late that none was written, ends with it.
/// </summary>
internal sealed class ChunkHeader
{
    private readonly ResultFormat _format;
    private byte[]? _header;

    public ChunkHeader(ResultFormat format) => _format = format;

    /// <summary>Returns which bytes of the next chunk belong to the answer.</summary>
    public Range Trim(ReadOnlySpan<byte> chunk)
    {
        if (_header is null)
        {
            _header = chunk[..Measure(chunk)].ToArray();
            return Range.All;
        }

        return chunk.StartsWith(_header) ? _header.Length..chunk.Length
            : chunk.EndsWith(_header) ? 0..(chunk.Length - _header.Length)
            : Range.All;
    }

    private int Measure(ReadOnlySpan<byte> chunk) => _format.Chunks switch
    {
        ChunkKind.HeaderLines => MeasureLines(chunk, quotes: false),
        ChunkKind.HeaderQuotedLines => MeasureLines(chunk, quotes: true),
        ChunkKind.HeaderBinary => MeasureBinary(chunk),
        _ => 0,
    };

    private int MeasureLines(ReadOnlySpan<byte> chunk, bool quotes)
    {
        int lines = _format.HeaderParts;
        bool quoted = false;
        for (int i = 0; i < chunk.Length; i++)
        {
            // A doubled quote switches twice.
            quoted ^= quotes && chunk[i] == (byte)'"';
            if (chunk[i] == (byte)'\n' && !quoted && --lines == 0)
            {
                return i + 1;
            }
        }

        return chunk.Length;
    }

    // The count of columns, their names and perhaps their types, each text with its length before it; numbers are varints.
    private int MeasureBinary(ReadOnlySpan<byte> chunk)
    {
        int at = 0;
        if (!TryReadVarint(chunk, ref at, out int columns))
        {
            return chunk.Length;
        }

        for (int i = 0; i < columns * _format.HeaderParts; i++)
        {
            if (!TryReadVarint(chunk, ref at, out int length) || length > chunk.Length - at)
            {
                return chunk.Length;
            }

            at += length;
        }

        return at;
    }

    private static bool TryReadVarint(ReadOnlySpan<byte> bytes, ref int at, out int value)
    {
        value = 0;
        for (int shift = 0; shift < 28 && at < bytes.Length; shift += 7)
        {
            byte next = bytes[at++];
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
