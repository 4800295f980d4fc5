using System.Text;
using CfLogStream.ClickHouse.Rows;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Server.Analysis;

/// <summary>Turns kept dead letters into rows.</summary>
internal static class DeadLetterRows
{
    /// <summary>Adds a dead letter's row.</summary>
    public static void Add(RowEncoder encoder, DeadLetter letter, int occurrence, uint partition)
    {
        encoder.Add(new DeadLetterRow
        {
            Reason = TableWords.Of(letter.Reason),
            ContentHash = letter.ContentHash,
            Occurrence = (uint)occurrence,
            Dataset = letter.Dataset,
            TimeNs = letter.TimeNs,
            Source = Encoding.UTF8.GetBytes(letter.Source),
            LineNumber = (ulong)letter.LineNumber,
            ByteOffset = (ulong)letter.ByteOffset,
            ErrorColumn = (uint)letter.ErrorColumn,
            Length = (ulong)letter.Length,
            Bytes = letter.FirstBytes,
            Partition = partition,
            Version = 1,
        });
    }
}
