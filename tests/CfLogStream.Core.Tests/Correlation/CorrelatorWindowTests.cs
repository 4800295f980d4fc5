using CfLogStream.Core.Correlation;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Correlation;

/// <summary>Windows, chunks, versions, the future, misuse.</summary>
public sealed class CorrelatorWindowTests
{
    private const long Now = LogLine.Epoch;

    private static readonly CorrelationOptions s_options = new()
    {
        AllowedLateness = TimeSpan.FromMinutes(1),
        JoinHorizon = TimeSpan.FromMinutes(2),
        FutureBound = TimeSpan.FromMinutes(10),
    };

    private static readonly LogEntry s_block = new("firewallcustom", "r1", "block");

    [Theory]
    [InlineData(-1, 0UL)]
    [InlineData(0, 1UL)]
    public void Record_IsLateWhenItsMinuteEndsAtTheWatermark(long early, ulong chunk)
    {
        RowBook book = LogWriter.Run(
            s_options, LogLine.Request("1000000000000001", Now + (2 * LogLine.Minute) + early), LogLine.Request("1000000000000002", Now));
        QualityRow row = book.Quality.Single(quality => quality.Key.WindowSeconds == Now / LogLine.Second);
        Assert.Equal((chunk, chunk), (row.Key.Chunk, row.Late));
    }

    [Fact]
    public void Record_ThatMovesTheWatermarkPastItself_IsNotLate()
    {
        RowBook book = LogWriter.Run(s_options with { AllowedLateness = TimeSpan.Zero }, LogLine.Request("1000000000000001", Now));
        Assert.Equal(0UL, Assert.Single(book.Quality).Late);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    public void Minute_ClosesWhenTheWatermarkIsAHorizonPastItsEnd(long early, int rows)
    {
        var book = new RowBook();
        var correlator = new Correlator(s_options, book, 0);
        Feed(
            correlator, 0,
            LogLine.Request("1000000000000001", Now), LogLine.Request("1000000000000002", Now + (4 * LogLine.Minute) + early));
        Assert.Equal(rows, book.Requests.Count);
        Assert.Equal(rows == 0 ? 2 : 1, correlator.Status.OpenMinutes);
        Assert.Equal(1, correlator.Status.OpenHours);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    public void Hour_ClosesWhenTheWatermarkIsAHorizonPastItsEnd(long early, int rows)
    {
        var book = new RowBook();
        Feed(
            new Correlator(s_options, book, 0), 0,
            LogLine.Request("1000000000000001", Now), LogLine.Request("1000000000000002", Now + (63 * LogLine.Minute) + early));
        Assert.Equal(rows, book.Callers.Count);
    }

    [Fact]
    public void LateChunk_ClosesWhenItsOffsetsHavePassedAndNothingOfItWaits()
    {
        var book = new RowBook();
        var correlator = new Correlator(s_options, book, 0);
        Feed(
            correlator, 4000,
            LogLine.Request("1000000000000001", Now + (3 * LogLine.Minute)),
            LogLine.Request("1000000000000002", Now + (30 * LogLine.Second), s_block));
        Feed(correlator, 4095, LogLine.Request("1000000000000003", Now + (3 * LogLine.Minute)));
        Assert.Equal(1, correlator.Status.OpenChunks);
        Feed(correlator, 4096, LogLine.Request("1000000000000004", Now + (3 * LogLine.Minute)));
        Assert.Empty(book.Requests);
        Feed(correlator, 4097, LogLine.Event("1000000000000002", Now + (30 * LogLine.Second), s_block));
        Feed(correlator, 4098, LogLine.Request("1000000000000005", Now + (3 * LogLine.Minute)));
        RequestsRow row = Assert.Single(book.Requests);
        Assert.Equal((1UL, 4098UL, 1UL), (row.Key.Chunk, row.Key.Version, row.Blocked));
        Assert.Equal(1, correlator.Status.OpenChunks);
        correlator.Complete();
        Assert.Equal([0UL, 1UL, 2UL], book.Quality.Select(quality => quality.Key.Chunk).Distinct().Order());
    }

    [Fact]
    public void Rows_AreWrittenWholeAgainWithTheVersionOfTheirNewestContribution()
    {
        var book = new RowBook();
        var correlator = new Correlator(s_options, book, 7);
        Feed(correlator, 10, LogLine.Request("1000000000000001", Now));
        correlator.WriteEarly();
        correlator.WriteEarly();
        Feed(correlator, 20, LogLine.Request("1000000000000002", Now));
        correlator.WriteEarly();
        correlator.Complete();
        Assert.Equal([(1UL, 11UL), (2UL, 21UL)], book.Requests.Select(row => (row.Requests, row.Key.Version)));
        Assert.All(book.Requests, row => Assert.Equal(7U, row.Key.Partition));
    }

    [Fact]
    public void Complete_GivesWhatItAddsAVersionOfItsOwn()
    {
        var book = new RowBook();
        var correlator = new Correlator(s_options, book, 0);
        Feed(correlator, 0, LogLine.Request("1000000000000001", Now, s_block));
        correlator.WriteEarly();
        correlator.Complete();
        Assert.Equal([1UL, 2UL], book.Quality.Select(row => row.Key.Version));
        Assert.Equal(2UL, Assert.Single(book.Requests).Key.Version);
    }

    [Theory]
    [InlineData(0, 0UL)]
    [InlineData(1, 1UL)]
    public void Record_TooFarInTheFuture_DoesNotMoveTheWatermark(long beyond, ulong future)
    {
        var book = new RowBook();
        var correlator = new Correlator(s_options, book, 0);
        LogLine line = LogLine.Request("1000000000000002", Now + (10 * LogLine.Minute) + beyond, s_block) with { ReceivedNs = Now };
        Feed(correlator, 0, LogLine.Request("1000000000000001", Now), line);
        Assert.Equal(future == 1 ? Now - LogLine.Minute : line.TimeNs - LogLine.Minute, correlator.Status.WatermarkNs);
        Assert.Equal(1, correlator.Status.WaitingJoins);
        Feed(correlator, 2, LogLine.Request("1000000000000003", Now + (3 * LogLine.Minute)));
        Assert.Equal(future == 1 ? 0 : 1, correlator.Status.WaitingJoins);
        correlator.Complete();
        QualityRow row = book.Quality.Single(quality => quality.Key.WindowSeconds == (Now / LogLine.Second) + 600);
        Assert.Equal((future, future), (row.Future, row.Key.Chunk));
    }

    [Fact]
    public void FutureRecords_DoNotHoldTheReplayBack()
    {
        var correlator = new Correlator(s_options, new RowBook(), 0);
        var batch = new TrafficBatch();
        LogWriter.Feed(
            correlator, batch,
            LogLine.Request("1000000000000001", Now + (10_000 * LogLine.Minute), s_block) with { ReceivedNs = Now }, 0);
        LogWriter.Feed(correlator, batch, new LogLine { Kind = LineKind.Rejected, TimeNs = Now * 2 }, 1);
        for (int i = 0; i < 300; i++)
        {
            LogWriter.Feed(correlator, batch, LogLine.Request($"{i:x16}", Now + (i * LogLine.Minute)), 100 + (i * 1000));
        }

        Assert.True(correlator.ReplayOffset > 100_000, $"{correlator.ReplayOffset}");
    }

    [Fact]
    public void Rejected_AndCounted_AreInQualityOnly()
    {
        RowBook book = LogWriter.Run(
            s_options,
            LogLine.Request("1000000000000001", Now),
            new LogLine { Kind = LineKind.Rejected, Dataset = Dataset.HttpRequests, TimeNs = Now },
            new LogLine { Kind = LineKind.Rejected, Dataset = Dataset.Unknown, TimeNs = 0 },
            new LogLine { Kind = LineKind.Counted, Dataset = Dataset.AuditLogsV2, TimeNs = Now },
            new LogLine { Kind = LineKind.Counted, Dataset = Dataset.AuditLogs, TimeNs = Now + (60 * LogLine.Minute) });
        QualityRow requests = book.Quality.Single(row => row.Dataset == Dataset.HttpRequests);
        Assert.Equal((2UL, 1UL, 1UL), (requests.Received, requests.Counted, requests.DeadLettered));
        Assert.Equal(0U, book.Quality.Single(row => row.Dataset == Dataset.Unknown).Key.WindowSeconds);
        Assert.Equal(0UL, book.Quality.Single(row => row.Dataset == Dataset.AuditLogsV2).Key.Chunk);
        Assert.Equal(1UL, book.Quality.Single(row => row.Dataset == Dataset.AuditLogs).Key.Chunk);
        Assert.Single(book.Requests);
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Time_OutsideOfWhatWindowsHold_IsMovedToTheBorder(long timeNs)
    {
        RowBook book = LogWriter.Run(
            new CorrelationOptions(),
            LogLine.Request("1000000000000001", timeNs, s_block),
            LogLine.Request("1000000000000002", Now));
        Assert.Equal(2, book.Quality.Sum(row => (int)row.Counted));
        Assert.Equal(timeNs < 0 ? 0U : 4_294_961_940U, book.Mitigations[0].Key.WindowSeconds);
    }

    [Fact]
    public void Add_OffsetNotIncreasing_Throws()
    {
        var correlator = new Correlator(s_options, new RowBook(), 0);
        Feed(correlator, 5, LogLine.Request("1000000000000001", Now));
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => correlator.AddRejected(Dataset.Unknown, 0, 5));
        Assert.StartsWith("Offsets must increase: '5' came after '5'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_AfterComplete_Throws()
    {
        var correlator = new Correlator(s_options, new RowBook(), 0);
        correlator.Complete();
        correlator.Complete();
        Assert.Throws<InvalidOperationException>(() => correlator.AddRejected(Dataset.Unknown, 0, 5));
    }

    [Fact]
    public void Add_AuditRecord_Throws() => Assert.Throws<ArgumentException>(
        () => Feed(
            new Correlator(s_options, new RowBook(), 0), 0,
            LogLine.Request("1000000000000001", Now) with { Dataset = Dataset.AuditLogs }));

    [Fact]
    public void Constructor_OptionOutOfRange_Throws() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new Correlator(new CorrelationOptions { MaxWaiting = 0 }, new RowBook(), 0));

    private static void Feed(Correlator correlator, long offset, params LogLine[] lines)
    {
        var batch = new TrafficBatch();
        foreach (LogLine line in lines)
        {
            LogWriter.Feed(correlator, batch, line, offset++);
        }
    }

    [Fact]
    public void Add_Late_GoesToTheChunkOfItsOffsets()
    {
        var book = new RowBook();
        var correlator = new Correlator(new CorrelationOptions(), book, 0, chunkOffsets: 262_144);
        var batch = new TrafficBatch();
        LogWriter.Feed(correlator, batch, LogLine.Request("000000000000000a", LogLine.Epoch + (60 * LogLine.Minute)), 10);
        LogWriter.Feed(correlator, batch, LogLine.Request("000000000000000b", LogLine.Epoch), 262_143);
        LogWriter.Feed(correlator, batch, LogLine.Request("000000000000000c", LogLine.Epoch), 262_144);
        Assert.Equal(2ul, correlator.Snapshot().ClosedChunksBefore);
        correlator.Complete();

        Assert.Equal([0, 1, 2], book.Requests.Select(row => (int)row.Key.Chunk).Order());
    }
}
