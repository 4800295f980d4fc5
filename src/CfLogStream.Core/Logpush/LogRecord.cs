using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using CfLogStream.Core.Logpush.Shapes;

namespace CfLogStream.Core.Logpush;

/// <summary>The wanted fields of one Logpush line, as slots into the line's buffer.</summary>
/// <remarks>
/// Filled by a reader, then asked for values; reused for every line of its thread and valid until the next one is read.
/// Layout: 256 slots, of which the first is always absent, and a map from field to slot. A line that was read by its shape has a slot per
/// member, and the shape's map; any other line has one slot per <see cref="LogField"/> and extra field, and the plain map. So nothing is
/// cleared or copied for fields that a line does not have. Strings with escapes are decoded on first use into scratch bytes; nothing is
/// allocated once the scratch has grown to the longest record.
/// The accessors take what Logpush really sends: numbers as strings, strings as numbers, a bare string for an array.
/// </remarks>
public sealed class LogRecord
{
    private const int FirstExtraSlot = 1 + (int)LogField.Count;
    private const int SlotCount = 1 + RecordShape.MaxMembers;

    private static readonly byte[] s_plainFieldMap = [.. Enumerable.Range(1, (int)LogField.Count).Select(slot => (byte)slot)];

    private readonly int[] _starts = new int[SlotCount + MemberRun.Lanes];
    private readonly int[] _lengths = new int[SlotCount + MemberRun.Lanes];
    private readonly FieldKind[] _kinds = new FieldKind[SlotCount];
    private readonly byte[] _plainExtraMap;
    private byte[] _fieldMap = s_plainFieldMap;
    private byte[] _extraMap;
    private byte[] _buffer = [];
    private byte[] _scratch = new byte[4096];
    private int _scratchUsed;

    /// <summary>Makes a record that also takes the named extra fields.</summary>
    public LogRecord(int extraFieldCount = 0)
    {
        _plainExtraMap = [.. Enumerable.Range(FirstExtraSlot, extraFieldCount).Select(slot => (byte)slot)];
        _extraMap = _plainExtraMap;
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
    public bool Has(LogField field) => KindOf(field) != FieldKind.Absent;

    /// <summary>How the field's value stands in the record.</summary>
    public FieldKind KindOf(LogField field) => _kinds[_fieldMap[(int)field]];

    /// <summary>The field's slot.</summary>
    public FieldSlot Slot(LogField field) => SlotAt(_fieldMap[(int)field]);

    /// <summary>The value as text: a string decoded, a number or boolean as written, empty for null and absent, JSON for arrays and
    /// objects.</summary>
    public ReadOnlySpan<byte> Text(LogField field) => TextAt(_fieldMap[(int)field]);

    /// <summary>The value as text, as <see cref="Text(LogField)"/>, and how it stands in the record, by one look into the map.</summary>
    /// <param name="rest">The text and what happens to stand behind it: mostly enough that a short text can be copied by one
    /// vector.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Text(LogField field, out FieldKind kind, out ReadOnlySpan<byte> rest)
    {
        int slot = _fieldMap[(int)field];
        kind = _kinds[slot];
        if (kind >= FieldKind.Text)
        {
            rest = _buffer.AsSpan(_starts[slot]);
            return rest[.._lengths[slot]];
        }

        rest = kind >= FieldKind.EscapedText ? DecodedAt(slot) : default;
        return rest;
    }

    /// <summary>The value of an extra field as text.</summary>
    public ReadOnlySpan<byte> ExtraText(int index) => TextAt(_extraMap[index]);

    /// <summary>Whether an extra field is in the record.</summary>
    public bool HasExtra(int index) => _kinds[_extraMap[index]] != FieldKind.Absent;

    /// <summary>Reads an integer, also from a string of digits and from a whole number written with a point or an exponent.</summary>
    /// <returns>False when it is none, or none that fits.</returns>
    public bool TryGetInt64(LogField field, out long value)
    {
        ReadOnlySpan<byte> text = Text(field);
        if (text.Length < Digits.MaxLength && Digits.TryParse(text, out ulong digits))
        {
            value = (long)digits;
            return true;
        }

        return (Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length) || TryParseWhole(text, out value);
    }

    /// <summary>Reads a boolean, also from the string <c>true</c> in any case; false when it is absent or anything else.</summary>
    public bool IsTrue(LogField field) => Ascii.EqualsIgnoreCase(Text(field), "true"u8);

    /// <summary>Enumerates the elements of an array as texts; a bare non-empty string is one element.</summary>
    public TextElements Elements(LogField field) => new(this, Slot(field));

    /// <summary>Enumerates an object's members as name and value texts.</summary>
    public TextMembers Members(LogField field) => new(this, Slot(field));

    /// <summary>Forgets the last line and points at the next one.</summary>
    public void Reset(byte[] buffer, int lineStart, int lineLength)
    {
        _buffer = buffer;
        LineStart = lineStart;
        LineLength = lineLength;
        _scratchUsed = 0;
        Dataset = Dataset.Unknown;
        TimeNs = 0;
        _fieldMap = s_plainFieldMap;
        _extraMap = _plainExtraMap;
        _kinds.AsSpan(0, FirstExtraSlot + _plainExtraMap.Length).Clear();
    }

    /// <summary>Points at a line that is being read by its shape; spans and kinds are filled by who reads it.</summary>
    internal void BeginShape(byte[] buffer, int lineStart, int lineLength, RecordShape shape)
    {
        _buffer = buffer;
        LineStart = lineStart;
        LineLength = lineLength;
        _scratchUsed = 0;
        Dataset = shape.Dataset;
        TimeNs = 0;
        _fieldMap = shape.FieldMap;
        _extraMap = shape.ExtraMap;
        shape.Kinds.AsSpan().CopyTo(_kinds);
    }

    /// <summary>Where values start, by slot; as many more as are written at once.</summary>
    internal int[] Starts => _starts;

    /// <summary>How long values are, by slot; as many more as are written at once.</summary>
    internal int[] Lengths => _lengths;

    /// <summary>The kinds of a line read by its shape, by slot.</summary>
    internal FieldKind[] Kinds => _kinds;

    /// <summary>Sets a field; the last of duplicate keys wins.</summary>
    /// <remarks>Only for a record that was <see cref="Reset"/>: one read by its shape is complete.</remarks>
    public void Set(LogField field, FieldSlot slot) => SetAt(s_plainFieldMap[(int)field], slot);

    /// <summary>Sets an extra field.</summary>
    public void SetExtra(int index, FieldSlot slot) => SetAt(_plainExtraMap[index], slot);

    /// <summary>Whether the field is a string, a number or a boolean.</summary>
    internal bool IsScalar(LogField field) =>
        KindOf(field) is not (FieldKind.Absent or FieldKind.Null or FieldKind.Array or FieldKind.Object);

    /// <summary>The byte of the line where the field's value begins; 0 when it is absent or not part of the line.</summary>
    internal int ColumnOf(LogField field)
    {
        FieldSlot slot = Slot(field);
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

    private FieldSlot SlotAt(int slot) => new(_starts[slot], _lengths[slot], _kinds[slot]);

    private void SetAt(int index, FieldSlot slot)
    {
        _starts[index] = slot.Start;
        _lengths[index] = slot.Length;
        _kinds[index] = slot.Kind;
    }

    private ReadOnlySpan<byte> TextAt(int slot)
    {
        FieldKind kind = _kinds[slot];
        return kind >= FieldKind.Text ? _buffer.AsSpan(_starts[slot], _lengths[slot])
            : kind >= FieldKind.EscapedText ? DecodedAt(slot)
            : default;
    }

    private ReadOnlySpan<byte> DecodedAt(int slot)
    {
        if (_kinds[slot] == FieldKind.EscapedText)
        {
            SetAt(slot, Decode(_starts[slot], _lengths[slot]));
        }

        return _scratch.AsSpan(_starts[slot], _lengths[slot]);
    }
}
