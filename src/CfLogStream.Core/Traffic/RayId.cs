using System.Buffers.Text;

namespace CfLogStream.Core.Traffic;

/// <summary>
/// Reads RayIDs: 16 hexadecimal digits are their value, any other text a stable hash; empty, <c>0</c> and <c>00</c> are none.
/// </summary>
public static class RayId
{
    /// <summary>The longest text that is kept; Cloudflare's have 16 characters.</summary>
    public const int MaxLength = 64;

    /// <summary>Reads a RayID; 0 when there is none.</summary>
    /// <param name="isHex">Whether it is 16 hexadecimal digits, and the result their value.</param>
    public static ulong Read(ReadOnlySpan<byte> text, out bool isHex)
    {
        isHex = false;
        if (text.IsEmpty || text.SequenceEqual("0"u8) || text.SequenceEqual("00"u8))
        {
            return 0;
        }

        if (text.Length == 16 && Utf8Parser.TryParse(text, out ulong value, out int consumed, 'x') && consumed == 16)
        {
            isHex = true;
            return value;
        }

        Span<byte> lower = stackalloc byte[MaxLength];
        return StableHash.Of(lower[..Write(text, lower)]);
    }

    /// <summary>Writes the text in lower case, cut at <see cref="MaxLength"/>; nothing when there is no RayID.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Write(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        if (text.SequenceEqual("0"u8) || text.SequenceEqual("00"u8))
        {
            return 0;
        }

        int length = Math.Min(text.Length, MaxLength);
        for (int i = 0; i < length; i++)
        {
            byte b = text[i];
            destination[i] = (uint)(b - 'A') <= 'Z' - 'A' ? (byte)(b | 0x20) : b;
        }

        return length;
    }
}
