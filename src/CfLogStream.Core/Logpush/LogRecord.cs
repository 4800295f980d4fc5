using System.Buffers.Text;
using System.Text;

namespace CfLogStream.Core.Logpush;

/// <summary>The wanted fields of one Logpush line, as slots into the line's buffer.</summary>
/// <remarks>
/// Filled by a reader, then asked for values; reused for every line of its thread and valid until the next one is read.
/// Layout: one slot per <see cref="LogField"/>, and the named extra fields in the order of the reader's options. Strings with escapes
/// are decoded on first use into scratch bytes; nothing is allocated once the scratch has grown to the longest record.
/// The accessors take what Logpush really sends: numbers as strings, strings as numbers, a bare string for an array.
/// </remarks>
public sealed class LogRecord
{
    private readonly FieldSlot[] _slots = new FieldSlot[(int)LogField.Count];
    private readonly FieldSlot[] _extraSlots;
    private byte[] _buffer = [];
    private byte[] _scratch = new byte[4096];
    private int _scratchUsed;

    /// <summary>Makes a record that also takes the named extra fields.</summary>
    public LogRecord(int extraFieldCount = 0)
    {
        _extraSlots = new FieldSlot[extraFieldCount];
    }

    /// <summary>The dataset, recognised from the keys.</summary>
    public Dataset Dataset { get; set; }

    /// <summary>Event time in nanoseconds since 1970-01-01 UTC; set when the line is a record.</summary>
    public long TimeNs { get; set; }

    /// <summary>Start and length of the line in the buffer.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(LineStart, LineLength);

    internal int LineStart { get; private set; }

    internal int LineLength { get; private set; }

    /// <summary>Whether the key is in the record, whatever its value.</summary>
    public bool Has(LogField field) => _slots[(int)field].Kind != FieldKind.Absent;

    /// <summary>The field's slot.</summary>
    public FieldSlot Slot(LogField field) => _slots[(int)field];

    /// <summary>The value as text: a string decoded, a number or boolean as written, empty for null and absent, JSON for arrays and
    /// objects.</summary>
    public ReadOnlySpan<byte> Text(LogField field) => Text(ref _slots[(int)field]);

    /// <summary>The value of an extra field as text.</summary>
    public ReadOnlySpan<byte> ExtraText(int index) => Text(ref _extraSlots[index]);

    /// <summary>Whether an extra field is in the record.</summary>
    public bool HasExtra(int index) => _extraSlots[index].Kind != FieldKind.Absent;

    /// <summary>Reads an integer, also from a string of digits and from a whole number written with a point or an exponent.</summary>
    /// <returns>False when it is none, or none that fits.</returns>
    public bool TryGetInt64(LogField field, out long value)
    {
        ReadOnlySpan<byte> text = Text(field);
        return (Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length) || TryParseWhole(text, out value);
    }

    /// <summary>Reads a boolean, also from the string <c>true</c> in any case; false when it is absent or anything else.</summary>
    public bool IsTrue(LogField field) => Ascii.EqualsIgnoreCase(Text(field), "true"u8);

    /// <summary>Enumerates the elements of an array as texts; a bare non-empty string is one element.</summary>
    public TextElements Elements(LogField field) => new(this, _slots[(int)field]);

    /// <summary>Enumerates an object's members as name and value texts.</summary>
    public TextMembers Members(LogField field) => new(this, _slots[(int)field]);

    /// <summary>Forgets the last line and points at the next one.</summary>
    public void Reset(byte[] buffer, int lineStart, int lineLength)
    {
        _buffer = buffer;
        LineStart = lineStart;
        LineLength = lineLength;
        _scratchUsed = 0;
        Dataset = Dataset.Unknown;
        TimeNs = 0;
        _slots.AsSpan().Clear();
        _extraSlots.AsSpan().Clear();
    }

    /// <summary>Sets a field; the last of duplicate keys wins.</summary>
    public void Set(LogField field, FieldSlot slot) => _slots[(int)field] = slot;

    /// <summary>Sets an extra field.</summary>
    public void SetExtra(int index, FieldSlot slot) => _extraSlots[index] = slot;

    /// <summary>Whether the field is a string, a number or a boolean.</summary>
    internal bool IsScalar(LogField field) =>
        _slots[(int)field].Kind is not (FieldKind.Absent or FieldKind.Null or FieldKind.Array or FieldKind.Object);

    /// <summary>The byte of the line where the field's value begins; 0 when it is absent or not part of the line.</summary>
    internal int ColumnOf(LogField field)
    {
        FieldSlot slot = _slots[(int)field];
        return slot.Kind is FieldKind.Absent or FieldKind.DecodedText ? 0 : slot.Start - LineStart;
    }

    /// <summary>Keeps a text that is not in the line for as long as the record is.</summary>
    internal FieldSlot Store(ReadOnlySpan<byte> text)
    {
        GrowScratch(text.Length);
        text.CopyTo(_scratch.AsSpan(_scratchUsed));
        var slot = new FieldSlot(_scratchUsed, text.Length, FieldKind.DecodedText);
        _scratchUsed += text.Length;
        return slot;
    }

    internal ReadOnlySpan<byte> Raw(int start, int length) => _buffer.AsSpan(start, length);

    /// <summary>The buffer from <paramref name="start"/> on: a value, and whatever else comes behind it.</summary>
    internal ReadOnlySpan<byte> RawFrom(int start) => _buffer.AsSpan(start);

    /// <summary>Decodes the escapes of a string's content into scratch bytes and returns their slot.</summary>
    internal FieldSlot Decode(int start, int length)
    {
        GrowScratch(length);
        int written = JsonText.Unescape(_buffer.AsSpan(start, length), _scratch.AsSpan(_scratchUsed));
        var slot = new FieldSlot(_scratchUsed, written, FieldKind.DecodedText);
        _scratchUsed += written;
        return slot;
    }

    internal ReadOnlySpan<byte> Decoded(FieldSlot slot) => _scratch.AsSpan(slot.Start, slot.Length);

    private static bool TryParseWhole(ReadOnlySpan<byte> text, out long value)
    {
        const double FirstInexact = 9_007_199_254_740_992;
        value = 0;
        if (text.IsEmpty || text[0] is not ((byte)'-' or (>= (byte)'0' and <= (byte)'9'))
            || !Utf8Parser.TryParse(text, out double number, out int consumed) || consumed != text.Length
            || number != Math.Floor(number) || Math.Abs(number) >= FirstInexact)
        {
            return false;
        }

        value = (long)number;
        return true;
    }

    /// <summary>Makes room in the scratch bytes; spans into the old ones stay readable.</summary>
    private void GrowScratch(int length)
    {
        if (_scratch.Length - _scratchUsed < length)
        {
            Array.Resize(ref _scratch, Math.Max(_scratch.Length * 2, _scratchUsed + length));
        }
    }

    private ReadOnlySpan<byte> Text(ref FieldSlot slot)
    {
        switch (slot.Kind)
        {
            case FieldKind.Absent:
            case FieldKind.Null:
                return default;
            case FieldKind.EscapedText:
                slot = Decode(slot.Start, slot.Length);
                return Decoded(slot);
            case FieldKind.DecodedText:
                return Decoded(slot);
            default:
                return _buffer.AsSpan(slot.Start, slot.Length);
        }
    }
}
