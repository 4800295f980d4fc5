using System.Text;
using CfLogStream.Core.Logpush;
using CsCheck;

namespace CfLogStream.Core.Tests.Logpush;

public sealed class LineTests
{
    [Fact]
    public void LineSplitter_AnyBytes_EqualsSplitAtLineFeed()
    {
        Gen.OneOf((byte)'\n', (byte)'\r', (byte)'a', (byte)0x0B, (byte)0x0C, (byte)0x85, (byte)0xE2, (byte)0).Array[0, 200].Sample(bytes =>
        {
            List<string> lines = [];
            var splitter = new LineSplitter(bytes);
            while (splitter.TryReadLine(out LineSpan line))
            {
                lines.Add(Encoding.Latin1.GetString(bytes, line.Start, line.Length));
            }

            lines.Add(Encoding.Latin1.GetString(bytes, splitter.RestStart, bytes.Length - splitter.RestStart));
            bool hasRest = splitter.TryReadRest(out LineSpan rest);
            return hasRest == rest.Length > 0
                && lines.SequenceEqual(Encoding.Latin1.GetString(bytes).Split('\n'))
                && !splitter.TryReadRest(out _);
        });
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    [InlineData("""[{"a":1}""", """{"a":1}""")]
    [InlineData(""" [ {"a":1} , """, """{"a":1}""")]
    [InlineData(""",{"a":1}""", """{"a":1}""")]
    [InlineData("""{"a":1},""" + "\r", """{"a":1}""")]
    [InlineData("""{"a":1}]""", """{"a":1}""")]
    [InlineData("\uFEFF[{\"a\":[1]}", "{\"a\":[1]}")]
    [InlineData("[", "")]
    [InlineData("]", "")]
    [InlineData(",", "")]
    [InlineData(" ],[ ", "")]
    [InlineData("[]", "")]
    [InlineData("", "")]
    [InlineData("  ", "  ")]
    [InlineData("test", "test")]
    [InlineData("[1,2]", "[1,2]")]
    [InlineData("""{"a":[1]""", """{"a":[1]""")]
    [InlineData("""{"a":1,""", """{"a":1,""")]
    [InlineData("""{"a":[{"b":1}]""", """{"a":[{"b":1}""")]
    [InlineData("""{"a":"x"} """, """{"a":"x"} """)]
    [InlineData(""" {"a":"x"}""" + "\r", """ {"a":"x"}""" + "\r")]
    [InlineData("}", "}")]
    public void ArrayFraming_Strip_LeavesTheObject(string line, string expected)
    {
        byte[] bytes = [.. "xx"u8, .. Encoding.UTF8.GetBytes(line), .. "],"u8];
        LineSpan stripped = ArrayFraming.Strip(bytes, new LineSpan(2, bytes.Length - 4));

        Assert.Equal(expected, Encoding.UTF8.GetString(bytes, stripped.Start, stripped.Length));
    }

    [Fact]
    public void ArrayFraming_Strip_NeverTurnsBadIntoGoodOrGoodIntoBad()
    {
        // Whole records keep their verdict, and a cut one stays cut.
        byte[] record = """{"RayID":"a1","EdgeStartTimestamp":1667512927,"a":[{"b":[]},{"c":[1]}],"d":[]}"""u8.ToArray();
        for (int length = 1; length <= record.Length; length++)
        {
            LineSpan stripped = ArrayFraming.Strip(record, new LineSpan(0, length));
            ReadStatus expected = length == record.Length ? ReadStatus.Record : ReadStatus.CutLine;
            Assert.Equal(expected, OneLine.Read(record.AsSpan(stripped.Start, stripped.Length)).Status);
        }
    }

    [Fact]
    public void DeadLetter_Of_KeepsWhatFindsTheLine()
    {
        OneLine read = OneLine.Read("""{"EdgeStartTimestamp":1667512927,"RayID":"00"}""");

        var letter = DeadLetter.Of(read.Status, read.Record, read.Column, "a.log.gz", 3, 4096, maxBytes: 10);

        Assert.Equal(ReadStatus.NoRayId, letter.Reason);
        Assert.Equal((Dataset.HttpRequests, 1667512927_000_000_000), (letter.Dataset, letter.TimeNs));
        Assert.Equal(("a.log.gz", 3, 4096, 42), (letter.Source, letter.LineNumber, letter.ByteOffset, letter.ErrorColumn));
        Assert.Equal("{\"EdgeStar"u8.ToArray(), letter.FirstBytes);
        Assert.Equal((46, StableHash.Of(read.Record.Line)), (letter.Length, letter.ContentHash));
    }

    [Fact]
    public void Names_OfEveryValue_AreSnakeCase()
    {
        foreach (ReadStatus status in Enum.GetValues<ReadStatus>())
        {
            Assert.Equal(status.ToString(), ReadStatusNames.Of(status).Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        }

        foreach (Dataset dataset in Enum.GetValues<Dataset>())
        {
            Assert.Equal(dataset.ToString(), DatasetNames.Of(dataset).Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        }

        Assert.Equal("cut_line", ReadStatusNames.Of(ReadStatus.CutLine));
        Assert.Equal("no_ray_id", ReadStatusNames.Of(ReadStatus.NoRayId));
        Assert.Equal(
            [ReadStatus.Record, ReadStatus.Blank, ReadStatus.Validation, ReadStatus.OwnershipChallenge, ReadStatus.EmptyObject],
            Enum.GetValues<ReadStatus>().Where(status => !ReadStatusNames.IsDeadLetter(status)));
    }

    [Fact]
    public void ReaderOptions_Defaults_AreStated()
    {
        var options = new ReaderOptions();

        Assert.Equal((1024 * 1024, 64, 4096), (options.MaxLineBytes, options.MaxDepth, options.DeadLetterBytes));
        Assert.Empty(options.ExtraFields);
    }
}
