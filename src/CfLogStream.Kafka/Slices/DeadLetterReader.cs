using System.Text;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Slices.Schemas;

namespace CfLogStream.Kafka.Slices;

/// <summary>Reads dead letters of a slice that was checked.</summary>
internal static class DeadLetterReader
{
    private static readonly Dataset[] s_datasets = [Dataset.HttpRequests, Dataset.FirewallEvents, Dataset.AuditLogs, Dataset.AuditLogsV2];

    public static DeadLetter Read(RecordStep[] steps, ref AvroCursor cursor, string source, out long position)
    {
        position = 0;
        ReadStatus reason = ReadStatus.BadJson;
        Dataset dataset = Dataset.Unknown;
        byte[] firstBytes = [];
        long timeNs = 0;
        long line = 0;
        long offset = 0;
        long column = 0;
        long hash = 0;
        long length = 0;
        foreach (RecordStep step in steps)
        {
            switch (step.Op)
            {
                case RecordOp.Reason:
                    SliceChecker.TryFindReason(ReadBytes(ref cursor), out reason);
                    break;
                case RecordOp.Dataset:
                    dataset = DatasetOf(ReadBytes(ref cursor));
                    break;
                case RecordOp.FirstBytes:
                    firstBytes = ReadBytes(ref cursor).ToArray();
                    break;
                case RecordOp.LetterTimeNs:
                    cursor.TryReadLong(out timeNs);
                    break;
                case RecordOp.Position:
                    cursor.TryReadLong(out position);
                    break;
                case RecordOp.LineNumber:
                    cursor.TryReadLong(out line);
                    break;
                case RecordOp.ByteOffset:
                    cursor.TryReadLong(out offset);
                    break;
                case RecordOp.ErrorColumn:
                    cursor.TryReadLong(out column);
                    break;
                case RecordOp.ContentHash:
                    cursor.TryReadLong(out hash);
                    break;
                case RecordOp.Length:
                    cursor.TryReadLong(out length);
                    break;
                default:
                    cursor.TrySkip(step.Schema);
                    break;
            }
        }

        return new DeadLetter
        {
            Reason = reason,
            Dataset = dataset,
            TimeNs = timeNs,
            Source = source,
            LineNumber = line,
            ByteOffset = offset,
            ErrorColumn = (int)column,
            FirstBytes = firstBytes,
            ContentHash = unchecked((ulong)hash),
            Length = length,
        };
    }

    private static ReadOnlySpan<byte> ReadBytes(ref AvroCursor cursor)
    {
        cursor.TryReadBytes(out int start, out int length);
        return cursor.At(start, length);
    }

    /// <summary>Returns the dataset of a name; unknown for one of a later version.</summary>
    private static Dataset DatasetOf(ReadOnlySpan<byte> name)
    {
        foreach (Dataset dataset in s_datasets)
        {
            if (Ascii.Equals(name, DatasetNames.Of(dataset)))
            {
                return dataset;
            }
        }

        return Dataset.Unknown;
    }
}
