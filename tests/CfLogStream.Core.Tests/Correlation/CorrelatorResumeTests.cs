using CfLogStream.Core.Correlation;
using CfLogStream.Core.Traffic;
using CsCheck;

namespace CfLogStream.Core.Tests.Correlation;

public sealed class CorrelatorResumeTests
{
    private const uint Partition = 3;

    [Fact]
    public void Resume_CutAnywhere_UnionOfRowsIsThatOfOneRun() =>
        Gen.Select(WildLog.Generator(80, forces: false), Gen.Int[0, 80], Gen.Bool.Array[80]).Sample(
            (log, cut, early) => AssertResumes(log, Math.Min(cut, log.Lines.Count), i => early[i % 80]),
            iter: 1_000,
            print: sample => $"cut {sample.Item2}\n{sample.Item1.Describe()}");

    [Fact]
    public void Resume_OfAResumed_UnionOfRowsIsThatOfOneRun() =>
        Gen.Select(WildLog.Generator(80, forces: false), Gen.Int[0, 80], Gen.Int[0, 80]).Sample(
            (log, first, second) =>
            {
                var union = new RowBook();
                int from = Math.Min(Math.Min(first, second), log.Lines.Count);
                int to = Math.Min(Math.Max(first, second), log.Lines.Count);
                CorrelatorResume resume = RunUntil(log, from, union, null, _ => false);
                CorrelatorResume again = RunUntil(log, to, union, resume, _ => false);
                if (from > 0)
                {
                    Assert.Equal(RunUntil(log, to, new RowBook(), null, _ => false), again);
                }

                RunUntil(log, int.MaxValue, union, again, _ => false);
                Assert.Equal(RunWhole(log).Lines(), union.Lines());
            },
            iter: 400,
            print: sample => $"cuts {sample.Item2} {sample.Item3}\n{sample.Item1.Describe()}");

    [Fact]
    public void Resume_WithCopies_UnionOfRowsIsThatOfOneRun() =>
        Gen.Select(WildLog.Generator(80, forces: false), Gen.Int[0, 80], Gen.Bool.Array[80]).Sample(
            (log, cut, copies) =>
            {
                var mixed = log with { Lines = [.. log.Lines.Select((line, i) => copies[i % 80] ? (Copy(line.Line), line.Offset) : line)] };
                AssertResumes(mixed, Math.Min(cut, log.Lines.Count), _ => false);
            },
            iter: 600,
            print: sample => $"cut {sample.Item2}\n{sample.Item1.Describe()}");

    /// <summary>The original counts in no hour and its minute is closed; its duplicate must not look new to the open hour.</summary>
    [Fact]
    public void Resume_DuplicateOfAnOpenHour_StaysADuplicate()
    {
        static LogLine At(string ray, int second, bool isInternal) => LogLine.Request(ray, LogLine.Epoch + (second * LogLine.Second)) with
        {
            Flags = isInternal ? RecordFlags.Internal : RecordFlags.None,
        };
        var log = new WildLog(
            new CorrelationOptions { AllowedLateness = TimeSpan.Zero, JoinHorizon = TimeSpan.FromMinutes(2) },
            [
                (At("000000000000000a", 0, true), 100),
                (At("000000000000000b", 59, true), 4097),
                (At("000000000000000a", 0, false), 4098),
                (At("000000000000000c", 150, true), 8000),
                (At("000000000000000d", 280, true), 9000),
                (At("000000000000000e", 290, false), 12_300),
                (At("000000000000000f", 500, false), 12_400),
            ]);
        AssertResumes(log, log.Lines.Count, _ => false);
    }

    [Fact]
    public void Snapshot_NothingOpen_ReadsFromTheNextOffset()
    {
        var correlator = new Correlator(new CorrelationOptions(), new RowBook(), Partition);
        Assert.Equal(0, correlator.ReplayOffset);
    }

    /// <summary>Makes a record a copy, with a ray that only copies have.</summary>
    private static LogLine Copy(LogLine line) =>
        line.Kind == LineKind.Record ? line with { Kind = LineKind.Copy, Ray = "copy-" + line.Ray } : line;

    private static void AssertResumes(WildLog log, int cut, Func<int, bool> early)
    {
        RowBook whole = RunWhole(log);
        var union = new RowBook();
        CorrelatorResume resume = RunUntil(log, cut, union, null, early);
        var rest = new RowBook();
        RunUntil(log, int.MaxValue, rest, resume, early);
        Assert.All(rest.Requests, row => AssertOpen(row.Key, resume));
        Assert.All(rest.Quality, row => AssertOpen(row.Key, resume));
        Assert.All(
            rest.Callers,
            row => Assert.True(row.Key.Chunk == 0
                ? row.Key.WindowSeconds >= resume.ClosedHoursBefore
                : row.Key.Chunk >= resume.ClosedChunksBefore));
        union.PutAll(rest);
        Assert.Equal(whole.Lines(), union.Lines());
    }

    private static void AssertOpen(RowKey key, CorrelatorResume resume) => Assert.True(
        key.Chunk == 0 ? key.WindowSeconds >= resume.ClosedMinutesBefore : key.Chunk >= resume.ClosedChunksBefore);

    private static RowBook RunWhole(WildLog log)
    {
        var book = new RowBook();
        RunUntil(log, int.MaxValue, book, null, _ => false);
        return book;
    }

    /// <summary>Runs the log from where it is to be resumed up to a line; to the end it is completed.</summary>
    private static CorrelatorResume RunUntil(WildLog log, int end, RowBook book, CorrelatorResume? resume, Func<int, bool> early)
    {
        var correlator = new Correlator(log.Options, book, Partition, resume);
        var batch = new TrafficBatch();
        for (int i = 0; i < Math.Min(end, log.Lines.Count); i++)
        {
            if (resume is not null && log.Lines[i].Offset < resume.ReadFrom)
            {
                continue;
            }

            LogWriter.Feed(correlator, batch, log.Lines[i].Line, log.Lines[i].Offset);
            if (early(i))
            {
                correlator.WriteEarly();
            }
        }

        CorrelatorResume snapshot = correlator.Snapshot();
        if (end == int.MaxValue)
        {
            correlator.Complete();
        }

        return snapshot;
    }
}
