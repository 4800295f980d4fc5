namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>Measures the header that the engine repeats at the start of each chunk of a streamed result.</summary>
internal static class ChunkHeader
{
    /// <summary>Returns the length of the header.</summary>
    public static int Measure(ReadOnlySpan<byte> chunk, ResultFormat format) => format.Chunks switch
    {
        ChunkKind.HeaderLines => MeasureLines(chunk, format.HeaderParts),
        ChunkKind.HeaderBinary => MeasureBinary(chunk, format.HeaderParts),
        _ => 0,
    };

    // Names in CSV are quoted and may hold line ends and doubled quotes; the other formats escape them.
    private static int MeasureLines(ReadOnlySpan<byte> chunk, int lines)
    {
        bool quoted = false;
        for (int i = 0; i < chunk.Length; i++)
        {
            if (chunk[i] == (byte)'"')
            {
                quoted = !quoted && (i == 0 || chunk[i - 1] != (byte)'\\');
            }
            else if (chunk[i] == (byte)'\n' && !quoted && --lines == 0)
            {
                return i + 1;
            }
        }

        return chunk.Length;
    }

    // A list is the count of columns (once, before the names) and then texts, each with its length before it, all as varints.
    private static int MeasureBinary(ReadOnlySpan<byte> chunk, int lists)
    {
        int at = 0;
        if (!TryReadVarint(chunk, ref at, out int columns))
        {
            return chunk.Length;
        }

        for (int i = 0; i < columns * lists; i++)
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
