using System.Text;
using CfLogStream.Core.Logpush;
using CfLogStream.Server.Sources;

namespace CfLogStream.Server.Tests.Sources;

/// <summary>Everything that came out of one source.</summary>
internal sealed class Read
{
    public const string TooLong = "(too long)";

    public List<(long Number, long Offset, string Text)> Lines { get; } = [];

    public List<DeadLetter> LongLines { get; } = [];

    public List<int> BatchSizes { get; } = [];

    public SourceError? Error { get; private set; }

    public string Content => string.Join('\n', Lines.Select(line => line.Text));

    /// <summary>Reads a stream to its end; lines longer than any buffer stand in <see cref="Lines"/> as <see cref="TooLong"/>.</summary>
    public static Read All(Stream stream, LineBatchOptions options)
    {
        var read = new Read();
        using var reader = new LineBatchReader(stream, "a stream", new LineBatchPool(options));
        while (reader.TryRead(out LineBatch? batch))
        {
            using (batch)
            {
                for (int i = 0; i < batch.Count; i++)
                {
                    LineSpan line = batch.Lines[i];
                    string text = Encoding.Latin1.GetString(batch.Buffer, line.Start, line.Length);
                    read.Lines.Add((batch.LineNumber(i), batch.ByteOffset(i), text));
                }

                read.BatchSizes.Add(batch.Count == 0 ? 0 : batch.Lines[^1].Start + batch.Lines[^1].Length);
                if (batch.LongLine is { } longLine)
                {
                    read.LongLines.Add(longLine);
                    read.Lines.Add((longLine.LineNumber, longLine.ByteOffset, TooLong));
                }
            }
        }

        read.Error = reader.Error;
        return read;
    }
}
