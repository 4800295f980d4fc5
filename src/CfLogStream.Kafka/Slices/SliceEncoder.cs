using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Slices.Schemas;

namespace CfLogStream.Kafka.Slices;

/// <summary>Writes records of one kind as Avro, in the order of the kind's schema. One per thread.</summary>
/// <remarks>
/// A step per field of the schema: one byte where it is not logged, else its branch and its bytes. Before a text is written there is always
/// room for it and for all fixed parts that may follow, so nothing else looks at the room. Nothing is allocated once the buffer has grown.
/// </remarks>
internal sealed class SliceEncoder
{
    // The zigzag of a union's branch.
    private const byte Null = 0;
    private const byte Long = 2;
    private const byte TextBesideBytes = 2;
    private const byte TextBesideLong = 4;
    private const byte Json = 4;

    private const int MaxVarint = 10;

    private readonly FieldStep[] _fields;
    private readonly byte[][] _extraNames;
    private readonly bool _hasCopies;
    private readonly int _room;

    public SliceEncoder(SliceKind kind, IReadOnlyList<string> extraFields)
    {
        SliceSchema schema = SliceSchemas.Current(kind);
        Fingerprint = schema.Fingerprint;
        _extraNames = [.. extraFields.Select(Encoding.UTF8.GetBytes)];
        _hasCopies = SliceKinds.HasCopies(kind);
        _fields = [.. schema.Plan.Steps.Where(step => step.Op == RecordOp.Value).Select(step => new FieldStep(step.Field, FormOf(step)))];
        _room = ((_fields.Length + 16) * (1 + MaxVarint)) + _extraNames.Sum(name => name.Length + (2 * MaxVarint));
    }

    /// <summary>The fingerprint of the schema that it writes.</summary>
    public ulong Fingerprint { get; }

    /// <summary>Appends a record of one of the four datasets.</summary>
    public void Write(LogRecord record, long position, bool isCopy, SliceBuffer buffer)
    {
        int at = buffer.Length;
        byte[] bytes = buffer.Ensure(at + _room);
        at = SliceBuffer.WriteLong(bytes, at, record.TimeNs);
        at = SliceBuffer.WriteLong(bytes, at, position);
        if (_hasCopies)
        {
            bytes[at++] = isCopy ? (byte)1 : (byte)0;
        }

        foreach (FieldStep field in _fields)
        {
            ReadOnlySpan<byte> text = record.Text(field.Field, out FieldKind kind, out ReadOnlySpan<byte> rest);
            if (kind <= FieldKind.Null)
            {
                bytes[at++] = Null;
                continue;
            }

            if (field.Form == FieldForm.Text)
            {
                bytes[at++] = kind is FieldKind.Array or FieldKind.Object ? Json : TextBesideBytes;
            }
            else if (TryReadLong(field.Form, text, out long value))
            {
                bytes[at++] = Long;
                at = SliceBuffer.WriteLong(bytes, at, value);
                continue;
            }
            else
            {
                bytes[at++] = TextBesideLong;
            }

            // Not by WriteBytes: a reference to the array would keep it out of its register.
            if (bytes.Length - at - _room < text.Length)
            {
                bytes = buffer.Ensure(at + _room + text.Length);
            }

            at = SliceBuffer.WriteLong(bytes, at, text.Length);
            if (text.Length <= Vector512<byte>.Count && rest.Length >= Vector512<byte>.Count)
            {
                // What it copies too much is overwritten; there is room for it. Lengths vary from text to text, so a copy that goes by them
                // mostly jumps to where the processor did not expect.
                Vector512.Create(rest).CopyTo(bytes.AsSpan(at));
            }
            else
            {
                text.CopyTo(bytes.AsSpan(at));
            }

            at += text.Length;
        }

        buffer.Length = WriteExtras(record, at, bytes, buffer);
        buffer.Count++;
    }

    /// <summary>Appends a dead letter.</summary>
    public void Write(DeadLetter letter, long position, SliceBuffer buffer)
    {
        int at = buffer.Length;
        byte[] bytes = buffer.Ensure(at + _room);
        at = WriteBytes(Encoding.UTF8.GetBytes(ReadStatusNames.Of(letter.Reason)), at, ref bytes, buffer);
        at = WriteBytes(Encoding.UTF8.GetBytes(DatasetNames.Of(letter.Dataset)), at, ref bytes, buffer);
        at = SliceBuffer.WriteLong(bytes, at, letter.TimeNs);
        at = SliceBuffer.WriteLong(bytes, at, position);
        at = SliceBuffer.WriteLong(bytes, at, letter.LineNumber);
        at = SliceBuffer.WriteLong(bytes, at, letter.ByteOffset);
        at = SliceBuffer.WriteLong(bytes, at, letter.ErrorColumn);
        at = WriteBytes(letter.FirstBytes, at, ref bytes, buffer);
        at = SliceBuffer.WriteLong(bytes, at, unchecked((long)letter.ContentHash));
        buffer.Length = SliceBuffer.WriteLong(bytes, at, letter.Length);
        buffer.Count++;
    }

    private int WriteExtras(LogRecord record, int at, byte[] bytes, SliceBuffer buffer)
    {
        int count = 0;
        for (int i = 0; i < _extraNames.Length; i++)
        {
            count += record.HasExtra(i) ? 1 : 0;
        }

        if (count > 0)
        {
            at = SliceBuffer.WriteLong(bytes, at, count);
            for (int i = 0; i < _extraNames.Length; i++)
            {
                if (record.HasExtra(i))
                {
                    at = WriteBytes(_extraNames[i], at, ref bytes, buffer);
                    at = WriteBytes(record.ExtraText(i), at, ref bytes, buffer);
                }
            }
        }

        bytes[at] = 0;
        return at + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int WriteBytes(ReadOnlySpan<byte> text, int at, ref byte[] bytes, SliceBuffer buffer)
    {
        if (bytes.Length - at - _room < text.Length)
        {
            bytes = buffer.Ensure(at + _room + text.Length);
        }

        at = SliceBuffer.WriteLong(bytes, at, text.Length);
        text.CopyTo(bytes.AsSpan(at));
        return at + text.Length;
    }

    /// <summary>Reads a value as a number from which its text, or for a time the same time, follows.</summary>
    private static bool TryReadLong(FieldForm form, ReadOnlySpan<byte> text, out long value)
    {
        if (form == FieldForm.Time)
        {
            return Timestamp.TryParse(text, out value);
        }

        value = 0;
        ReadOnlySpan<byte> digits = text.Length > 1 && text[0] == (byte)'-' ? text[1..] : text;
        bool isCanonical = digits.Length > 0 && digits[0] is >= (byte)'1' and <= (byte)'9'
            || (text.Length == 1 && text[0] == (byte)'0');
        if (isCanonical && digits.Length < Digits.MaxLength)
        {
            bool isNumber = Digits.TryParse(digits, out ulong number);
            value = digits.Length < text.Length ? -(long)number : (long)number;
            return isNumber;
        }

        return isCanonical && Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length;
    }

    private static FieldForm FormOf(RecordStep step) =>
        step.KindOf(1) == ValueKind.Text ? FieldForm.Text
        : step.Field is LogField.EdgeStartTimestamp or LogField.EdgeEndTimestamp or LogField.Datetime or LogField.When
            or LogField.ActionTimestamp ? FieldForm.Time
        : FieldForm.Number;

    private readonly record struct FieldStep(LogField Field, FieldForm Form);

    private enum FieldForm : byte
    {
        /// <summary>null, string or bytes.</summary>
        Text = 0,

        /// <summary>null, long or string.</summary>
        Number,

        /// <summary>null, long or string; the long is in nanoseconds.</summary>
        Time,
    }
}
