using CfLogStream.Core.Correlation;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Correlation;

/// <summary>Lost requests that are written while their minute is open.</summary>
public sealed class EarlyRequestTests
{
    private const long Now = LogLine.Epoch;

    private static readonly CorrelationOptions s_options = new()
    {
        AllowedLateness = TimeSpan.FromMinutes(1),
        JoinHorizon = TimeSpan.FromMinutes(2),
        AwaitEvents = false,
        LostPerWindowHostRule = 2,
        SampleOneOf = 1,
    };

    private static readonly LogEntry s_block = new("firewallcustom", "r1", "block");

    [Fact]
    public void WriteEarly_LostRequests_AreWrittenOnceAndPassedOnesNot()
    {
        var book = new RowBook();
        var correlator = new Correlator(s_options, book, 0);
        Feed(correlator, 0, LogLine.Request("1000000000000001", Now, s_block), LogLine.Request("1000000000000002", Now));
        correlator.WriteEarly();
        correlator.WriteEarly();
        Assert.Equal(("1000000000000001", true), (Assert.Single(book.Early).Ray, book.Early[0].Lost));
        Assert.Empty(book.Kept);

        Feed(correlator, 10, LogLine.Request("1000000000000003", Now + 1, s_block));
        correlator.WriteEarly();
        Assert.Equal(["1000000000000001", "1000000000000003"], book.Early.Select(row => row.Ray));
    }

    [Fact]
    public void WriteEarly_EventsStillAwaited_WritesWhenTheyHaveCome()
    {
        var book = new RowBook();
        var correlator = new Correlator(s_options with { AwaitEvents = true }, book, 0);
        Feed(correlator, 0, LogLine.Request("1000000000000001", Now, s_block));
        correlator.WriteEarly();
        Assert.Empty(book.Early);

        Feed(correlator, 10, LogLine.Event("1000000000000001", Now, s_block));
        correlator.WriteEarly();
        Assert.Equal((true, true), (Assert.Single(book.Early).HasRequest, book.Early[0].HasEvents));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void WriteEarly_PastTheCap_ChangesNothingOfWhatIsFinallyWritten(int every)
    {
        var plain = new RowBook();
        var early = new RowBook();
        var expected = new Correlator(s_options, plain, 0);
        var correlator = new Correlator(s_options, early, 0);
        for (int i = 0; i < 40; i++)
        {
            LogLine line = LogLine.Request($"10000000000000{i:x2}", Now + i, s_block);
            Feed(expected, i, line);
            Feed(correlator, i, line);
            if (i % every == 0)
            {
                correlator.WriteEarly();
            }
        }

        expected.Complete();
        correlator.WriteEarly();
        correlator.Complete();
        Assert.Equal(plain.Kept.Select(row => row.Text), early.Kept.Select(row => row.Text));
        Assert.Equal(2, early.Kept.Count);
        Assert.Subset(early.Early.Select(row => row.Ray).ToHashSet(), early.Kept.Select(row => row.Ray).ToHashSet());
        Assert.Equal(early.Early.Count, early.Early.Select(row => row.Ray).Distinct().Count());
    }

    private static void Feed(Correlator correlator, long offset, params LogLine[] lines)
    {
        var batch = new TrafficBatch();
        foreach (LogLine line in lines)
        {
            LogWriter.Feed(correlator, batch, line, offset++);
        }
    }
}
