using System.Text;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Server.Analysis;
using CsCheck;

namespace CfLogStream.Server.Tests.Analysis;

public sealed class TimeOrderedBufferTests
{
    private const long Second = 1_000_000_000;

    private static readonly AnalysisFilter s_all = new(new AnalysisScope());

    /// <summary>Times that are equal, near, in many seconds, before 1970 and far apart; few rays, so that many are equal in both.</summary>
    private static readonly Gen<TestRecord[]> s_records = Gen.Select(
        Gen.OneOf(Gen.Long[0, 3], Gen.Long[-2 * Second, 5 * Second], Gen.Long[0, 4_000].Select(second => second * Second), Gen.Long[0, 1L << 60]),
        Gen.ULong[0, 20],
        Gen.Bool,
        Gen.Int[200, 203],
        Gen.OneOf(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 1_000], Gen.Int[30_000, 40_000]))
        .Select((time, ray, isEvent, status, length) => new TestRecord(time, ray, isEvent, (ushort)status, new string('x', length)))
        .Array[0, 200];

    [Fact]
    public void GiveOut_AnyRecordsInAnyBatches_IsLikeOrderBy() =>
        Gen.Select(s_records, Gen.Int[1, 100]).Sample(
            (records, batch) =>
            {
                var pages = new RecordPagePool();
                var buffer = new TimeOrderedBuffer(pages);
                foreach (TestRecord[] part in records.Chunk(batch))
                {
                    Add(buffer, pages, part);
                }

                Assert.Equal(records.Length, buffer.Count);
                var lines = new List<string>();
                buffer.GiveOutBefore(long.MaxValue, 0, (in record) => lines.Add(TestRecord.Of(record).Line));
                Assert.Equal(
                    records
                        .OrderBy(record => record.TimeNs)
                        .ThenBy(record => record.Ray)
                        .ThenBy(record => record.IsEvent)
                        .ThenBy(record => record.Data, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
                        .ThenBy(record => record.Status)
                        .Select(record => record.Line),
                    lines);
                Assert.Equal((0, 0), (buffer.Count, buffer.HeldBytes));
            },
            iter: 300);

    [Fact]
    public void GiveOutBefore_LimitInsideASecond_KeepsThatSecond()
    {
        var pages = new RecordPagePool();
        var buffer = new TimeOrderedBuffer(pages);
        Add(buffer, pages, new TestRecord(Second / 2, 1), new TestRecord(3 * Second / 2, 2));
        var rays = new List<ulong>();
        buffer.GiveOutBefore(3 * Second / 2, 0, (in record) => rays.Add(record.Head.Ray));
        Assert.Equal([1UL], rays);
        Assert.Equal(1, buffer.Count);
        Assert.Equal(Second, buffer.GivenOutUntilNs);
    }

    [Fact]
    public void GiveOutBefore_BytesToKeep_StopsThere()
    {
        var pages = new RecordPagePool();
        var buffer = new TimeOrderedBuffer(pages);
        for (int second = 0; second < 4; second++)
        {
            Add(buffer, pages, new TestRecord(second * Second, (ulong)second));
        }

        long page = buffer.HeldBytes / 4;
        var rays = new List<ulong>();
        buffer.GiveOutBefore(long.MaxValue, 2 * page, (in record) => rays.Add(record.Head.Ray));
        Assert.Equal([0UL, 1UL], rays);
        Assert.Equal(2 * page, buffer.HeldBytes);
    }

    [Fact]
    public void Add_BeforeWhatWasGivenOut_IsCountedAndComesNext()
    {
        var pages = new RecordPagePool();
        var buffer = new TimeOrderedBuffer(pages);
        Add(buffer, pages, new TestRecord(5 * Second, 1));
        buffer.GiveOutBefore(long.MaxValue, 0, (in _) => { });
        Add(buffer, pages, new TestRecord(2 * Second, 2), new TestRecord((5 * Second) + 7, 3), new TestRecord(6 * Second, 4));
        Assert.Equal(2, buffer.Disordered);
        var rays = new List<ulong>();
        buffer.GiveOutBefore(long.MaxValue, 0, (in record) => rays.Add(record.Head.Ray));
        Assert.Equal([2UL, 3UL, 4UL], rays);
    }

    [Fact]
    public void GiveOutOldest_WhileOthersWait_FreesItsPages()
    {
        var pages = new RecordPagePool();
        var buffer = new TimeOrderedBuffer(pages);
        TestRecord[] records = [.. Enumerable.Range(0, 2_000).Select(i => new TestRecord(i * Second / 20, (ulong)i))];
        Add(buffer, pages, records);
        long full = buffer.HeldBytes;
        for (int second = 0; second < 50; second++)
        {
            buffer.GiveOutOldest((in _) => { });
        }

        Assert.Equal(1_000, buffer.Count);
        Assert.InRange(buffer.HeldBytes, 1, (full / 2) + RecordPagePool.PageBytes);
    }

    [Fact]
    public void AddAndGiveOut_SteadyState_AllocatesNothing()
    {
        var pages = new RecordPagePool();
        var buffer = new TimeOrderedBuffer(pages);
        var arranger = new RunArranger(s_all, pages);
        var run = new RecordRun();
        TrafficBatch[] batches = [.. Enumerable.Range(0, 8).Select(i => TestRecord.Batch(
            Enumerable.Range(0, 300).Select(k => new TestRecord((k * Second / 60) + i, (ulong)k))))];
        // The least of several rounds: a collection on another thread moves this thread's count by what it retires.
        long allocated = long.MaxValue;
        for (int round = 0; round < 6; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (TrafficBatch batch in batches)
            {
                arranger.Arrange(batch, run);
                buffer.Add(run);
            }

            buffer.GiveOutBefore(long.MaxValue, 0, static (in _) => { });
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, allocated);
    }

    private static void Add(TimeOrderedBuffer buffer, RecordPagePool pages, params TestRecord[] records)
    {
        var run = new RecordRun();
        new RunArranger(s_all, pages).Arrange(TestRecord.Batch(records), run);
        buffer.Add(run);
    }

    /// <summary>What a record of these tests is told by.</summary>
    private sealed record TestRecord(long TimeNs, ulong Ray, bool IsEvent = false, ushort Status = 200, string Text = "")
    {
        public byte[] Data => Batch([this])[0].Data.ToArray();

        public string Line => $"{TimeNs} {Ray} {IsEvent} {Status} {Text.Length}";

        public static TestRecord Of(in TrafficRecord record) => new(
            record.Head.TimeNs,
            record.Head.Ray,
            record.Head.Dataset == Dataset.FirewallEvents,
            record.Head.EdgeStatus,
            Encoding.UTF8.GetString(record[RecordText.Template]));

        public static TrafficBatch Batch(IEnumerable<TestRecord> records)
        {
            var batch = new TrafficBatch();
            foreach (TestRecord record in records)
            {
                ref TrafficHead head = ref batch.Begin(RecordFlags.HexRay, 0, 0);
                head.TimeNs = record.TimeNs;
                head.Ray = record.Ray;
                head.Dataset = record.IsEvent ? Dataset.FirewallEvents : Dataset.HttpRequests;
                head.EdgeStatus = record.Status;
                for (int slot = 0; slot < (int)RecordText.DimensionCount; slot++)
                {
                    batch.Append(slot == (int)RecordText.Template ? Encoding.UTF8.GetBytes(record.Text) : default);
                }

                batch.Commit();
            }

            return batch;
        }
    }
}
