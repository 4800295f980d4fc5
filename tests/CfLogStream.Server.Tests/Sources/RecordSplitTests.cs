using System.Text;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Fuzz;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Logpush.Simd;
using CfLogStream.Server.Sources;

namespace CfLogStream.Server.Tests.Sources;

/// <summary>Records that are cut by the ends of buffers and of reads, at every offset: they are what they are in one piece.</summary>
public sealed class RecordSplitTests
{
    private const int MaxLineBytes = 220;

    private static readonly ReaderOptions s_options = new() { MaxLineBytes = MaxLineBytes, MaxDepth = 6, ExtraFields = ["x"] };

    /// <summary>Lines of one shape, of others, damaged ones, one that is too long, and no 0x0A at the end.</summary>
    private static readonly byte[] s_content = Encoding.UTF8.GetBytes(string.Join('\n',
    [
        Record("block", "/a?b=1", """{"filter":"x","type":"y"}"""), Record("log", """\"q\" \\ \u00e4""", """{"filter":"\\","type":""}"""),
        Record("log", "/\u00FC\u20AC", "{}") + "\r", Record("block", "", """{"other":[1,{"a":"b"}]}"""), "", "\r",
        Record("block", "/", "null")[..60],
        """{"RayID":"a1","EdgeStartTimestamp":1667512927,"ClientRequestURI":"/","x":-1.5e3}""", Record("block", "/\u0001", "[]"),
        Record("block", new string('p', 300), "{}"),
        """{"RayID":"a2","EdgeStartTimestamp":"never","ClientRequestURI":"/","x":7}""", Record("log", "/last", "{}"),
    ]));

    public static TheoryData<SimdWidth> All => [.. SimdSelection.Available];

    [Theory]
    [MemberData(nameof(All))]
    public void TryRead_BufferEndsAtEveryOffset_GivesTheSameRecords(SimdWidth width)
    {
        List<Expected> expected = Expect();
        var reader = new RecordReader(s_options, width);
        for (int batchBytes = MaxLineBytes + 1; batchBytes <= s_content.Length + 1; batchBytes++)
        {
            AssertSame(expected, reader, new MemoryStream(s_content), batchBytes);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TryRead_ReadEndsAtEveryOffset_GivesTheSameRecords(SimdWidth width)
    {
        List<Expected> expected = Expect();
        var reader = new RecordReader(s_options, width);
        for (int readBytes = 1; readBytes < s_content.Length; readBytes += readBytes < 300 ? 1 : 7)
        {
            AssertSame(expected, reader, new TrickleStream(s_content, readBytes), MaxLineBytes + 1);
        }
    }

    private static string Record(string action, string path, string metadata) =>
        $$"""{"Action":"{{action}}","Datetime":1667512927,"ClientRequestPath":"{{path}}","Metadata":{{metadata}},"RayID":"7648","x":true}""";

    private static void AssertSame(List<Expected> expected, RecordReader reader, Stream stream, int batchBytes)
    {
        var options = new LineBatchOptions { BatchBytes = batchBytes, Reader = s_options };
        using var batches = new LineBatchReader(stream, "a stream", new LineBatchPool(options));
        LogRecord record = reader.CreateRecord();
        int lines = 0;
        while (batches.TryRead(out LineBatch? batch))
        {
            using (batch)
            {
                int position = PaddedBuffer.Padding;
                while (reader.TryReadNext(batch.Buffer, ref position, record, out _, out ReadStatus status, out int column))
                {
                    Expected wanted = expected[lines++];
                    Assert.Equal((wanted.Status, wanted.Column), (status, column));
                    string? difference = ReadingDifference.Find(wanted.Record, wanted.Kinds, record, s_options.ExtraFields.Count);
                    Assert.True(difference is null, $"Line {lines} in buffers of {batchBytes}: {difference}");
                }

                if (batch.LongLine is { } longLine)
                {
                    Assert.Equal((expected[lines].Status, expected[lines++].Record.Line.Length), (longLine.Reason, longLine.Length));
                }
            }
        }

        Assert.Null(batches.Error);
        Assert.Equal(expected.Count, lines);
    }

    /// <summary>What the scalar reference says of the content in one piece.</summary>
    private static List<Expected> Expect()
    {
        var buffer = new PaddedBuffer(s_content.Length);
        s_content.CopyTo(buffer.Room);
        buffer.End(s_content.Length);
        List<Expected> expected = [];
        int position = PaddedBuffer.Padding;
        while (true)
        {
            var reader = new RecordReader(s_options, SimdWidth.Scalar);
            LogRecord record = reader.CreateRecord();
            if (!reader.TryReadNext(buffer, ref position, record, out _, out ReadStatus status, out int column))
            {
                Assert.Equal(
                    [
                        ReadStatus.Record, ReadStatus.Blank, ReadStatus.CutLine, ReadStatus.ControlCharacter, ReadStatus.LineTooLong,
                        ReadStatus.NoTime,
                    ],
                    expected.Select(line => line.Status).Distinct());
                return expected;
            }

            FieldKind[] kinds = [.. Enumerable.Range(0, (int)LogField.Count).Select(field => record.KindOf((LogField)field))];
            expected.Add(new Expected(status, column, record, kinds));
        }
    }

    private sealed record Expected(ReadStatus Status, int Column, LogRecord Record, FieldKind[] Kinds);
}
