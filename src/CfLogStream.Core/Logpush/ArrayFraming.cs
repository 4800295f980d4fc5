using System.Buffers;

namespace CfLogStream.Core.Logpush;

/// <summary>Takes the brackets and commas off a line that a job's batch_prefix, batch_suffix and record_delimiter put around its
/// object.</summary>
/// <remarks>
/// Such a job writes <c>[{…}</c>, <c>,{…}</c>, <c>{…},</c>, <c>{…}]</c> and lines of brackets and commas alone. What is taken off:
/// before the first brace, <c>[</c> and <c>,</c>; behind a closing brace, <c>,</c> and <c>]</c>; and the white space or byte order
/// mark beside them. Nothing is taken off inside an object, so a whole record stays as it is, and a cut one stays cut: at most it
/// loses a comma or bracket at its very end. Objects side by side in one line are not taken apart; that line is bad JSON.
/// </remarks>
public static class ArrayFraming
{
    private static readonly SearchValues<byte> s_framing = SearchValues.Create(" \t\r[],"u8);

    /// <summary>Returns where the object stands; an empty span for a line of framing alone.</summary>
    public static LineSpan Strip(ReadOnlySpan<byte> bytes, LineSpan line)
    {
        ReadOnlySpan<byte> text = bytes.Slice(line.Start, line.Length);
        if (text is [(byte)'{', .., (byte)'}'])
        {
            return line;
        }

        int mark = text.StartsWith("\uFEFF"u8) ? 3 : 0;
        int first = text[mark..].IndexOfAnyExcept(" \t\r[,"u8) + mark;
        if (first < mark || text[first..].IndexOfAnyExcept(s_framing) < 0)
        {
            return text.IndexOfAny((byte)'[', (byte)']', (byte)',') < 0 ? line : line with { Length = 0 };
        }

        if (text[first] != (byte)'{')
        {
            return line;
        }

        int last = text.LastIndexOfAnyExcept(" \t\r],"u8);
        int end = text[last] == (byte)'}' && text[(last + 1)..].IndexOfAny((byte)']', (byte)',') >= 0 ? last + 1 : text.Length;
        int start = text[mark..first].IndexOfAny((byte)'[', (byte)',') >= 0 ? first : 0;
        return new LineSpan(line.Start + start, end - start);
    }
}
