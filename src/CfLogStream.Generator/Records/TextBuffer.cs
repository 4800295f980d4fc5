using System.Buffers.Text;

namespace CfLogStream.Generator.Records;

/// <summary>A short UTF-8 text that is built again for every request, without escapes.</summary>
internal sealed class TextBuffer
{
    private byte[] _bytes = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Truncate(int length) => Length = length;

    public TextBuffer Append(ReadOnlySpan<byte> text)
    {
        if (_bytes.Length - Length < text.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + text.Length));
        }

        text.CopyTo(_bytes.AsSpan(Length));
        Length += text.Length;
        return this;
    }

    public TextBuffer Append(byte value) => Append([value]);

    public TextBuffer Append(long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out int written);
        return Append(digits[..written]);
    }

    /// <summary>Appends the lowest hexadecimal digits of <paramref name="value"/>.</summary>
    public TextBuffer AppendHex(ulong value, int digits)
    {
        Span<byte> text = stackalloc byte[16];
        for (int i = digits - 1; i >= 0; i--)
        {
            text[i] = "0123456789abcdef"u8[(int)(value & 15)];
            value >>= 4;
        }

        return Append(text[..digits]);
    }

    /// <summary>Appends characters of an alphabet chosen by the bits of <paramref name="value"/>.</summary>
    public TextBuffer AppendFrom(ReadOnlySpan<byte> alphabet, ulong value, int count)
    {
        Span<byte> text = stackalloc byte[64];
        ulong state = value;
        for (int i = 0; i < count; i++)
        {
            text[i] = alphabet[Randomness.Mix.Below(Randomness.Mix.Step(ref state), alphabet.Length)];
        }

        return Append(text[..count]);
    }
}
