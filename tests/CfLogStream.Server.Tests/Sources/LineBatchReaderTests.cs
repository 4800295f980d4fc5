using System.Text;
using CfLogStream.Core;
using CfLogStream.Core.Logpush;
using CfLogStream.Server.Sources;
using CsCheck;

namespace CfLogStream.Server.Tests.Sources;

public sealed class LineBatchReaderTests
{
    [Fact]
    public void TryRead_AnyContentAndBatchSize_GivesEveryLineWithItsPlace()
    {
        Gen<byte> oneByte = Gen.OneOf((byte)'\n', (byte)'\n', (byte)'a', (byte)'\r', (byte)0xC3);
        Gen.Select(oneByte.Array[0, 300], Gen.Int[1, 80], Gen.Int[1, 40], Gen.Int[1, 50])
            .Sample((content, batchBytes, maxLineBytes, readBytes) =>
            {
                var limits = new ReaderOptions { MaxLineBytes = maxLineBytes, DeadLetterBytes = 5 };
                var options = new LineBatchOptions { BatchBytes = batchBytes, Reader = limits };
                Read read = Read.All(new TrickleStream(content, readBytes), options);

                Assert.Null(read.Error);
                Assert.Equal(Lines(content, options), read.Lines);
                Assert.All(read.BatchSizes, size => Assert.InRange(size, 0, options.BufferBytes));
                return true;
            });
    }

    [Fact]
    public void TryRead_HoweverTheFileHandsItOut_GivesTheSameBatches()
    {
        byte[] content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 40).Select(i => $"{{\"line\":{i * i}}}\n")));
        var options = new LineBatchOptions { BatchBytes = 64, Reader = new ReaderOptions { MaxLineBytes = 30 } };
        List<int> whole = Read.All(new MemoryStream(content), options).BatchSizes;

        for (int split = 1; split < content.Length; split++)
        {
            Assert.Equal(whole, Read.All(new TrickleStream(content, split), options).BatchSizes);
        }
    }

    [Fact]
    public void TryRead_LinesThatMayBeLongerThanABatch_FillsBatchesToTheirSizeUnlessOneIs()
    {
        string[] lines = [.. Enumerable.Range(0, 40).Select(i => i == 20 ? new string('x', 500) : $"line {i}")];
        byte[] content = Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n")));
        var options = new LineBatchOptions { BatchBytes = 64, Reader = new ReaderOptions { MaxLineBytes = 1000 } };

        Read read = Read.All(new MemoryStream(content), options);

        Assert.Equal(Lines(content, options), read.Lines);
        Assert.Single(read.BatchSizes, size => size > 64);
        Assert.Contains(read.BatchSizes, size => size is > 500 and < 1000);
    }

    [Fact]
    public void TryRead_CutAtEveryByte_DeliversLastLineWithoutLineFeed()
    {
        byte[] content = "{\"a\":1}\n\n{\"b\":\"\u00FC\"}\r\n{\"c\":3}\n"u8.ToArray();
        var options = new LineBatchOptions { BatchBytes = 16, Reader = new ReaderOptions { MaxLineBytes = 16 } };
        for (int length = 0; length <= content.Length; length++)
        {
            Assert.Equal(Lines(content[..length], options), Read.All(new MemoryStream(content[..length]), options).Lines);
        }
    }

    [Fact]
    public void TryRead_LineLongerThanBuffer_IsReportedOnceAndSkipped()
    {
        byte[] longLine = Encoding.ASCII.GetBytes("{\"a\":\"" + new string('x', 5_000_000) + "\"}");
        byte[] content = [.. "first\n"u8, .. longLine, .. "\nlast"u8];
        var options = new LineBatchOptions { BatchBytes = 1000, Reader = new ReaderOptions { MaxLineBytes = 2000, DeadLetterBytes = 8 } };

        Read read = Read.All(new TrickleStream(content, 777), options);

        DeadLetter letter = Assert.Single(read.LongLines);
        Assert.Equal((ReadStatus.LineTooLong, 2, 6, 2000), (letter.Reason, letter.LineNumber, letter.ByteOffset, letter.ErrorColumn));
        Assert.Equal((longLine.Length, StableHash.Of(longLine)), (letter.Length, letter.ContentHash));
        Assert.Equal("{\"a\":\"xx"u8.ToArray(), letter.FirstBytes);
        Assert.Equal("a stream", letter.Source);
        Assert.Equal([(1, 0, "first"), (2, 6, Read.TooLong), (3, content.Length - 4, "last")], read.Lines);
    }

    [Fact]
    public void TryRead_LastLineLongAndWithoutLineFeed_IsReported()
    {
        var options = new LineBatchOptions { BatchBytes = 10, Reader = new ReaderOptions { MaxLineBytes = 10 } };

        Read read = Read.All(new MemoryStream(Encoding.ASCII.GetBytes("a\n" + new string('x', 100))), options);

        Assert.Equal([(1, 0, "a"), (2, 2, Read.TooLong)], read.Lines);
        Assert.Equal(100, read.LongLines[0].Length);
    }

    [Fact]
    public void TryRead_JsonArrayBody_GivesItsObjects()
    {
        string body = "[\n{\"a\":1},\n{\"a\":[2]}\n,{\"a\":3}\n,\n{\"a\":4}]\n]\n";

        Read read = Read.All(new MemoryStream(Encoding.ASCII.GetBytes(body)), new LineBatchOptions());

        Assert.Equal(["", "{\"a\":1}", "{\"a\":[2]}", "{\"a\":3}", "", "{\"a\":4}", ""], read.Lines.Select(line => line.Text));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], read.Lines.Select(line => line.Number));
        Assert.Equal(body.IndexOf("{\"a\":3", StringComparison.Ordinal), read.Lines[3].Offset);
    }

    [Fact]
    public void TryRead_BatchesReturned_AreUsedAgain()
    {
        byte[] content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0123456789\n", 100_000)));
        var pool = new LineBatchPool(new LineBatchOptions { BatchBytes = 4096, Reader = new ReaderOptions { MaxLineBytes = 4000 } });
        using var reader = new LineBatchReader(new MemoryStream(content), "a stream", pool);
        HashSet<byte[]> buffers = [];
        int lines = 0;

        while (reader.TryRead(out LineBatch? batch))
        {
            lines += batch.Count;
            buffers.Add(batch.Buffer.Bytes);
            batch.Dispose();
            batch.Dispose();
        }

        Assert.Equal(100_000, lines);
        Assert.Single(buffers);
        Assert.Equal(content.Length, reader.InflatedBytes);
        Assert.Equal(content.Length, reader.StoredBytes);
    }

    [Fact]
    public void TryRead_DiskFails_GivesWhatWasReadAndTheError()
    {
        var read = Read.All(new FailingStream("{\"a\":1}\n{\"b\""u8.ToArray()), new LineBatchOptions());

        Assert.Equal(["{\"a\":1}", "{\"b\""], read.Lines.Select(line => line.Text));
        Assert.Equal(
            "Cannot read 'a stream' to its end: at byte 12, the system said 'The disk is gone.'; check the disk and the permissions.",
            read.Error?.ToString());
    }

    [Fact]
    public void TryRead_FileMissing_IsAnErrorAndNoException()
    {
        using var reader = new LineBatchReader(new LogFile("/no/such/file.log.gz", 1), new LineBatchPool(new LineBatchOptions()));

        Assert.False(reader.TryRead(out _));
        Assert.False(reader.TryRead(out _));
        Assert.StartsWith("Cannot read '/no/such/file.log.gz': the system said '", reader.Error?.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 0x04 }, "found zstd data and neither gzip nor text; unpack it with 'zstd -d'")]
    [InlineData(new byte[] { 0x50, 0x4B, 0x03, 0x04, 0x00 }, "found a zip archive and neither gzip nor text; unpack it with 'unzip'")]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x7B, 0x00 }, "found UTF-16 text and neither gzip nor text; convert it to UTF-8")]
    public void TryRead_OtherForm_IsNamed(byte[] content, string expected)
    {
        Read read = Read.All(new MemoryStream(content), new LineBatchOptions());

        Assert.Empty(read.Lines);
        Assert.Equal($"Cannot read 'a stream' to its end: at byte 0, {expected}.", read.Error?.ToString());
    }

    [Fact]
    public void Options_Defaults_AreStated()
    {
        var options = new LineBatchOptions();

        Assert.Equal((1024 * 1024, 32), (options.BatchBytes, options.PooledBatches));
        Assert.Equal(new ReaderOptions().MaxLineBytes, options.Reader.MaxLineBytes);
        Assert.Equal((1024 * 1024) + 1, options.BufferBytes);
    }

    /// <summary>The lines by definition: number, offset, text; one longer than any buffer is only named.</summary>
    private static List<(long Number, long Offset, string Text)> Lines(byte[] content, LineBatchOptions options)
    {
        List<(long, long, string)> lines = [];
        long offset = 0;
        string[] texts = Encoding.Latin1.GetString(content).Split('\n');
        for (int i = 0; i < texts.Length; i++)
        {
            if (i < texts.Length - 1 || texts[i].Length > 0)
            {
                lines.Add((i + 1, offset, texts[i].Length < options.BufferBytes ? texts[i] : Read.TooLong));
            }

            offset += texts[i].Length + 1;
        }

        return lines;
    }
}
