using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Server.Analysis;
using CsCheck;

namespace CfLogStream.Server.Tests.Analysis;

public sealed class TimeOrderedBufferTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void GiveOut_AnyOrderOfAdding_GivesTheSameOrder()
    {
        Gen<(long Time, ulong Ray, bool Event, int Status)[]> records = Gen.Select(
            Gen.Long[0, 5 * Second], Gen.ULong[0, 20], Gen.Bool, Gen.Int[200, 210]).Array[0, 200];
        records.Sample(
            sample =>
            {
                List<string> sorted = Collect(sample);
                List<string> reversed = Collect([.. sample.Reverse()]);
                Assert.Equal(sorted, reversed);
                Assert.Equal(sample.Length, sorted.Count);
                IEnumerable<long> times = sorted.Select(line => long.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
                Assert.Equal(times.Order(), times);
            },
            iter: 200);
    }

    [Fact]
    public void GiveOutBefore_LimitInsideASecond_KeepsThatSecond()
    {
        var buffer = new TimeOrderedBuffer();
        Add(buffer, Second / 2, 1, false, 200);
        Add(buffer, 3 * Second / 2, 2, false, 200);
        var rays = new List<ulong>();
        buffer.GiveOutBefore(3 * Second / 2, (in record) => rays.Add(record.Head.Ray));
        Assert.Equal([1UL], rays);
        Assert.Equal(1, buffer.Count);
        Assert.Equal(Second, buffer.GivenOutUntilNs);
    }

    [Fact]
    public void Add_BeforeWhatWasGivenOut_IsCountedAndComesNext()
    {
        var buffer = new TimeOrderedBuffer();
        Add(buffer, 5 * Second, 1, false, 200);
        buffer.GiveOutBefore(long.MaxValue, (in _) => { });
        Add(buffer, 2 * Second, 2, false, 200);
        Assert.Equal(1, buffer.Disordered);
        var rays = new List<ulong>();
        buffer.GiveOutBefore(long.MaxValue, (in record) => rays.Add(record.Head.Ray));
        Assert.Equal([2UL], rays);
    }

    [Fact]
    public void HeldBytes_AfterManyRounds_StaysAtASlabOrTwo()
    {
        var buffer = new TimeOrderedBuffer();
        for (int round = 0; round < 20; round++)
        {
            for (int i = 0; i < 5_000; i++)
            {
                Add(buffer, (round * Second) + i, (ulong)i, false, 200);
            }

            buffer.GiveOutBefore(long.MaxValue, (in _) => { });
            Assert.Equal(0, buffer.Count);
            Assert.InRange(buffer.HeldBytes, 0, 2 * TimeOrderedBuffer.SlabBytes);
        }
    }

    private static List<string> Collect((long Time, ulong Ray, bool Event, int Status)[] records)
    {
        var buffer = new TimeOrderedBuffer();
        foreach ((long time, ulong ray, bool isEvent, int status) in records)
        {
            Add(buffer, time, ray, isEvent, status);
        }

        var lines = new List<string>();
        buffer.GiveOutBefore(
            long.MaxValue,
            (in record) => lines.Add($"{record.Head.TimeNs} {record.Head.Ray} {record.Head.Dataset} {record.Head.EdgeStatus}"));
        return lines;
    }

    private static void Add(TimeOrderedBuffer buffer, long timeNs, ulong ray, bool isEvent, int status)
    {
        var batch = new TrafficBatch();
        ref TrafficHead head = ref batch.Begin(RecordFlags.HexRay, 0, 0);
        head.TimeNs = timeNs;
        head.Ray = ray;
        head.Dataset = isEvent ? Dataset.FirewallEvents : Dataset.HttpRequests;
        head.EdgeStatus = (ushort)status;
        for (int slot = 0; slot < (int)RecordText.DimensionCount; slot++)
        {
            batch.Append("text"u8);
        }

        batch.Commit();
        buffer.Add(batch[0]);
    }
}
