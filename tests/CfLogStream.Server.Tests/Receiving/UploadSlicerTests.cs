using System.Diagnostics;
using System.Globalization;
using System.Text;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Receiving;
using CfLogStream.Server.Sources;

namespace CfLogStream.Server.Tests.Receiving;

public sealed class UploadSlicerTests
{
    [Theory]
    [InlineData(400, "The upload is more than 400 times as large when it is inflated (receiver.inflation_ratio): ")]
    [InlineData(100_000, "The upload has more than 1073741824 bytes when it is inflated (receiver.inflated_bytes). ")]
    public void Bomb_OfOneEndlessLine_IsRefusedInTheMemoryOfABatch(int ratio, string refusal)
    {
        byte[] member = ReceiverPlace.Gzip(new byte[64 * 1024 * 1024]);
        byte[] bomb = [.. Enumerable.Repeat(member, 40).SelectMany(bytes => bytes)];
        UploadSlicer slicer = Make(ratio);
        slicer.Read(new MemoryStream(Encoding.UTF8.GetBytes(ReceiverPlace.Request)), "push", 0);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long started = Stopwatch.GetTimestamp();

        UploadStatus status = slicer.Read(new MemoryStream(bomb), "push", 0);

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{bomb.Length} bytes that give {40L << 26}: {allocated} allocated, {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} "
                + "ms");
        Assert.Equal(UploadStatus.TooLarge, status);
        Assert.StartsWith(refusal, slicer.Refusal, StringComparison.Ordinal);
        Assert.InRange(allocated, 0, 4 * 1024 * 1024);
    }

    [Fact]
    public void Upload_InAnyForm_HasTheHashOfItsContent()
    {
        UploadSlicer slicer = Make(400);
        byte[] plain = Encoding.UTF8.GetBytes(ReceiverPlace.Request + "\n" + ReceiverPlace.SecurityEvent + "\n");
        slicer.Read(new MemoryStream(plain), "push", 0);
        ulong hash = slicer.Hash;

        slicer.Read(new MemoryStream(ReceiverPlace.Gzip(plain)), "other?tags=x", 5);

        Assert.Equal(hash, slicer.Hash);
        Assert.All(slicer.Slices, slice => Assert.Equal(hash, slice.Header.Batch));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LargeUpload_InPieces_GivesTheSlicesOfTheWhole(bool isDamaged)
    {
        byte[] plain = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 90_000).Select(Line)) + "no record\n" + new string('x', 2_000_000));
        byte[] upload = isDamaged ? ReceiverPlace.Gzip(plain)[..^20] : plain;
        var source = new BatchSource("push", 7, 0);
        UploadSlicer slicer = Make(1_000);

        using var body = new MemoryStream(upload);
        UploadStatus status = slicer.Read(body, source.Name, source.ReceivedNs);
        int most = 0;
        int pieces = 0;
        var found = new List<(int Partition, SliceHeader Header, byte[] Value)>();
        foreach (IReadOnlyList<Slice> piece in slicer.ReadPieces(body))
        {
            pieces++;
            most = Math.Max(most, piece.Sum(slice => slice.Value.Length));
            found.AddRange(piece.Select(slice => (slice.Partition, slice.Header, slice.Value.ToArray())));
        }

        Assert.Equal(UploadStatus.LargeBatch, status);
        Assert.True(pieces > 2, $"{pieces} pieces");
        Assert.InRange(most, 1, 32 * 1024 * 1024);
        IReadOnlyList<Slice> whole = Whole(upload, source with { Batch = slicer.Hash });
        Assert.Equal(
            whole.Select(slice => (slice.Partition, slice.Header, Convert.ToHexString(slice.Value.Span))),
            found.OrderBy(slice => slice.Partition).ThenBy(slice => slice.Header.Kind).ThenBy(slice => slice.Header.Part)
                .Select(slice => (slice.Partition, slice.Header, Convert.ToHexString(slice.Value))));
        Assert.Equal(90_000, slicer.Counts.OfDataset(Dataset.HttpRequests));
    }

    private static string Line(int number) => ReceiverPlace.Request
        .Replace("9100000000000001", (0x9100000000000000 + ((ulong)number * 7919)).ToString("x16", CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("\"ClientRequestURI\":\"/\"", $"\"ClientRequestURI\":\"/{number}/{new string('p', 600)}\"", StringComparison.Ordinal) + "\n";

    /// <summary>Slices an upload in one go.</summary>
    private static IReadOnlyList<Slice> Whole(byte[] upload, BatchSource source)
    {
        var slicer = new BatchSlicer(new ReaderOptions(), 4);
        slicer.Begin(source);
        using var reader = new LineBatchReader(new MemoryStream(upload), source.Name, new LineBatchPool(new LineBatchOptions()));
        long position = 0;
        while (reader.TryRead(out LineBatch? batch))
        {
            using (batch)
            {
                position += slicer.Add(batch.Buffer, position, batch.FirstLineNumber, batch.FirstByteOffset);
                if (batch.LongLine is { } line)
                {
                    slicer.AddDeadLetter(line, position++);
                }
            }
        }

        if (reader.Error is not null)
        {
            slicer.AddDeadLetter(
                UploadSlicer.Rest(source.Name, upload[..new ReaderOptions().DeadLetterBytes], upload.Length, reader.InflatedBytes), position);
        }

        return slicer.End();
    }

    private static UploadSlicer Make(int ratio)
    {
        var options = new ReceiverOptions { Folder = "", InflationRatio = ratio };
        return new UploadSlicer(options, 4, new LineBatchPool(new LineBatchOptions()));
    }
}
