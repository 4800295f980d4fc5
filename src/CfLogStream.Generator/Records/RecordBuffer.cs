using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace CfLogStream.Generator.Records;

/// <summary>A growing buffer of UTF-8 that JSON is written into.</summary>
/// <remarks>
/// One buffer serves all records of one dataset; it is cleared, never reallocated in the steady state. Literals with their quotes, colons
/// and
/// commas are copied whole, so that the price of a record is mostly memory copies; texts are searched for bytes that need an escape with
/// a vectorised search and copied whole when there are none, which is nearly always.
/// </remarks>
internal sealed class RecordBuffer
{
    private static readonly SearchValues<byte> s_escaped = SearchValues.Create(EscapedBytes(false));
    private static readonly SearchValues<byte> s_htmlEscaped = SearchValues.Create(EscapedBytes(true));

    private byte[] _bytes;
    private int _length;

    public RecordBuffer(int capacity = 16 * 1024) => _bytes = new byte[capacity];

    /// <summary>When set, <c>&amp;</c>, <c>&lt;</c> and <c>&gt;</c> are written as <c>\u0026</c> and so on, as Go's encoder does.</summary>
    public bool EscapeHtml { get; init; }

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    /// <summary>Cuts the buffer to <paramref name="length"/> bytes.</summary>
    public void Truncate(int length) => _length = length;

    /// <summary>Appends bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _length += bytes.Length;
    }

    public void Raw(byte value)
    {
        Reserve(1)[0] = value;
        _length++;
    }

    public void Number(long value)
    {
        Utf8Formatter.TryFormat(value, Reserve(20), out int written);
        _length += written;
    }

    /// <summary>Appends a number with leading zeros.</summary>
    public void Digits(long value, int digits)
    {
        Span<byte> place = Reserve(digits);
        for (int i = digits - 1; i >= 0; i--)
        {
            place[i] = (byte)('0' + (value % 10));
            value /= 10;
        }

        _length += digits;
    }

    /// <summary>Appends sixteen lower-case hexadecimal digits.</summary>
    public void Hex16(ulong value) => Hex(value, 16);

    /// <summary>Appends the lowest <paramref name="digits"/> hexadecimal digits.</summary>
    public void Hex(ulong value, int digits)
    {
        Span<byte> place = Reserve(digits);
        for (int i = digits - 1; i >= 0; i--)
        {
            place[i] = "0123456789abcdef"u8[(int)(value & 15)];
            value >>= 4;
        }

        _length += digits;
    }

    public void Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>Appends a text with JSON escapes, without the quotes around it.</summary>
    public void Escaped(ReadOnlySpan<byte> text)
    {
        SearchValues<byte> special = EscapeHtml ? s_htmlEscaped : s_escaped;
        while (true)
        {
            int plain = text.IndexOfAny(special);
            if (plain < 0)
            {
                Raw(text);
                return;
            }

            Raw(text[..plain]);
            Escape(text[plain]);
            text = text[(plain + 1)..];
        }
    }

    /// <summary>Appends a text with quotes and escapes.</summary>
    public void Quoted(ReadOnlySpan<byte> text)
    {
        Raw((byte)'"');
        Escaped(text);
        Raw((byte)'"');
    }

    public void Quoted(string text)
    {
        int size = Encoding.UTF8.GetByteCount(text);
        byte[]? rented = size > 256 ? ArrayPool<byte>.Shared.Rent(size) : null;
        Span<byte> bytes = rented ?? stackalloc byte[256];
        try
        {
            Quoted(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private static byte[] EscapedBytes(bool html)
    {
        var bytes = new List<byte> { (byte)'"', (byte)'\\', 0x7F };
        for (byte control = 0; control < 0x20; control++)
        {
            bytes.Add(control);
        }

        if (html)
        {
            bytes.AddRange("<>&"u8);
        }

        return [.. bytes];
    }

    private void Escape(byte value)
    {
        switch (value)
        {
            case (byte)'"':
                Raw("\\\""u8);
                break;
            case (byte)'\\':
                Raw("\\\\"u8);
                break;
            case (byte)'\n':
                Raw("\\n"u8);
                break;
            case (byte)'\r':
                Raw("\\r"u8);
                break;
            case (byte)'\t':
                Raw("\\t"u8);
                break;
            default:
                Raw("\\u00"u8);
                Hex(value, 2);
                break;
        }
    }

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }

        return _bytes.AsSpan(_length);
    }
}
