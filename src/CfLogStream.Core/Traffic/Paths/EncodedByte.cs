namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Reads bytes that may be percent-encoded once or several times over, as URLs inside queries are.</summary>
internal static class EncodedByte
{
    /// <summary>Reads the byte at <paramref name="at"/> and moves on; <paramref name="depth"/> says how often it was encoded.</summary>
    public static byte Read(ReadOnlySpan<byte> text, ref int at, out int depth)
    {
        depth = 0;
        if (text[at] != '%' || !PercentCode.TryRead(text, at, out byte value))
        {
            return text[at++];
        }

        // %3D is '=', %253D is '=' encoded twice: the percent sign is itself encoded, and its digits follow.
        depth = 1;
        at++;
        while (value == '%' && PercentCode.TryReadDigits(text, at + 2, out byte inner))
        {
            value = inner;
            depth++;
            at += 2;
        }

        at += 2;
        return value;
    }
}
