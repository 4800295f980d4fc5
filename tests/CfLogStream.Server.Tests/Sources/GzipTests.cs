using System.IO.Compression;
using System.Text;
using CfLogStream.Core.Logpush;
using CfLogStream.Server.Sources;
using CsCheck;

namespace CfLogStream.Server.Tests.Sources;

public sealed class GzipTests
{
    private static readonly string s_text = string.Concat(
        Enumerable.Range(0, 3000).Select(i => $"{{\"line\":{i},\"hash\":\"{(uint)i * 2654435761:x8}\"}}\n"));

    [Fact]
    public void Read_Members_AreOneContent()
    {
        byte[] empty = Gzip("");
        byte[] first = Gzip(s_text);
        byte[] second = Gzip("last");
        foreach (int readBytes in (int[])[1, 7, 1000, int.MaxValue])
        {
            AssertWhole(s_text, first, readBytes);
            AssertWhole(s_text + "last", [.. first, .. second], readBytes);
            AssertWhole(s_text + "last", [.. empty, .. first, .. empty, .. empty, .. second, .. empty], readBytes);
            AssertWhole(s_text, [.. first, .. new byte[10_000]], readBytes);
            AssertWhole(s_text + "last", [.. first, .. new byte[100], .. second], readBytes);
            AssertWhole("", empty, readBytes);
        }
    }

    [Fact]
    public void Read_MembersOfAnySizes_AreOneContent()
    {
        // Sizes around the chunks that the inflater is given.
        Gen.Select(Gen.Int[0, 9000].List[1, 6], Gen.Bool, Gen.Int[1, 9000], Gen.Int[0, 1000]).Sample(
            (sizes, isStored, readBytes, seed) =>
            {
                var random = new Random(seed);
                byte[] plain = new byte[sizes.Sum()];
                random.NextBytes(plain);
                plain.AsSpan().Replace((byte)'\n', (byte)'x');
                List<byte> file = [];
                int at = 0;
                foreach (int size in sizes)
                {
                    file.AddRange(Gzip(plain.AsSpan(at, size), isStored ? CompressionLevel.NoCompression : CompressionLevel.Fastest));
                    at += size;
                }

                Read read = Read.All(new TrickleStream([.. file], readBytes), new LineBatchOptions());
                return read.Error is null && read.Content == Encoding.Latin1.GetString(plain);
            },
            iter: 200);
    }

    [Fact]
    public void Read_HeaderWithAllOptionalParts_IsRead()
    {
        byte[] member = Gzip("x");
        member[3] = 2 | 4 | 8 | 16;
        byte[] file = [.. member[..10], 3, 0, 1, 2, 3, .. "name.log\0"u8, .. "a comment\0"u8, 0xAA, 0xBB, .. member[10..]];

        AssertWhole("x", file, 1);
        for (int length = 10; length < 10 + 5 + 9 + 10 + 2; length++)
        {
            AssertCut("", file[..length], "found the end of the file inside a gzip header");
        }
    }

    [Fact]
    public void Read_CutAtEveryByte_GivesWhatCanBeInflatedAndTheError()
    {
        byte[] first = Gzip("{\"first\":1}\n");
        byte[] file = [.. first, .. Gzip(s_text[..3000])];
        for (int length = 3; length < file.Length; length++)
        {
            if (length == first.Length)
            {
                continue;
            }

            Read read = Read.All(new MemoryStream(file, 0, length), new LineBatchOptions());
            string expected = Inflatable(file[..length], 0) + (length > first.Length ? Inflatable(file[..length], first.Length) : "");
            Assert.Equal(expected.TrimEnd('\n'), read.Content.TrimEnd('\n'));
            Assert.Equal(length, read.Error?.Offset);
            Assert.Matches(
                "^Cannot read 'a stream' to its end: at byte \\d+, found the end of the file inside "
                + "(a gzip header|compressed data|a gzip trailer); the file is cut or still being written; fetch it again\\.$",
                read.Error?.ToString());
        }
    }

    [Fact]
    public void Read_DamagedAnywhere_NeverThrowsAndLosesNothingThatInflates()
    {
        byte[] file = Gzip(s_text);
        Gen.Select(Gen.Int[10, file.Length - 1], Gen.Int[0, 7], Gen.Bool).Sample(
            (at, bit, canSeek) =>
            {
                byte[] damaged = (byte[])file.Clone();
                damaged[at] ^= (byte)(1 << bit);
                using var content = new LogContent(canSeek ? new MemoryStream(damaged) : new TrickleStream(damaged, 1000), "a stream");
                using var inflated = new MemoryStream();
                byte[] buffer = new byte[1 << 16];
                for (int count = content.Read(buffer); count > 0; count = content.Read(buffer))
                {
                    inflated.Write(buffer, 0, count);
                }

                Assert.NotNull(content.Error);
                string text = Encoding.Latin1.GetString(inflated.ToArray());
                string expected = Inflatable(damaged, 0);

                // The byte before the fault comes or not, depending on how far the inflater looks ahead.
                Assert.InRange(text.Length, canSeek ? expected.Length : 0, expected.Length + 1);
                Assert.StartsWith(text[..Math.Min(text.Length, expected.Length)], expected, StringComparison.Ordinal);

                return true;
            },
            iter: 200);
    }

    [Fact]
    public void Read_DamagedDeflateData_NamesTheByte()
    {
        byte[] stored = Gzip(Encoding.ASCII.GetBytes(s_text), CompressionLevel.NoCompression);
        byte[] second = Gzip("second\n");
        second[10] = 0x07; // A last block of the reserved type.
        byte[] file = [.. stored, .. second];

        Read read = Read.All(new MemoryStream(file), new LineBatchOptions());

        Assert.Equal(s_text.TrimEnd('\n'), read.Content);
        Assert.Equal(
            $"Cannot read 'a stream' to its end: at byte {stored.Length + 10}, "
            + "found bytes that are no deflate data; the file is damaged; fetch it again.",
            read.Error?.ToString());
    }

    [Fact]
    public void Read_WrongChecksumOrLength_GivesAllLinesAndTheError()
    {
        foreach (int fromEnd in (int[])[8, 5, 4, 1])
        {
            byte[] file = [.. Gzip(s_text), .. Gzip("not read")];
            file[Gzip(s_text).Length - fromEnd] ^= 0x10;

            Read read = Read.All(new MemoryStream(file), new LineBatchOptions());

            Assert.Equal(s_text.TrimEnd('\n'), read.Content);
            Assert.EndsWith(
                "found a checksum or length that differs from the data's; all lines were read, some may be wrong; fetch the file again.",
                read.Error?.ToString(),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_GarbageBehindMember_GivesAllLinesAndTheError()
    {
        byte[] member = Gzip(s_text);
        byte[] large = new byte[20_000];
        large.AsSpan().Fill(7);
        foreach (byte[] garbage in (byte[][])[[1], [0, 0, 5], "garbage"u8.ToArray(), large])
        {
            Read read = Read.All(new MemoryStream([.. member, .. garbage]), new LineBatchOptions());

            Assert.Equal(s_text.TrimEnd('\n'), read.Content);
            Assert.Equal(member.Length + garbage.TakeWhile(value => value == 0).Count(), read.Error?.Offset);
            Assert.Contains(
                "found bytes behind the compressed data that are no gzip member",
                read.Error?.ToString(),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_DiskFailsInsideMember_SaysSo()
    {
        byte[] file = Gzip(s_text);

        Read read = Read.All(new FailingStream(file[..(file.Length / 2)]), new LineBatchOptions());

        Assert.NotEmpty(read.Lines);
        Assert.Equal(
            $"Cannot read 'a stream' to its end: at byte {file.Length / 2}, "
            + "the system said 'The disk is gone.'; check the disk and the permissions.",
            read.Error?.ToString());
    }

    [Fact]
    public void Read_NameSaysOtherwise_ContentDecides()
    {
        using var folder = new TemporaryFolder();
        string gzip = folder.Write("really-gzip.ndjson", Gzip("a\nb"));
        string plain = folder.Write("really-plain.log.gz", "a\nb");
        foreach (string path in (string[])[gzip, plain])
        {
            using var reader = new LineBatchReader(new LogFile(path, 0), new LineBatchPool(new LineBatchOptions()));
            Assert.True(reader.TryRead(out LineBatch? batch));
            Assert.Equal((2, path), (batch.Count, batch.Source));
            Assert.False(reader.TryRead(out _));
            Assert.Null(reader.Error);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_InflationBomb_NeedsBoundedMemory(bool hasLineFeeds)
    {
        const int Size = 200_000_000;
        byte[] bomb = Bomb(Size, hasLineFeeds);
        var pool = new LineBatchPool(new LineBatchOptions());
        using var reader = new LineBatchReader(new MemoryStream(bomb), "a bomb", pool);

        long before = GC.GetAllocatedBytesForCurrentThread();
        long lines = 0;
        long longLines = 0;
        while (reader.TryRead(out LineBatch? batch))
        {
            lines += batch.Count;
            longLines += batch.LongLine?.Length ?? 0;
            batch.Dispose();
        }

        Assert.True(bomb.Length < Size / (hasLineFeeds ? 300 : 900), $"{bomb.Length} bytes");
        Assert.Null(reader.Error);
        Assert.Equal(hasLineFeeds ? (Size / 1000, 0L) : (0, Size), (lines, longLines));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    private static byte[] Bomb(int size, bool hasLineFeeds)
    {
        byte[] block = new byte[1000];
        block.AsSpan().Fill((byte)' ');
        block[^1] = hasLineFeeds ? (byte)'\n' : (byte)' ';
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Optimal))
        {
            for (int i = 0; i < size / block.Length; i++)
            {
                gzip.Write(block);
            }
        }

        return file.ToArray();
    }

    private static void AssertWhole(string expected, byte[] file, int readBytes)
    {
        Read read = Read.All(new TrickleStream(file, readBytes), new LineBatchOptions());

        Assert.Null(read.Error);
        Assert.Equal(expected.TrimEnd('\n'), read.Content);
    }

    private static void AssertCut(string expected, byte[] file, string found)
    {
        Read read = Read.All(new MemoryStream(file), new LineBatchOptions());

        Assert.Equal(expected, read.Content);
        Assert.Equal(file.Length, read.Error?.Offset);
        Assert.Contains(found, read.Error?.ToString(), StringComparison.Ordinal);
    }

    /// <summary>What inflating byte by byte gives of the member at an offset.</summary>
    private static string Inflatable(byte[] file, int offset)
    {
        if (file.Length <= offset + 10)
        {
            return "";
        }

        using var data = new MemoryStream(file, offset + 10, file.Length - offset - 10);
        using var inflater = new DeflateStream(data, CompressionMode.Decompress);
        var text = new StringBuilder();
        try
        {
            for (int value = inflater.ReadByte(); value >= 0; value = inflater.ReadByte())
            {
                text.Append((char)value);
            }
        }
        catch (InvalidDataException)
        {
        }

        return text.ToString();
    }

    private static byte[] Gzip(string text) => Gzip(Encoding.Latin1.GetBytes(text), CompressionLevel.Optimal);

    private static byte[] Gzip(ReadOnlySpan<byte> plain, CompressionLevel level)
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, level))
        {
            gzip.Write(plain);
        }

        // GZipStream writes nothing at all for nothing.
        byte[] member = file.ToArray();
        return member.Length > 0 ? member : [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }
}
