using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Fuzz;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Logpush.Simd;

namespace CfLogStream.Core.Tests.Logpush.Simd;

/// <summary>Nothing is read beyond the padding of a buffer: these would not fail but end the process.</summary>
public sealed class GuardPageTests
{
    private static readonly ReaderOptions s_options = new() { MaxDepth = 6 };

    public GuardPageTests() => Assert.SkipUnless(
        OperatingSystem.IsLinux() && Environment.SystemPageSize == 4096, "Guard pages are made with Linux's mmap, of pages of 4 KiB.");

    public static TheoryData<SimdWidth> All => Widths.All;

    [Fact]
    public void GuardedBytes_BothSides_AreInaccessible()
    {
        using var bytes = new GuardedBytes(4096, guardBehind: true);
        Assert.True(bytes.IsGuarded());
        Assert.Equal(0, bytes.Array[^1]);
        GC.Collect();
        Assert.Equal(4096, bytes.Array.Length);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TryReadNext_BufferBesideGuardPage_ReadsNothingBeyondPadding(SimdWidth width)
    {
        // Every length of the last line modulo 64 and more, cut and whole, with the shapes of the whole lines learnt before.
        byte[] firewall = RecordLines.Line(RecordLines.Firewall(3));
        byte[] brief = RecordLines.Line(RecordLines.Short(2));
        byte[][] lines =
        [
            .. Enumerable.Range(0, 140).Select(length => brief[..length]), .. Enumerable.Range(0, 140).Select(length => brief[^length..]),
            .. Enumerable.Range(firewall.Length - 70, 70).Select(length => firewall[..length]), brief, firewall, "{\"a\":1}"u8.ToArray(),
            "\":\":\":\":"u8.ToArray(), [.. Enumerable.Repeat((byte)'\\', 63)], [.. Enumerable.Repeat((byte)'"', 129)],
            "{\"a\":\""u8.ToArray(),
            "{\"RayID\":"u8.ToArray(), ":"u8.ToArray(),
        ];
        foreach (bool behind in (bool[])[true, false])
        {
            var readers = new LockStep(s_options, [width]);
            byte[] both = [.. brief, (byte)'\n', .. firewall, (byte)'\n'];
            Assert.Null(readers.FindDifference(Buffers.Of([.. both, .. both])));
            foreach (byte[] line in lines)
            {
                // Content may only be as long as the array allows; empty lines before it take up what is too much.
                byte[] empty = [.. Enumerable.Repeat((byte)'\n', (8 - (line.Length % 8)) % 8)];
                AssertSame(readers, [.. empty, .. line], behind);
                AssertSame(readers, [.. line, .. empty], behind);
                AssertSame(readers, [.. empty, .. brief, (byte)'\n', .. line, .. "       "u8[(brief.Length % 8)..]], behind);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TryReadNext_DamagedLinesBesideGuardPage_ReadsNothingBeyondPadding(SimdWidth width)
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        byte[] brief = RecordLines.Line(RecordLines.Short(2));
        using var guarded = new GuardedBytes(1024 + (2 * PaddedBuffer.Padding), guardBehind: true);
        guarded.Array.AsSpan().Fill((byte)'"');
        var buffer = new PaddedBuffer(guarded.Array);
        var readers = new LockStep(s_options, [width]);
        for (int i = 0; i < 1_500; i++)
        {
            // At the very end of the array, so that what is read behind the line is what is nearest to the page.
            byte[] line = Mutation.Apply(random, brief, brief);
            int start = buffer.Capacity - Math.Min(line.Length, buffer.Capacity - brief.Length - 1);
            buffer.Room.Fill((byte)'\n');
            brief.CopyTo(buffer.Room);
            line.AsSpan(0, buffer.Capacity - start).CopyTo(buffer.Room[start..]);
            buffer.End(buffer.Capacity);
            if (readers.FindDifference(buffer) is { } difference)
            {
                Assert.Fail($"Seed {seed}: {difference}");
            }
        }
    }

    [Fact]
    public void ByteBlocks_LastBytesBeforeGuardPage_ReadOnlyTheirBlock()
    {
        using var guarded = new GuardedBytes(64, guardBehind: true);
        AssertBlock<ByteBlock128>(guarded.Array);
        AssertBlock<ByteBlock256>(guarded.Array);
        if (Vector512.IsHardwareAccelerated)
        {
            AssertBlock<ByteBlock512>(guarded.Array);
        }
    }

    private static void AssertBlock<TBlock>(byte[] bytes)
        where TBlock : struct, IByteBlock
    {
        "0123456789.23\":"u8.CopyTo(bytes.AsSpan(32));
        ref byte first = ref MemoryMarshal.GetArrayDataReference(bytes);
        int[] target = new int[128];
        Assert.Equal(1, TBlock.FindKeys(ref first, 1000, ref target[0], out int quotes, out bool special));
        Assert.Equal((1046, 1, true), (target[0], quotes, special));
        Assert.Equal(1UL << 45, TBlock.FindSpecial(ref first).Quotes);
        TBlock.FindNumber(ref Unsafe.Add(ref first, 32), out uint digits, out uint points);
        Assert.Equal((0b1_1011_1111_1111U, 0b100_0000_0000U), (digits, points));
        ref byte half = ref Unsafe.Add(ref first, 32);
        Assert.Equal(Vector256<byte>.Zero, TBlock.Difference(ref half, ref half, ref half));
    }

    private static void AssertSame(LockStep readers, byte[] content, bool behind)
    {
        byte[] whole = [.. content, .. Enumerable.Repeat((byte)' ', (8 - (content.Length % 8)) % 8)];
        using var guarded = new GuardedBytes(whole.Length + (2 * PaddedBuffer.Padding), behind);
        guarded.Array.AsSpan().Fill((byte)'"');
        var buffer = new PaddedBuffer(guarded.Array);
        whole.CopyTo(buffer.Room);
        buffer.End(whole.Length);
        Assert.Null(readers.FindDifference(buffer));
    }
}
