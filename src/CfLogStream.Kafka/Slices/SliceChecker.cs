using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Slices.Schemas;

namespace CfLogStream.Kafka.Slices;

/// <summary>Checks every byte of a slice before the first record of it is used, and notes where its records are.</summary>
internal sealed class SliceChecker
{
    private static readonly string[] s_reasons =
        [.. Enumerable.Range(0, (int)ReadStatus.NoTime + 1).Select(status => ReadStatusNames.Of((ReadStatus)status))];

    /// <summary>Where records begin, and behind each where it ends.</summary>
    public int[] Starts { get; } = new int[SliceFormat.MaxRecords];

    public int[] Ends { get; } = new int[SliceFormat.MaxRecords];

    public int Count { get; private set; }

    public int SourceStart { get; private set; }

    public int SourceLength { get; private set; }

    public long ReceivedNs { get; private set; }

    /// <summary>Checks a slice.</summary>
    /// <param name="buffer">The buffer, with readable bytes behind the value.</param>
    /// <param name="start">Where the value begins in the buffer.</param>
    /// <param name="end">Where it ends.</param>
    public SliceStatus Check(SlicePlan plan, int count, byte[] buffer, int start, int end)
    {
        Count = 0;
        var cursor = new AvroCursor(buffer.AsSpan(0, end), start);
        bool isRead = true;
        for (int i = 0; i < plan.Root.Count && isRead; i++)
        {
            isRead = i == plan.SourceAt ? TryReadSource(ref cursor, buffer)
                : i == plan.ReceivedAt ? TryReadReceived(ref cursor)
                : i == plan.RecordsAt ? TryCheckRecords(plan, ref cursor, buffer)
                : cursor.TrySkip(plan.Root[i].Type);
        }

        return !isRead ? cursor.Status
            : !cursor.IsAtEnd ? SliceStatus.TrailingBytes
            : Count != count ? SliceStatus.CountMismatch
            : SliceStatus.Ok;
    }

    /// <summary>Finds the status of a dead letter's reason.</summary>
    public static bool TryFindReason(ReadOnlySpan<byte> name, out ReadStatus reason)
    {
        for (int i = (int)ReadStatus.CutLine; i < s_reasons.Length; i++)
        {
            if (System.Text.Ascii.Equals(name, s_reasons[i]))
            {
                reason = (ReadStatus)i;
                return true;
            }
        }

        reason = default;
        return false;
    }

    private bool TryReadSource(ref AvroCursor cursor, byte[] buffer)
    {
        if (!cursor.TryReadBytes(out int start, out int length) || !cursor.TryCheckText(buffer, start, length))
        {
            return false;
        }

        SourceStart = start;
        SourceLength = length;
        return true;
    }

    private bool TryReadReceived(ref AvroCursor cursor)
    {
        bool isRead = cursor.TryReadLong(out long receivedNs);
        ReceivedNs = receivedNs;
        return isRead;
    }

    private bool TryCheckRecords(SlicePlan plan, ref AvroCursor cursor, byte[] buffer)
    {
        while (true)
        {
            if (!cursor.TryReadBlock(plan.MinRecordBytes, out int count, out int end))
            {
                return false;
            }

            if (count == 0)
            {
                return true;
            }

            if (count > SliceFormat.MaxRecords - Count)
            {
                return cursor.Fail(SliceStatus.TooManyRecords);
            }

            for (int i = 0; i < count; i++)
            {
                Starts[Count] = cursor.Position;
                if (!TryCheckRecord(plan.Steps, ref cursor, buffer))
                {
                    return false;
                }

                Ends[Count++] = cursor.Position;
            }

            if (!cursor.TryEndBlock(end))
            {
                return false;
            }
        }
    }

    private static bool TryCheckRecord(RecordStep[] steps, ref AvroCursor cursor, byte[] buffer)
    {
        foreach (ref readonly RecordStep step in steps.AsSpan())
        {
            bool isGood = step.Op == RecordOp.Value
                ? TryCheckValue(in step, ref cursor, buffer)
                : TryCheckOther(in step, ref cursor, buffer);
            if (!isGood)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryCheckValue(in RecordStep step, ref AvroCursor cursor, byte[] buffer)
    {
        if (!cursor.TryReadBranch(step.BranchCount, out int branch))
        {
            return false;
        }

        switch (step.KindOf(branch))
        {
            case ValueKind.Null:
                return true;
            case ValueKind.Long:
                return cursor.TryReadLong(out _);
            case ValueKind.Text:
                return cursor.TryReadBytes(out int start, out int length) && cursor.TryCheckText(buffer, start, length);
            default:
                return cursor.TryReadBytes(out start, out length) && cursor.TryCheckText(buffer, start, length)
                    && (NestedJson.IsNested(cursor.At(start, length)) || cursor.Fail(SliceStatus.BadJson));
        }
    }

    private static bool TryCheckOther(in RecordStep step, ref AvroCursor cursor, byte[] buffer)
    {
        switch (step.Op)
        {
            case RecordOp.TimeNs:
                return cursor.TryReadLong(out long ns)
                    && (ns is >= Timestamp.MinNs and < Timestamp.MaxNs || cursor.Fail(SliceStatus.BadValue));
            case RecordOp.Position:
                return cursor.TryReadLong(out _);
            case RecordOp.Extras:
                return TryCheckExtras(ref cursor, buffer);
            case RecordOp.Reason:
                return cursor.TryReadBytes(out int start, out int length)
                    && (TryFindReason(cursor.At(start, length), out _) || cursor.Fail(SliceStatus.BadValue));
            case RecordOp.Dataset:
                return cursor.TryReadBytes(out start, out length) && cursor.TryCheckText(buffer, start, length);
            case RecordOp.ErrorColumn:
                return cursor.TryReadLong(out long column) && (column is >= 0 and <= int.MaxValue || cursor.Fail(SliceStatus.BadValue));
            default:
                return cursor.TrySkip(step.Schema);
        }
    }

    private static bool TryCheckExtras(ref AvroCursor cursor, byte[] buffer)
    {
        const int MinBytes = 2;
        while (true)
        {
            if (!cursor.TryReadBlock(MinBytes, out int count, out int end))
            {
                return false;
            }

            if (count == 0)
            {
                return true;
            }

            for (int i = 0; i < 2 * count; i++)
            {
                if (!cursor.TryReadBytes(out int start, out int length) || !cursor.TryCheckText(buffer, start, length))
                {
                    return false;
                }
            }

            if (!cursor.TryEndBlock(end))
            {
                return false;
            }
        }
    }
}
