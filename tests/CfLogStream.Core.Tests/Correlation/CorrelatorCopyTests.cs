using CfLogStream.Core.Correlation;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Core.Traffic.Controls;
using CsCheck;

namespace CfLogStream.Core.Tests.Correlation;

/// <summary>A log that is split by ray, with copies of what speaks of a ray in another partition, counts what the whole log counts.</summary>
public sealed class CorrelatorCopyTests
{
    private static readonly CorrelationOptions s_options = new()
    {
        AllowedLateness = TimeSpan.FromDays(1),
        JoinHorizon = TimeSpan.FromMinutes(5),
        SampleOneOf = 1,
    };

    [Fact]
    public void AddCopy_LogSplitByRay_CountsAsTheWholeLog() =>
        Gen.Select(WildLog.Generator(60, forces: false), Gen.Int[1, 5]).Sample(
            (log, partitions) =>
            {
                LogLine[] lines = [.. log.Lines.Select(line => Plain(line.Line))];
                Assert.Equal(Counts([Run(lines)]), Counts([.. Split(lines, partitions).Select(Run)]));
            },
            iter: 1_000,
            print: sample => $"partitions {sample.Item2}\n{sample.Item1.Describe()}");

    [Fact]
    public void AddCopy_SentAgain_CountsOnce()
    {
        LogLine parent = LogLine.Request("000000000000000a", LogLine.Epoch) with { Flags = RecordFlags.Sampled };
        LogLine copy = LogLine.Request("000000000000000b", LogLine.Epoch + LogLine.Second) with
        {
            Kind = LineKind.Copy,
            Flags = RecordFlags.WorkerSubrequest,
            Parent = parent.Ray,
        };
        RowBook book = Run([copy, parent, copy, copy]);
        Assert.Equal(1, (int)Assert.Single(book.Kept).Subrequests);
        Assert.Equal(1ul, Assert.Single(book.Quality).Received);
    }

    [Fact]
    public void AddCopy_OfSolvedChallenge_SolvesTheOriginators()
    {
        LogLine challenged = LogLine.Request(
            "000000000000000a", LogLine.Epoch, new LogEntry("firewallcustom", "r1", "managedchallenge")) with
        {
            Flags = RecordFlags.BrowserClient | RecordFlags.Sampled,
        };
        LogLine solved = LogLine.Event(
            "000000000000000b", LogLine.Epoch + LogLine.Second, new LogEntry("firewallcustom", "r1", "managedchallengeinteractivesolved")) with
        {
            Kind = LineKind.Copy,
            Originator = challenged.Ray,
        };
        LogLine matched = LogLine.Event(challenged.Ray, LogLine.Epoch, new LogEntry("firewallcustom", "r1", "managedchallenge"));
        Assert.Equal(0ul, Assert.Single(Run([challenged, matched, solved]).Requests).Lost);
        Assert.Equal(1ul, Assert.Single(Run([challenged, matched]).Requests).Lost);
    }

    [Fact]
    public void AddCopy_MovesNothing()
    {
        var correlator = new Correlator(s_options, new RowBook(), 0);
        var batch = new TrafficBatch();
        LogWriter.Feed(correlator, batch, LogLine.Request("000000000000000b", LogLine.Epoch) with { Kind = LineKind.Copy }, 7);
        Assert.Equal(long.MinValue, correlator.WatermarkNs);
        Assert.Equal(8, correlator.Status.NextOffset);
        Assert.Equal(0, correlator.Status.Received);
        Assert.Equal(0, correlator.Status.OpenMinutes);
    }

    /// <summary>A ray names one parent and one originator, and no clock is ahead.</summary>
    private static LogLine Plain(LogLine line)
    {
        string other = line.Ray[..^1] + (char)('0' + (LogWriter.RayValue(line.Ray) % 4));
        return line with
        {
            ReceivedNs = long.MaxValue,
            Parent = line.Parent.Length > 0 ? other : "",
            Originator = line.Originator.Length > 0 || Mitigation.IsSolved(Action(line)) ? other : "",
        };
    }

    private static byte[] Action(LogLine line) =>
        System.Text.Encoding.UTF8.GetBytes(line.IsRequest || line.Entries.Count == 0 ? "" : line.Entries[0].Action);

    private static List<LogLine>[] Split(IEnumerable<LogLine> lines, int partitions)
    {
        List<LogLine>[] logs = [.. Enumerable.Range(0, partitions).Select(_ => new List<LogLine>())];
        foreach (LogLine line in lines)
        {
            List<LogLine> home = logs[(int)(StableHash.Of(LogWriter.RayValue(line.Ray)) % (ulong)partitions)];
            home.Add(line);
            string second = line.IsRequest ? line.Parent : line.Originator;
            if (line.Kind == LineKind.Record && second.Length > 0)
            {
                List<LogLine> other = logs[(int)(StableHash.Of(LogWriter.RayValue(second)) % (ulong)partitions)];
                if (other != home)
                {
                    other.Add(line with { Kind = LineKind.Copy });
                }
            }
        }

        return logs;
    }

    private static RowBook Run(IEnumerable<LogLine> lines) => LogWriter.Run(s_options, lines);

    private static List<string> Counts(RowBook[] books)
    {
        IEnumerable<string> requests = books.SelectMany(book => book.Requests)
            .GroupBy(row => $"{row.Key.WindowSeconds} {row.Endpoint} {row.Client}")
            .Select(group => $"{group.Key} n={Sum(group, row => row.Requests)} lost={Sum(group, row => row.Lost)} "
                + $"c={Sum(group, row => row.Challenged)} s={Sum(group, row => row.ChallengeSolved)} eo={Sum(group, row => row.EventOnly)}");
        IEnumerable<string> kept = books.SelectMany(book => book.Kept)
            .Select(row => $"{row.Ray} {row.TimeNs} {row.Outcome} lost={row.Lost} s={row.Subrequests}");
        IEnumerable<string> quality = books.SelectMany(book => book.Quality)
            .GroupBy(row => (row.Key.WindowSeconds, row.Dataset))
            .Select(group => $"{group.Key} r={Sum(group, row => row.Received)} d={Sum(group, row => row.Duplicates)} "
                + $"u={Sum(group, row => row.Unmatched)} s={Sum(group, row => row.Subrequests)}");
        return [.. requests.Concat(kept).Concat(quality).Order(StringComparer.Ordinal)];
    }

    private static long Sum<T>(IEnumerable<T> rows, Func<T, ulong> count) => rows.Sum(row => (long)count(row));
}
