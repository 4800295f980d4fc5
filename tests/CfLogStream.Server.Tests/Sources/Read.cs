using System.Text;
using CfLogStream.Core.Buffers;
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
                List<LineSpan> lines = LinesOf(batch);
                Assert.Equal(batch.Count, lines.Count);
                for (int i = 0; i < batch.Count; i++)
                {
                    string text = Encoding.Latin1.GetString(batch.Buffer.Bytes, lines[i].Start, lines[i].Length);
                    read.Lines.Add((batch.LineNumber(i), batch.ByteOffset(lines[i].Start), text));
                }

                read.BatchSizes.Add(batch.Buffer.Length);
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

    /// <summary>The lines of a batch as the record reader takes them.</summary>
    private static List<LineSpan> LinesOf(LineBatch batch)
    {
        var reader = new RecordReader(new ReaderOptions());
        LogRecord record = reader.CreateRecord();
        List<LineSpan> lines = [];
        int position = PaddedBuffer.Padding;
        while (reader.TryReadNext(batch.Buffer, ref position, record, out LineSpan line, out _, out _))
        {
            lines.Add(line);
        }

        return lines;
    }
}
