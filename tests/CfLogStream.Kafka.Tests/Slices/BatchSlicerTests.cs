using System.Globalization;
using System.Text;
using CfLogStream.Core;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Kafka.Slices;

namespace CfLogStream.Kafka.Tests.Slices;

/// <summary>Where records go, in which order, and how large slices become.</summary>
public sealed class BatchSlicerTests
{
    private const int Partitions = 7;
    private const int Seed = 4;

    [Fact]
    public void End_AMixedBatch_HasEveryRecordOnceAtItsPartition()
    {
        string[] lines = Mixed(3_000);
        var slicer = new BatchSlicer(Samples.Options, Partitions, new SlicerOptions { MaxRecords = 100, MaxBytes = 8_000 });
        IReadOnlyList<Slice> slices = SliceInTwo(slicer, lines);

        Assert.Equal(slices.OrderBy(slice => (slice.Partition, slice.Header.Kind, slice.Header.Part)), slices);
        var seen = new Dictionary<long, string>();
        var reader = new SliceReader(Samples.ExtraFields);
        foreach (IGrouping<(int, SliceKind), Slice> lane in slices.GroupBy(slice => (slice.Partition, slice.Header.Kind)))
        {
            Assert.Equal(Enumerable.Range(0, lane.Count()), lane.Select(slice => slice.Header.Part));
            long last = -1;
            foreach (Slice slice in lane)
            {
                Assert.InRange(slice.Header.Count, 1, 100);
                Assert.InRange(slice.Value.Length, 1, 8_000);
                Assert.Equal(Samples.Source.Batch, slice.Header.Batch);
                Assert.Equal(SliceStatus.Ok, reader.Open(slice.Header, slice.Value.Span));
                Assert.Equal(Samples.Source.Name, reader.Source);
                Assert.Equal(Samples.ReceivedNs, reader.ReceivedNs);
                last = AssertRecords(reader, slice.Partition, lines, last, seen);
            }
        }

        Assert.Equal(lines.Length, seen.Count);
        Assert.Equal(lines.Length, slicer.Counts.Lines);
        Assert.Equal(lines.Sum(line => line.Length + 1L), slicer.Counts.LineBytes);
        Assert.Equal(lines.Count(line => line.StartsWith('x')), slicer.Counts.OfStatus(ReadStatus.BadJson));
        int events = lines.Count(line => line.Contains("Datetime", StringComparison.Ordinal));
        Assert.Equal(events, slicer.Counts.OfDataset(Dataset.FirewallEvents));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void End_ASecondRayInAnotherPartition_IsCopiedThere(bool isEvent)
    {
        int copies = 0;
        for (int i = 0; i < 40; i++)
        {
            string second = $"8dea4d930b4275{i:00}";
            string line = isEvent
                ? Samples.Event($"\"OriginatorRayID\":\"{second}\"")
                : Samples.Http($"\"ParentRayID\":\"{second}\",\"WorkerSubrequest\":true");
            int own = PartitionOf("8dea4d930b427528");
            int other = PartitionOf(second);
            var slicer = new BatchSlicer(Samples.Options, Partitions);
            slicer.Begin(Samples.Source);
            slicer.Add(Samples.Buffer([line]), 5, 1, 0);
            IReadOnlyList<Slice> slices = slicer.End();
            int[] expected = own == other ? [own] : [.. new[] { own, other }.Order()];
            Assert.Equal(expected, slices.Select(slice => slice.Partition));
            foreach (Slice slice in slices)
            {
                var reader = new SliceReader(Samples.ExtraFields);
                Assert.Equal(SliceStatus.Ok, reader.Open(slice.Header, slice.Value.Span));
                Assert.True(reader.TryReadNext(reader.CreateRecord(), out SliceRecord info));
                Assert.Equal(new SliceRecord(5, slice.Partition != own), info);
            }

            Assert.Equal(slices.Count - 1, slicer.Counts.Copies);
            copies += slices.Count - 1;
        }

        Assert.InRange(copies, 20, 40);
    }

    [Fact]
    public void End_TheSameBatchAgain_HasTheSameBytes()
    {
        string[] lines = Mixed(500);
        var slicer = new BatchSlicer(Samples.Options, Partitions, new SlicerOptions { MaxRecords = 20 });
        (int, SliceHeader, string)[] first = Copy(SliceInTwo(slicer, lines));
        SliceInTwo(slicer, Mixed(700));
        (int, SliceHeader, string)[] again = Copy(SliceInTwo(slicer, lines));
        (int, SliceHeader, string)[] other =
            Copy(SliceInTwo(new BatchSlicer(Samples.Options, Partitions, new SlicerOptions { MaxRecords = 20 }), lines));
        Assert.Equal(first, again);
        Assert.Equal(first, other);
    }

    [Fact]
    public void End_ARecordLargerThanASlice_IsASliceOfItsOwn()
    {
        string large = Samples.Http($"\"ClientRequestURI\":\"/{new string('x', 5_000)}\"");
        string[] lines = [Samples.Http(""), large, large, Samples.Http(""), Samples.Http("")];
        var slicer = new BatchSlicer(Samples.Options, 1, new SlicerOptions { MaxBytes = 1_000 });
        slicer.Begin(Samples.Source);
        slicer.Add(Samples.Buffer(lines), 0, 1, 0);
        Assert.Equal([1, 1, 1, 2], slicer.End().Select(slice => slice.Header.Count));
    }

    [Fact]
    public void End_TextsOfAnyLength_AreWholeAndNothingElse()
    {
        string Text(int length, char first, bool isEscaped) => isEscaped && length > 0
            ? "\\t" + new string(first, length - 1)
            : new string(first, length);

        for (int length = 0; length <= 200; length++)
        {
            foreach (bool isEscaped in (bool[])[false, true])
            {
                string agent = Text(length, 'a', isEscaped);
                string referer = Text(200 - length, 'b', isEscaped);
                string line = Samples.Http($"\"ClientRequestUserAgent\":\"{agent}\",\"ClientRequestReferer\":\"{referer}\",\"EdgeResponseBytes\":{length}");
                LogRecord record = Samples.Decode(line);
                Assert.Equal(agent.Replace("\\t", "\t", StringComparison.Ordinal), Encoding.UTF8.GetString(record.Text(LogField.ClientRequestUserAgent)));
                Assert.Equal(referer.Replace("\\t", "\t", StringComparison.Ordinal), Encoding.UTF8.GetString(record.Text(LogField.ClientRequestReferer)));
                Assert.True(record.TryGetInt64(LogField.EdgeResponseBytes, out long bytes));
                Assert.Equal(length, bytes);
            }
        }
    }

    [Fact]
    public void Add_OneBatchAfterAnother_HasOnlyTheLast()
    {
        var slicer = new BatchSlicer(Samples.Options, Partitions);
        SliceInTwo(slicer, Mixed(100));
        slicer.Begin(new BatchSource("topic/3", 9, 0));
        Assert.Empty(slicer.End());
        Assert.Equal(0, slicer.Counts.Lines);
        slicer.Begin(new BatchSource("topic/3", 9, 0));
        Assert.Equal(3, slicer.Add(Samples.Buffer(["", "{\"content\":\"test\"}", Samples.Http("")]), 1L << 40, 1, 0));
        Slice slice = Assert.Single(slicer.End());
        Assert.Equal(0UL, slice.Header.Batch);
        var reader = new SliceReader(Samples.ExtraFields);
        Assert.Equal(SliceStatus.Ok, reader.Open(slice.Header, slice.Value.Span));
        Assert.Equal("topic/3", reader.Source);
        Assert.True(reader.TryReadNext(reader.CreateRecord(), out SliceRecord info));
        Assert.Equal((1L << 40) + 2, info.Position);
        Assert.Equal(1, slicer.Counts.OfStatus(ReadStatus.Validation));
        Assert.Equal(1, slicer.Counts.OfStatus(ReadStatus.Blank));
    }

    [Fact]
    public void Add_ADeadLetter_KeepsWhereItStood()
    {
        var slicer = new BatchSlicer(Samples.Options with { DeadLetterBytes = 4 }, Partitions);
        slicer.Begin(Samples.Source);
        slicer.Add(Samples.Buffer([Samples.Http(""), "{\"RayID\":"]), 10, 21, 1_000);
        Slice slice = slicer.End().Single(slice => slice.Header.Kind == SliceKind.DeadLetters);
        Assert.Equal((int)(StableHash.Of("{\"RayID\":"u8) % Partitions), slice.Partition);
        var reader = new SliceReader([]);
        Assert.Equal(SliceStatus.Ok, reader.Open(slice.Header, slice.Value.Span));
        Assert.True(reader.TryReadNext(out DeadLetter? letter, out SliceRecord info));
        Assert.Equal(11, info.Position);
        Assert.Equal(ReadStatus.CutLine, letter.Reason);
        Assert.Equal(22, letter.LineNumber);
        Assert.Equal(1_000 + Samples.Http("").Length + 1, letter.ByteOffset);
        Assert.Equal(Samples.Source.Name, letter.Source);
        Assert.Equal("{\"Ra", Encoding.ASCII.GetString(letter.FirstBytes));
        Assert.Equal(9, letter.Length);
    }

    [Fact]
    public void SliceAndRead_OnceWarm_AllocateNothing()
    {
        PaddedBuffer lines = Samples.Buffer(Mixed(2_000).Where(line => !line.StartsWith('x')));
        var slicer = new BatchSlicer(Samples.Options, Partitions);
        var reader = new SliceReader(Samples.ExtraFields);
        LogRecord record = reader.CreateRecord();
        for (int i = 0; i < 3; i++)
        {
            Round();
        }

        long least = long.MaxValue;
        for (int i = 0; i < 6 && least != 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);

        void Round()
        {
            slicer.Begin(Samples.Source);
            slicer.Add(lines, 0, 1, 0);
            IReadOnlyList<Slice> slices = slicer.End();
            for (int i = 0; i < slices.Count; i++)
            {
                Slice slice = slices[i];
                SliceStatus status = reader.Open(slice.Header, slice.Value.Span);
                while (reader.TryReadNext(record, out _))
                {
                }

                if (status != SliceStatus.Ok)
                {
                    Assert.Fail(SliceStatusNames.Of(status));
                }
            }
        }
    }

    [Fact]
    public void Constructor_BadLimits_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchSlicer(Samples.Options, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchSlicer(Samples.Options, 1, new SlicerOptions { MaxRecords = 4097 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchSlicer(Samples.Options, 1, new SlicerOptions { MaxBytes = 0 }));
        Assert.Equal(4096, new SlicerOptions().MaxRecords);
        Assert.Equal(900_000, new SlicerOptions().MaxBytes);
    }

    private static IReadOnlyList<Slice> SliceInTwo(BatchSlicer slicer, string[] lines)
    {
        slicer.Begin(Samples.Source);
        int first = slicer.Add(Samples.Buffer(lines[..(lines.Length / 3)]), 0, 1, 0);
        Assert.Equal(lines.Length / 3, first);
        Assert.Equal(lines.Length - first, slicer.Add(Samples.Buffer(lines[first..]), first, first + 1, 0));
        return slicer.End();
    }

    private static string[] Mixed(int count)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, count).Select(i => random.Next(10) switch
        {
            0 => $"x{i}",
            1 => $"{{\"When\":\"2026-08-13T10:00:00Z\",\"ActionType\":\"rotate\",\"ID\":\"{i}\"}}",
            2 => $"{{\"ActionTimestamp\":\"2026-08-13T10:00:00Z\",\"AuditLogID\":\"{i}\"}}",
            3 or 4 => Samples.Event($"\"MatchIndex\":{i}", Ray(random)),
            5 => Samples.Http($"\"ClientASN\":{i},\"ParentRayID\":\"{Ray(random)}\"", Ray(random)),
            _ => Samples.Http($"\"ClientASN\":{i},\"ClientRequestHost\":\"www.example.com\"", Ray(random)),
        })];
    }

    private static string Ray(Random random) => random.NextInt64().ToString("x16", CultureInfo.InvariantCulture);

    private static int PartitionOf(string ray) =>
        (int)(StableHash.Of(ulong.Parse(ray, NumberStyles.HexNumber, CultureInfo.InvariantCulture)) % Partitions);

    private static long AssertRecords(SliceReader reader, int partition, string[] lines, long last, Dictionary<long, string> seen)
    {
        LogRecord record = reader.CreateRecord();
        while (true)
        {
            string? text;
            if (reader.TryReadNext(record, out SliceRecord info))
            {
                text = record.Dataset switch
                {
                    Dataset.AuditLogs => Text(record, LogField.ID),
                    Dataset.AuditLogsV2 => Text(record, LogField.AuditLogID),
                    Dataset.FirewallEvents => Text(record, LogField.MatchIndex),
                    _ => Text(record, LogField.ClientASN),
                };
                ulong hash = record.Dataset is Dataset.HttpRequests or Dataset.FirewallEvents
                    ? StableHash.Of(RayId.Read(record.Text(info.IsCopy ? LogField.ParentRayID : LogField.RayID), out _))
                    : StableHash.Of(Encoding.ASCII.GetBytes(lines[(int)info.Position]));
                Assert.Equal((int)(hash % Partitions), partition);
            }
            else if (reader.TryReadNext(out DeadLetter? letter, out info))
            {
                text = Encoding.ASCII.GetString(letter.FirstBytes)[1..];
                Assert.Equal((int)(letter.ContentHash % Partitions), partition);
                Assert.Equal(info.Position + 1, letter.LineNumber);
            }
            else
            {
                return last;
            }

            Assert.True(info.Position > last);
            last = info.Position;
            Assert.Equal(info.Position, long.Parse(text, CultureInfo.InvariantCulture));
            Assert.True(info.IsCopy || seen.TryAdd(info.Position, text));
        }
    }

    private static string Text(LogRecord record, LogField field) => Encoding.ASCII.GetString(record.Text(field));

    private static (int, SliceHeader, string)[] Copy(IReadOnlyList<Slice> slices) =>
        [.. slices.Select(slice => (slice.Partition, slice.Header, Convert.ToHexString(slice.Value.Span)))];
}
