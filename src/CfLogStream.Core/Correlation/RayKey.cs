using System.Buffers.Text;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>A RayID: the value of its 16 hexadecimal digits, or a hash with the text beside it.</summary>
internal readonly ref struct RayKey
{
    private RayKey(ulong value, bool isHex, ReadOnlySpan<byte> text)
    {
        Value = value;
        IsHex = isHex;
        Text = text;
    }

    public ulong Value { get; }

    public bool IsHex { get; }

    /// <summary>The text; only read when the ray is not hexadecimal.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>The ray of a record.</summary>
    public static RayKey Of(in TrafficRecord record) =>
        (record.Head.Flags & RecordFlags.HexRay) != 0
            ? new RayKey(record.Head.Ray, true, default)
            : new RayKey(record.Head.Ray, false, record[RecordText.Ray]);

    /// <summary>The parent's ray of a Worker's subrequest; without its text it is taken for hexadecimal, as Cloudflare's are.</summary>
    public static RayKey ParentOf(in TrafficRecord record)
    {
        ReadOnlySpan<byte> text = record[RecordText.ParentRay];
        return text.IsEmpty ? new RayKey(record.Head.ParentRay, true, default) : Parse(text);
    }

    /// <summary>Reads a ray from its text.</summary>
    public static RayKey Parse(ReadOnlySpan<byte> text)
    {
        return text.Length == 16 && Utf8Parser.TryParse(text, out ulong value, out int read, 'x') && read == 16
            ? new RayKey(value, true, default)
            : new RayKey(StableHash.Of(text), false, text);
    }

    /// <summary>Whether a text names no ray: empty or only zeros.</summary>
    public static bool IsNone(ReadOnlySpan<byte> text) => text.TrimStart((byte)'0').IsEmpty;

    /// <summary>Returns the text of a hexadecimal ray.</summary>
    public static Utf8Text Format(ulong value)
    {
        Span<byte> text = stackalloc byte[16];
        Utf8Formatter.TryFormat(value, text, out _, new System.Buffers.StandardFormat('x', 16));
        return Utf8Text.Copy(text);
    }
}
