using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Slices.Schemas;

namespace CfLogStream.Kafka.Slices;

/// <summary>Reads slices. One per thread.</summary>
/// <remarks>
/// A slice is copied once, to where there is room around it: vector code reads past both ends of a text. All of it is checked before
/// its first
/// record is given out (<see cref="SliceChecker"/>), so it is taken whole or not at all, and what follows need not look at lengths twice.
/// A record's fields are slots into that copy; numbers are written behind it as digits, because that is how records have them.
/// Layout of the buffer: padding, the slice, room for one record's digits, padding.
/// Nothing is allocated once the buffer has grown to the largest slice, except the source's name when it is another one, and dead letters.
/// </remarks>
public sealed class SliceReader
{
    private const int PaddingBefore = PaddedBuffer.Padding;

    // The classifier looks at up to 256 bytes from a text's beginning on.
    private const int PaddingBehind = 2 * PaddedBuffer.Padding;

    private readonly SliceChecker _checker = new();
    private readonly byte[][] _extraNames;
    private byte[] _buffer = new byte[64 * 1024];
    private byte[] _sourceBytes = [];
    private SlicePlan? _plan;
    private int _valueEnd;
    private int _next;

    /// <param name="extraFields">The configured extra fields that records carry.</param>
    public SliceReader(IReadOnlyList<string> extraFields)
    {
        ArgumentNullException.ThrowIfNull(extraFields);
        _extraNames = [.. extraFields.Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>What the records of the open slice are; <see cref="SliceKind.None"/> when none is open.</summary>
    public SliceKind Kind { get; private set; }

    /// <summary>Where the open slice's records came from.</summary>
    public string Source { get; private set; } = "";

    /// <summary>When they were received, in nanoseconds since 1970-01-01 UTC.</summary>
    public long ReceivedNs { get; private set; }

    /// <summary>The number of the open slice's records, copies included.</summary>
    public int Count { get; private set; }

    /// <summary>Makes a record that fits this reader's extra fields.</summary>
    public LogRecord CreateRecord() => new(_extraNames.Length);

    /// <summary>Takes a copy of a slice and checks all of it; unless the answer is <see cref="SliceStatus.Ok"/>, there is nothing to
    /// read.</summary>
    public SliceStatus Open(in SliceHeader header, ReadOnlySpan<byte> value)
    {
        Kind = SliceKind.None;
        Count = 0;
        _next = 0;
        if (header.Kind == SliceKind.None)
        {
            return SliceStatus.NoSlice;
        }

        if (!SliceSchemas.TryFind(header.Schema, out SliceSchema? schema))
        {
            return SliceStatus.UnknownSchema;
        }

        if (schema.Kind != header.Kind)
        {
            return SliceStatus.WrongSchema;
        }

        _plan = schema.Plan;
        Copy(value, _plan.DigitRoom);
        SliceStatus status = _checker.Check(_plan, header.Count, _buffer, PaddingBefore, _valueEnd);
        if (status != SliceStatus.Ok)
        {
            return status;
        }

        Kind = header.Kind;
        Count = _checker.Count;
        ReceivedNs = _checker.ReceivedNs;
        ReadOnlySpan<byte> source = _buffer.AsSpan(_checker.SourceStart, _checker.SourceLength);
        if (!source.SequenceEqual(_sourceBytes))
        {
            _sourceBytes = source.ToArray();
            Source = Encoding.UTF8.GetString(source);
        }

        return SliceStatus.Ok;
    }

    /// <summary>Reads the next record of one of the four datasets; false at the end, and for a slice of dead letters. It is valid until the
    /// next one is read.</summary>
    /// <remarks>The record's line is what the slice has of it from its first field on: without its position, so that the same record sent
    /// twice has the same line.</remarks>
    public bool TryReadNext(LogRecord record, out SliceRecord info)
    {
        info = default;
        if (_next >= Count || Kind == SliceKind.DeadLetters)
        {
            return false;
        }

        RecordStep[] steps = _plan!.Steps;
        int end = _checker.Ends[_next];
        var cursor = new AvroCursor(_buffer.AsSpan(0, end), _checker.Starts[_next]);
        _next++;
        long timeNs = 0;
        for (int i = 0; i < _plan.HeadSteps; i++)
        {
            ReadHead(steps[i].Op, ref cursor, ref timeNs, ref info);
        }

        record.Reset(_buffer, cursor.Position, end - cursor.Position);
        record.Dataset = (Dataset)Kind;
        int digits = _valueEnd;
        for (int i = _plan.HeadSteps; i < steps.Length; i++)
        {
            ref readonly RecordStep step = ref steps[i];
            switch (step.Op)
            {
                case RecordOp.Value:
                    ReadValue(in step, ref cursor, record, ref digits);
                    break;
                case RecordOp.Extras:
                    ReadExtras(ref cursor, record);
                    break;
                case RecordOp.TimeNs or RecordOp.Position or RecordOp.IsCopy:
                    ReadHead(step.Op, ref cursor, ref timeNs, ref info);
                    break;
                default:
                    cursor.TrySkip(step.Schema);
                    break;
            }
        }

        record.TimeNs = timeNs;
        return true;
    }

    /// <summary>Reads the next line of a slice of <see cref="SliceKind.DeadLetters"/>; false at the end, and for any other slice.</summary>
    public bool TryReadNext([NotNullWhen(true)] out DeadLetter? letter, out SliceRecord info)
    {
        letter = null;
        info = default;
        if (_next >= Count || Kind != SliceKind.DeadLetters)
        {
            return false;
        }

        var cursor = new AvroCursor(_buffer.AsSpan(0, _checker.Ends[_next]), _checker.Starts[_next]);
        _next++;
        letter = DeadLetterReader.Read(_plan!.Steps, ref cursor, Source, out long position);
        info = new SliceRecord(position, IsCopy: false);
        return true;
    }

    private static void ReadHead(RecordOp op, ref AvroCursor cursor, ref long timeNs, ref SliceRecord info)
    {
        if (op == RecordOp.IsCopy)
        {
            cursor.TryReadBoolean(out bool isCopy);
            info = info with { IsCopy = isCopy };
            return;
        }

        cursor.TryReadLong(out long value);
        if (op == RecordOp.TimeNs)
        {
            timeNs = value;
        }
        else
        {
            info = info with { Position = value };
        }
    }

    private void ReadValue(in RecordStep step, ref AvroCursor cursor, LogRecord record, ref int digits)
    {
        cursor.TryReadBranch(step.BranchCount, out int branch);
        switch (step.KindOf(branch))
        {
            case ValueKind.Null:
                break;
            case ValueKind.Long:
                cursor.TryReadLong(out long value);
                Utf8Formatter.TryFormat(value, _buffer.AsSpan(digits), out int written);
                record.Set(step.Field, new FieldSlot(digits, written, FieldKind.Number));
                digits += written;
                break;
            case ValueKind.Text:
                cursor.TryReadBytes(out int start, out int length);
                record.Set(step.Field, new FieldSlot(start, length, FieldKind.Text));
                break;
            default:
                cursor.TryReadBytes(out start, out length);
                record.Set(step.Field, new FieldSlot(start, length, _buffer[start] == (byte)'[' ? FieldKind.Array : FieldKind.Object));
                break;
        }
    }

    private void ReadExtras(ref AvroCursor cursor, LogRecord record)
    {
        // Both sides mostly have the same configuration, and so the same order.
        int guess = 0;
        while (cursor.TryReadBlock(2, out int count, out _) && count > 0)
        {
            for (int i = 0; i < count; i++)
            {
                cursor.TryReadBytes(out int nameStart, out int nameLength);
                cursor.TryReadBytes(out int start, out int length);
                int index = FindExtra(_buffer.AsSpan(nameStart, nameLength), guess);
                if (index >= 0)
                {
                    record.SetExtra(index, new FieldSlot(start, length, FieldKind.Text));
                    guess = index + 1;
                }
            }
        }
    }

    private int FindExtra(ReadOnlySpan<byte> name, int guess)
    {
        for (int i = 0; i < _extraNames.Length; i++)
        {
            int index = guess + i < _extraNames.Length ? guess + i : guess + i - _extraNames.Length;
            if (name.SequenceEqual(_extraNames[index]))
            {
                return index;
            }
        }

        return -1;
    }

    private void Copy(ReadOnlySpan<byte> value, int digitRoom)
    {
        _valueEnd = PaddingBefore + value.Length;
        int needed = _valueEnd + digitRoom + PaddingBehind;
        if (_buffer.Length < needed)
        {
            _buffer = new byte[Math.Max(needed, 2 * _buffer.Length)];
        }

        value.CopyTo(_buffer.AsSpan(PaddingBefore));
    }
}
