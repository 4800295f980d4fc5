using System.Diagnostics;
using System.Text;
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

    private static UploadSlicer Make(int ratio)
    {
        var options = new ReceiverOptions { Folder = "", InflationRatio = ratio };
        return new UploadSlicer(options, 4, new LineBatchPool(new LineBatchOptions()));
    }
}
