using CfLogStream.Core.Correlation;
using CfLogStream.Core.Traffic;
using CsCheck;

namespace CfLogStream.Core.Tests.Correlation;

public sealed class CorrelatorOracleTests
{
    private const uint Partition = 3;

    [Fact]
    public void Run_AnyLog_GivesTheOraclesRows() =>
        WildLog.Generator(40, forces: true).Sample(
            log =>
            {
                RowBook expected = Oracle.Run(log.Options, Partition, log.Lines);
                RowBook actual = Run(log);
                Assert.Equal(expected.Lines(), actual.Lines());
            },
            iter: 1_000,
            print: log => log.Describe());

    [Fact]
    public void WriteEarly_AtAnyPlace_ChangesNoFinalRow() =>
        Gen.Select(WildLog.Generator(40, forces: true), Gen.Bool.Array[40]).Sample(
            (log, early) => Assert.Equal(Run(log).Lines(), Run(log, i => early[i % 40]).Lines()),
            iter: 400,
            print: sample => sample.Item1.Describe());

    [Fact]
    public void Run_AnyLog_Balances() =>
        WildLog.Generator(60, forces: true).Sample(
            log =>
            {
                RowBook book = Run(log);
                Assert.All(book.Quality, row => Assert.Equal(row.Received, row.Counted + row.Duplicates + row.DeadLettered));
                Assert.Equal(log.Lines.Count, book.Quality.Sum(row => (long)row.Received));
                Assert.All(book.Requests, Balances);
                Assert.All(book.Mitigations, row => Assert.True(row.Lost <= row.Count));
                Assert.All(book.Callers, row => Assert.True(row.Good + row.Lost <= row.Requests));
                long Lost(IEnumerable<ulong> counts) => counts.Sum(count => (long)count);
                Assert.True(Lost(book.Mitigations.Select(row => row.Lost)) <= Lost(book.Requests.Select(row => row.Lost)));
            },
            iter: 400,
            print: log => log.Describe());

    private static void Balances(RequestsRow row)
    {
        ulong outcomes = row.Passed + row.Exempted + row.Logged + row.Challenged + row.ChallengeSolved + row.RateLimited + row.Blocked
            + row.Dropped;
        ulong statuses = row.Status1xx + row.Status2xx + row.Status3xx + row.Status4xx + row.Status5xx + row.StatusOther;
        Assert.Equal(row.Requests, outcomes);
        Assert.Equal(row.Requests, statuses);
        Assert.True(row.Lost <= row.Requests);
        Assert.True(row.EdgeErrors + row.OriginErrors <= row.Status4xx + row.Status5xx);
    }

    private static RowBook Run(WildLog log, Func<int, bool>? early = null)
    {
        var book = new RowBook();
        var correlator = new Correlator(log.Options, book, Partition);
        var batch = new TrafficBatch();
        for (int i = 0; i < log.Lines.Count; i++)
        {
            LogWriter.Feed(correlator, batch, log.Lines[i].Line, log.Lines[i].Offset);
            if (early is not null && early(i))
            {
                correlator.WriteEarly();
            }
        }

        correlator.Complete();
        return book;
    }
}
