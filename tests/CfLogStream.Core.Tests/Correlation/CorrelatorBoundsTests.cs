using CfLogStream.Core.Correlation;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Correlation;

/// <summary>Caps, sampling, storms, widths.</summary>
public sealed class CorrelatorBoundsTests
{
    private const long Now = LogLine.Epoch;

    private static readonly LogEntry s_block = new("firewallcustom", "r1", "block");

    [Fact]
    public void Templates_PastTheCap_FoldAndKeepHostAndMethod()
    {
        RowBook book = LogWriter.Run(
            new CorrelationOptions { TemplatesPerWindowHost = 2 },
            Many(6, i => LogLine.Request($"{i:x16}", Now) with { Template = $"/t{i}", Method = i % 2 == 0 ? "GET" : "POST" })
                .Append(LogLine.Request("00000000000000ff", Now) with { Template = "/known", Flags = RecordFlags.KnownTemplate })
                .Append(LogLine.Request("00000000000000fe", Now) with { Template = "/t1", Method = "POST" }));
        Assert.Equal(
            ["GET /known Api 1", "GET /t0 Api 1", "GET {other} Unknown 2", "POST /t1 Api 2", "POST {other} Unknown 2"],
            book.Requests
                .Select(row => $"{row.Endpoint.Method} {row.Endpoint.Path} {row.Endpoint.Surface} {row.Requests}")
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Hosts_PastTheCap_FoldIntoOneOfTheirZone()
    {
        RowBook book = LogWriter.Run(
            new CorrelationOptions { HostsPerWindowZone = 1 },
            Many(4, i => LogLine.Request($"{i:x16}", Now) with { Host = $"h{i}", Zone = i == 3 ? "second" : "first" }));
        Assert.Equal(
            ["first h0 1", "first {other} 2", "second h3 1"],
            book.Requests.Select(row => $"{row.Endpoint.Zone} {row.Endpoint.Host} {row.Requests}").Order(StringComparer.Ordinal));
        Assert.Equal(3, book.Callers.Count);
    }

    [Fact]
    public void Clients_PastTheCap_FoldAndKeepClassAndTrust()
    {
        RowBook book = LogWriter.Run(
            new CorrelationOptions { ClientsPerWindowHost = 1 },
            Many(4, i => LogLine.Request($"{i:x16}", Now) with { ClientName = $"made-up-{i}", Trust = (Trust)(i % 2) }));
        Assert.Equal(
            ["made-up-0 Claimed 1", "{other} Claimed 1", "{other} Corroborated 2"],
            book.Requests.Select(row => $"{row.Client.Name} {row.Client.Trust} {row.Requests}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Callers_PastTheCaps_StopTheCountAndShareOneRow()
    {
        RowBook book = LogWriter.Run(
            new CorrelationOptions { CallersPerRow = 100, CallersPerHourHost = 2 },
            Many(500, i => LogLine.Request($"{i:x16}", Now) with { Caller = (ulong)i + 1 }));
        Assert.Equal(100, Assert.Single(book.Requests).Callers.Length);
        Assert.Equal([(1UL, 1UL), (2UL, 1UL), (0UL, 498UL)], book.Callers.Select(row => (row.Caller, row.Requests)));
        Assert.Equal("{other}", book.Callers[2].Client.Class.ToString());
    }

    [Fact]
    public void Callers_OfARow_AreDistinctAndAscending()
    {
        RowBook book = LogWriter.Run(
            new CorrelationOptions(), Many(3000, i => LogLine.Request($"{i:x16}", Now) with { Caller = (ulong)((i * 7919) % 1000) }));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (ulong)i), Assert.Single(book.Requests).Callers.ToArray());
    }

    [Fact]
    public void Endpoints_OfACaller_AreCountedTo64()
    {
        RowBook book = LogWriter.Run(
            new CorrelationOptions(), Many(200, i => LogLine.Request($"{i:x16}", Now) with { Template = $"/t{i}" }));
        Assert.Equal(64, Assert.Single(book.Callers).Endpoints);
    }

    [Fact]
    public void KeptRequests_PastTheCap_AreThoseWithTheSmallestHashesAndShareTheWeight()
    {
        LogLine[] lines = Many(250, i => LogLine.Request($"{i + 1:x16}", Now, s_block)).ToArray();
        RowBook book = LogWriter.Run(new CorrelationOptions { LostPerWindowHostRule = 100 }, lines);
        Assert.Equal(
            lines.Select(line => line.Ray).OrderBy(ray => StableHash.Of(LogWriter.RayValue(ray))).Take(100),
            book.Kept.Select(row => row.Ray));
        Assert.All(book.Kept, row => Assert.Equal(2.5, row.Weight));
        Assert.Equal(3, book.Mitigations[0].ExampleRays.Length);
        Assert.Equal(book.Kept.Take(3).Select(row => row.Ray), book.Mitigations[0].ExampleRays.ToArray().Select(ray => ray.ToString()));
    }

    [Fact]
    public void SampledRequests_CarryTheWeightOfTheSample()
    {
        RowBook book = LogWriter.Run(
            new CorrelationOptions { SampleOneOf = 50, LostPerWindowHostRule = 1 },
            Many(5, i => LogLine.Request($"{i:x16}", Now) with { Flags = i < 3 ? RecordFlags.Sampled : RecordFlags.None }));
        Assert.Equal([50.0, 50.0, 50.0], book.Kept.Select(row => row.Weight));
        Assert.Empty(LogWriter.Run(
            new CorrelationOptions { SampleOneOf = 0 },
            LogLine.Request("00000000000000aa", Now) with { Flags = RecordFlags.Sampled }).Kept);
    }

    [Fact]
    public void Waiting_PastTheBound_ResolvesTheOldest()
    {
        var book = new RowBook();
        var correlator = new Correlator(new CorrelationOptions { MaxWaiting = 10 }, book, 0);
        var batch = new TrafficBatch();
        for (int i = 0; i < 15; i++)
        {
            LogWriter.Feed(correlator, batch, LogLine.Request($"{i:x16}", Now, s_block), i);
            Assert.True(correlator.Status.WaitingRecords <= 10);
        }

        Assert.Equal(5, correlator.Status.Forced);
        LogWriter.Feed(correlator, batch, LogLine.Event($"{0:x16}", Now, s_block), 15);
        LogWriter.Feed(correlator, batch, LogLine.Event($"{14:x16}", Now, s_block), 16);
        correlator.Complete();
        Assert.Equal(15UL, Assert.Single(book.Requests).Blocked);
        Assert.Equal([(14UL, 5UL), (1UL, 0UL)], book.Quality.Select(row => (row.Unmatched, row.Forced)));
    }

    [Theory]
    [InlineData(500_000, 1)]
    [InlineData(1_000, 10)]
    public void EventStorm_OfOneRay_IsOneRequestUnlessTheBoundIsLower(int bound, ulong requests)
    {
        RowBook book = LogWriter.Run(
            new CorrelationOptions { MaxWaiting = bound },
            Many(10_000, i => LogLine.Event("00000000000000aa", Now, s_block with { RuleId = $"r{i % 100}" }, i)));
        Assert.Equal(requests, Assert.Single(book.Requests).EventOnly);
        Assert.Equal(100, book.Mitigations.Count);
        Assert.Equal(10_000, book.Mitigations.Sum(row => (int)row.Count));
        Assert.Equal(requests, (ulong)book.Mitigations.Sum(row => (int)row.Lost));
        Assert.Equal((10_000UL, 10_000UL, 0UL), (book.Quality[0].Counted, book.Quality[0].Unmatched, book.Quality[0].Duplicates));
    }

    [Fact]
    public void EventStorm_ResentTwice_IsAllDuplicates()
    {
        IEnumerable<LogLine> storm = Many(10_000, i => LogLine.Event("00000000000000aa", Now, s_block, i));
        RowBook book = LogWriter.Run(new CorrelationOptions(), storm.Concat(storm));
        Assert.Equal((20_000UL, 10_000UL, 10_000UL), (book.Quality[0].Received, book.Quality[0].Counted, book.Quality[0].Duplicates));
    }

    [Fact]
    public void Announcements_OfMoreEntriesThanAByteHolds_WaitForTheRest()
    {
        LogEntry[] entries = Enumerable.Range(0, 255).Select(i => s_block with { RuleId = $"r{i}" }).ToArray();
        RowBook book = LogWriter.Run(
            new CorrelationOptions(),
            Many(255, i => LogLine.Event("00000000000000aa", Now, entries[i], i))
                .Prepend(LogLine.Request("00000000000000aa", Now, entries) with { Announced = 32_767 }));
        Assert.Equal(32_767UL - 255, book.Quality[0].Unmatched);
        Assert.Equal(255, Assert.Single(book.Kept).Matches.Count);
        Assert.Equal(1, book.Mitigations.Sum(row => (int)row.Lost));
    }

    [Fact]
    public void Announcements_OfTheSameRuleTwice_AreTwoEvents()
    {
        var book = new RowBook();
        var correlator = new Correlator(new CorrelationOptions(), book, 0);
        var batch = new TrafficBatch();
        LogWriter.Feed(correlator, batch, LogLine.Request("00000000000000aa", Now, s_block, s_block), 0);
        LogWriter.Feed(correlator, batch, LogLine.Event("00000000000000aa", Now, s_block, 0), 1);
        Assert.Equal(1, correlator.Status.WaitingJoins);
        LogWriter.Feed(correlator, batch, LogLine.Event("00000000000000aa", Now, s_block, 1), 2);
        Assert.Equal(0, correlator.Status.WaitingJoins);
        correlator.Complete();
        Assert.Equal((2UL, 1UL), (book.Mitigations[0].Count, book.Mitigations[0].Lost));
    }

    [Fact]
    public void Endpoints_OfTheSameHash_AreNotMerged()
    {
        var book = new RowBook();
        var correlator = new Correlator(new CorrelationOptions(), book, 0);
        for (int i = 0; i < 3; i++)
        {
            var batch = new TrafficBatch();
            LogLine line = LogLine.Request($"{i:x16}", Now) with { Template = $"/t{i}", ClientName = $"c{i}" };
            LogWriter.Append(batch, line);
            TrafficHead head = batch.Head(0);
            head.EndpointHash = 42;
            head.ClientHash = 42;
            correlator.Add(new TrafficRecord(in head, batch[0].Data), i);
        }

        correlator.Complete();
        Assert.Equal(["/t0 c0", "/t1 c1", "/t2 c2"], book.Requests.Select(row => $"{row.Endpoint.Path} {row.Client.Name}"));
    }

    [Fact]
    public void Batch_ReusedAfterAdd_ChangesNothing()
    {
        var book = new RowBook();
        var correlator = new Correlator(new CorrelationOptions(), book, 0);
        var batch = new TrafficBatch();
        LogWriter.Feed(correlator, batch, LogLine.Request("00000000000000aa", Now, s_block) with { Host = "first" }, 0);
        LogWriter.Feed(correlator, batch, LogLine.Request("00000000000000bb", Now) with { Host = "other" }, 1);
        correlator.Complete();
        Assert.Equal("first", Assert.Single(book.Kept).Host);
    }

    private static IEnumerable<LogLine> Many(int count, Func<int, LogLine> line) => Enumerable.Range(0, count).Select(line);
}
