using CfLogStream.Core.Correlation;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Correlation;

/// <summary>The rules of the join, one by one.</summary>
public sealed class CorrelatorRuleTests
{
    private const string Ray = "000000000000000a";
    private const string Other = "000000000000000b";
    private const long Now = LogLine.Epoch;
    private const long Horizon = 2 * LogLine.Minute;

    private static readonly CorrelationOptions s_options = new()
    {
        AllowedLateness = TimeSpan.FromMinutes(1),
        JoinHorizon = TimeSpan.FromMinutes(2),
        SampleOneOf = 10,
    };

    private static readonly LogEntry s_block = new("firewallcustom", "r1", "block", "ref1", "no browsers");
    private static readonly LogEntry s_log = new("firewallmanaged", "r2", "log", "", "sqli");
    private static readonly LogEntry s_skip = new("firewallcustom", "r3", "skip");
    private static readonly LogEntry s_challenge = new("botfight", "bot_fight_mode", "managedchallenge");
    private static readonly LogEntry s_solved = new("botfight", "bot_fight_mode", "managedchallengeinteractivesolved");

    [Fact]
    public void Request_NothingAnnounced_CountsAtOnce()
    {
        var book = new RowBook();
        Correlator correlator = Feed(book, LogLine.Request(Ray, Now));
        Assert.Equal(0, correlator.Status.WaitingRecords);
        correlator.WriteEarly();
        Assert.Equal(1UL, Assert.Single(book.Requests).Passed);
    }

    [Fact]
    public void Request_Announced_WaitsForAllItsEventsAndTakesTheirTexts()
    {
        var book = new RowBook();
        Correlator correlator = Feed(
            book, LogLine.Request(Ray, Now, s_block with { Ref = "", Description = "" }, s_log), LogLine.Event(Ray, Now, s_log, 1));
        Assert.Equal(1, correlator.Status.WaitingJoins);
        Assert.Equal(2, correlator.Status.WaitingRecords);
        Feed(correlator, 2, LogLine.Event(Ray, Now + LogLine.Second, s_block));
        Assert.Equal(0, correlator.Status.WaitingRecords);
        correlator.Complete();
        KeptRow kept = Assert.Single(book.Kept);
        MatchedRule first = kept.Matches[0];
        Assert.Equal(
            ("r1", "ref1", "no browsers", 0), (Text(first.RuleId), Text(first.RuleRef), Text(first.Description), first.MatchIndex));
        Assert.Equal(("r2", 1), (Text(kept.Matches[1].RuleId), kept.Matches[1].MatchIndex));
        Assert.True(kept is { Lost: true, HasEvents: true, HasRequest: true });
        Assert.Equal(1UL, book.Mitigations.Single(row => Text(row.RuleId) == "r1").Lost);
        Assert.Equal(0UL, book.Mitigations.Single(row => Text(row.RuleId) == "r2").Lost);
        Assert.All(book.Quality, row => Assert.Equal(0UL, row.Unmatched));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    public void Request_AnnouncedEventMissing_ResolvesWhenTheWatermarkIsAtTheHorizon(long early, int waiting)
    {
        var book = new RowBook();
        Correlator correlator = Feed(
            book, LogLine.Request(Ray, Now, s_block), LogLine.Request(Other, Now + Horizon + LogLine.Minute + early));
        Assert.Equal(waiting, correlator.Status.WaitingJoins);
        correlator.Complete();
        Assert.Equal(1UL, book.Quality.Single(row => row.Key.WindowSeconds == Seconds(Now)).Unmatched);
        Assert.Equal(1UL, Assert.Single(book.Mitigations).Lost);
    }

    [Fact]
    public void Request_WhoseEventsAreNotAwaited_IsCountedAtOnceByWhatItAnnounces()
    {
        var book = new RowBook();
        var correlator = new Correlator(s_options with { AwaitEvents = false }, book, 0);
        Feed(correlator, 0, LogLine.Request(Ray, Now, s_block));

        Assert.Equal(0, correlator.Status.WaitingJoins);
        correlator.WriteEarly();
        Assert.Equal((1UL, 1UL, 1UL), (book.Requests[0].Requests, book.Requests[0].Blocked, book.Requests[0].Lost));
        Assert.Equal(1UL, Assert.Single(book.Mitigations).Lost);

        Feed(correlator, 1, LogLine.Event(Ray, Now, s_block));
        correlator.Complete();
        Assert.Equal(1UL, book.Mitigations.Single(row => row.Key.WindowSeconds == Seconds(Now)).Count);
        Assert.Equal(1UL, book.Quality.Last(row => row.Dataset == Dataset.FirewallEvents).Unmatched);
    }

    [Fact]
    public void Event_NotAnnounced_IsUnmatchedAndNothingElse()
    {
        RowBook book = LogWriter.Run(
            s_options, LogLine.Request(Ray, Now, s_log), LogLine.Event(Ray, Now, s_block), LogLine.Event(Ray, Now, s_log, 1));
        Assert.Equal((1UL, 0UL, 1UL), (book.Requests[0].Requests, book.Requests[0].Lost, book.Requests[0].Logged));
        Assert.Equal("r2", Text(Assert.Single(book.Mitigations).RuleId));
        QualityRow quality = book.Quality.Single(row => row.Dataset == Dataset.FirewallEvents);
        Assert.Equal((2UL, 2UL, 1UL), (quality.Received, quality.Counted, quality.Unmatched));
    }

    [Fact]
    public void Event_BeforeAnUnannouncingRequest_MakesNoRequestOfItsOwn()
    {
        RowBook book = LogWriter.Run(s_options, LogLine.Event(Ray, Now, s_block), LogLine.Request(Ray, Now));
        Assert.Equal((1UL, 0UL, 0UL), (book.Requests[0].Requests, book.Requests[0].EventOnly, book.Requests[0].Lost));
        Assert.Empty(book.Mitigations);
    }

    [Fact]
    public void Request_EventsNotLogged_UnitesItsEntryWithAllEvents()
    {
        LogLine request = LogLine.Request(Ray, Now, s_block with { Control = "", Ref = "", Description = "" }) with { Announced = -1 };
        RowBook book = LogWriter.Run(s_options, request, LogLine.Event(Ray, Now, s_block), LogLine.Event(Ray, Now, s_log, 1));
        Assert.Equal(1UL, Assert.Single(book.Requests).Blocked);
        KeptRow kept = Assert.Single(book.Kept);
        Assert.Equal(["firewallcustom/r1", "firewallmanaged/r2"], kept.Matches.Select(m => $"{m.Control}/{m.RuleId}"));
        Assert.Equal(2, book.Mitigations.Count);
        Assert.All(book.Quality, row => Assert.Equal(0UL, row.Unmatched));
    }

    [Fact]
    public void Request_EventsNotLoggedAndOutcomeUntold_TakesTheEventsOutcome()
    {
        RowBook book = LogWriter.Run(
            s_options,
            LogLine.Request(Ray, Now) with { Announced = -1 },
            LogLine.Event(Ray, Now, s_skip, 1),
            LogLine.Event(Ray, Now, s_block));
        Assert.Equal((1UL, 1UL), (book.Requests[0].Blocked, book.Requests[0].Lost));
    }

    [Fact]
    public void Events_WithoutRequest_BecomeOneRequestOfTheTerminatingEvent()
    {
        RowBook book = LogWriter.Run(
            s_options,
            LogLine.Event(Ray, Now, s_log, 0) with { Template = "/a" },
            LogLine.Event(Ray, Now, s_block, 1) with { Template = "/b", Caller = 9 });
        RequestsRow row = Assert.Single(book.Requests);
        Assert.Equal((1UL, 1UL, 1UL, "/b"), (row.Requests, row.EventOnly, row.Lost, Text(row.Endpoint.Path)));
        Assert.Equal(9UL, Assert.Single(book.Callers).Caller);
        Assert.Equal(2UL, Assert.Single(book.Quality).Unmatched);
        KeptRow kept = Assert.Single(book.Kept);
        Assert.True(kept is { HasRequest: false, HasEvents: true, Lost: true });
        Assert.Equal(["r1", "r2"], kept.Matches.Select(m => Text(m.RuleId)));
    }

    [Fact]
    public void Events_WithoutTerminatingOne_TakeTheLowestMatchIndex()
    {
        RowBook book = LogWriter.Run(
            s_options,
            LogLine.Event(Ray, Now, s_log, -1) with { Template = "/unknown" },
            LogLine.Event(Ray, Now, s_log, 3) with { Template = "/three" },
            LogLine.Event(Ray, Now, s_skip, 2) with { Template = "/two" });
        RequestsRow row = Assert.Single(book.Requests);
        Assert.Equal((1UL, "/two"), (row.Exempted, Text(row.Endpoint.Path)));
    }

    [Theory]
    [InlineData(LogLine.Second, true, 0)]
    [InlineData(Horizon, true, 1)]
    [InlineData(LogLine.Second, false, 1)]
    public void Challenge_SolvedWithinTheHorizon_IsLostOnlyToClientsThatAreNoBrowsers(long after, bool browser, ulong lost)
    {
        RecordFlags flags = browser ? RecordFlags.BrowserClient : RecordFlags.None;
        RowBook book = LogWriter.Run(
            s_options,
            LogLine.Request(Ray, Now, s_challenge) with { Flags = flags, Status = 403, OriginStatus = 0 },
            LogLine.Event(Ray, Now, s_challenge),
            LogLine.Event(Other, Now + after, s_solved) with { Originator = Ray });
        RequestsRow row = book.Requests.Single(r => r.Challenged == 1);
        Assert.Equal(lost, row.Lost);
        Assert.Equal(lost, book.Mitigations.Where(m => Text(m.Action) == "managedchallenge").Sum(m => (decimal)m.Lost));
    }

    [Fact]
    public void Challenge_OfABrowserWithAllItsEvents_StillWaitsForItsSolving()
    {
        LogLine challenged = LogLine.Request(Ray, Now, s_challenge) with { Flags = RecordFlags.BrowserClient };
        Correlator correlator = Feed(new RowBook(), challenged, LogLine.Event(Ray, Now, s_challenge));
        Assert.Equal(1, correlator.Status.WaitingJoins);
    }

    [Fact]
    public void Challenge_SolvedBeforeItsRecordCame_IsNotLost()
    {
        RowBook book = LogWriter.Run(
            s_options,
            LogLine.Event(Other, Now + LogLine.Second, s_solved) with { Originator = Ray },
            LogLine.Request(Ray, Now, s_challenge) with { Flags = RecordFlags.BrowserClient });
        Assert.Equal(0UL, book.Requests.Single(r => r.Challenged == 1).Lost);
    }

    [Fact]
    public void Match_NamedBySecurityAction_IsTheOneThatTerminated()
    {
        LogEntry other = new("ratelimit", "r9", "block");
        LogEntry named = new("ratelimit", "r8", "block", "", "described by the request");
        RowBook book = LogWriter.Run(s_options, LogLine.Request(Ray, Now, other, named), LogLine.Event(Ray, Now, other, 0));
        Assert.Equal(1UL, book.Mitigations.Single(m => Text(m.RuleId) == "r8").Lost);
        Assert.Equal(0UL, book.Mitigations.Single(m => Text(m.RuleId) == "r9").Lost);
    }

    [Theory]
    [InlineData(0, "r9")]
    [InlineData(1, "r8")]
    public void Match_NoneNamed_TheLastOneThenTheFirstTerminated(int matchIndex, string rule)
    {
        LogEntry first = new("ratelimit", "r8", "block");
        LogEntry second = new("ratelimit", "r9", "block");
        RowBook book = LogWriter.Run(s_options, LogLine.Request(Ray, Now, first, second), LogLine.Event(Ray, Now, second, matchIndex));
        Assert.Equal(1UL, book.Mitigations.Single(m => Text(m.RuleId) == rule).Lost);
        Assert.Equal(1, book.Mitigations.Sum(m => (int)m.Lost));
    }

    [Fact]
    public void Match_WithAnUnknownActionOfARefusedRequest_IsTheOneThatTerminated()
    {
        RowBook book = LogWriter.Run(
            s_options,
            LogLine.Request(Ray, Now, s_log, new LogEntry("new", "r9", "vaporise")) with { Told = Outcome.Blocked, Status = 403 });
        Assert.Equal(1UL, book.Mitigations.Single(m => Text(m.RuleId) == "r9").Lost);
    }

    [Fact]
    public void Outcome_ThatContradictsTheEntries_IsCountedAsTold()
    {
        RowBook book = LogWriter.Run(s_options, LogLine.Request(Ray, Now, s_block) with { Told = Outcome.Passed });
        Assert.Equal((1UL, 0UL), (book.Requests[0].Passed, book.Requests[0].Lost));
        Assert.Equal((1UL, 0UL), (book.Mitigations[0].Count, book.Mitigations[0].Lost));
    }

    [Fact]
    public void Duplicates_CountOnlyInQuality()
    {
        LogLine request = LogLine.Request(Ray, Now, s_block);
        LogLine securityEvent = LogLine.Event(Ray, Now, s_block);
        RowBook book = LogWriter.Run(
            s_options, request, request, securityEvent, securityEvent, request, securityEvent with { MatchIndex = 1 });
        Assert.Equal(1UL, Assert.Single(book.Requests).Requests);
        Assert.Equal((3UL, 1UL, 2UL), Quality(book, Dataset.HttpRequests));
        Assert.Equal((3UL, 2UL, 1UL), Quality(book, Dataset.FirewallEvents));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    public void Duplicate_IsKnownUntilTheWatermarkIsAtTheHorizon(long early, ulong duplicates)
    {
        RowBook book = LogWriter.Run(
            s_options,
            LogLine.Request(Ray, Now),
            LogLine.Request(Other, Now + Horizon + LogLine.Minute + early),
            LogLine.Request(Ray, Now));
        Assert.Equal(duplicates, book.Quality.Aggregate(0UL, (sum, row) => sum + row.Duplicates));
        Assert.Equal(1UL, book.Quality.Single(row => row.Key.Chunk == 1).Received);
    }

    [Fact]
    public void Rays_OfTheSameHashButOtherText_AreTwoRequests()
    {
        string text = "not-hexadecimal";
        string hex = LogWriter.RayValue(text).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
        RowBook book = LogWriter.Run(s_options, LogLine.Request(text, Now), LogLine.Request(hex, Now));
        Assert.Equal(2UL, Assert.Single(book.Requests).Requests);
    }

    [Fact]
    public void Subrequest_IsInNoAggregateButItsLossIsKept()
    {
        LogLine sub = LogLine.Request(Other, Now, s_block) with
        {
            Parent = Ray,
            Flags = RecordFlags.WorkerSubrequest | RecordFlags.Internal,
        };
        RowBook book = LogWriter.Run(
            s_options,
            sub,
            LogLine.Request(Ray, Now + LogLine.Second, s_skip),
            sub with { Ray = "000000000000000c", TimeNs = Now + 2, Entries = [], Announced = 0 });
        Assert.Equal(1UL, Assert.Single(book.Requests).Requests);
        Assert.Equal("r3", Text(Assert.Single(book.Mitigations).RuleId));
        Assert.Single(book.Callers);
        Assert.Single(book.Rules);
        Assert.Equal((2UL, 2UL), (book.Quality[0].Subrequests, book.Quality[0].Internal));
        Assert.Equal(2, book.Kept.Single(row => row.Ray == Ray).Subrequests);
        Assert.Equal(Ray, book.Kept.Single(row => row.Ray == Other).Parent);
        Assert.Equal(2, book.Kept.Count);
    }

    [Fact]
    public void Internal_IsOnlyInQuality()
    {
        RowBook book = LogWriter.Run(s_options, LogLine.Request(Ray, Now, s_block) with { Flags = RecordFlags.Internal });
        Assert.Equal(1UL, Assert.Single(book.Quality).Internal);
        Assert.Single(book.Written);
    }

    [Theory]
    [InlineData(Surface.Api, 1)]
    [InlineData(Surface.Unknown, 1)]
    [InlineData(Surface.Mixed, 1)]
    [InlineData(Surface.Page, 0)]
    [InlineData(Surface.Asset, 0)]
    public void Callers_AreThoseOfApiSurfaces(Surface surface, int rows) =>
        Assert.Equal(rows, LogWriter.Run(s_options, LogLine.Request(Ray, Now) with { Surface = surface }).Callers.Count);

    [Theory]
    [InlineData(199, 0)]
    [InlineData(200, 1)]
    [InlineData(399, 1)]
    [InlineData(400, 0)]
    public void Callers_GoodIsPassedAndAnswered(ushort status, ulong good) =>
        Assert.Equal(good, LogWriter.Run(s_options, LogLine.Request(Ray, Now) with { Status = status }).Callers[0].Good);

    [Fact]
    public void Callers_KnowMinutesEndpointsAndLastTimes()
    {
        RowBook book = LogWriter.Run(
            s_options,
            LogLine.Request("1000000000000001", Now),
            LogLine.Request("1000000000000002", Now + LogLine.Minute) with { Method = "POST" },
            LogLine.Request("1000000000000003", Now + LogLine.Minute + 5, s_block),
            LogLine.Request("1000000000000004", Now + LogLine.Minute + 9) with { Status = 500 });
        CallersRow row = Assert.Single(book.Callers);
        Assert.Equal((4UL, 2UL, 1UL), (row.Requests, row.Good, row.Lost));
        Assert.Equal((2, 2), (row.Minutes, row.Endpoints));
        Assert.Equal((Now, Now + LogLine.Minute + 9), (row.FirstSeenNs, row.LastSeenNs));
        Assert.Equal((Now + LogLine.Minute, Now + LogLine.Minute + 5), (row.LastGoodNs, row.LastLostNs));
    }

    [Fact]
    public void Rules_TakeTheNewestDescription()
    {
        RowBook book = LogWriter.Run(
            s_options,
            LogLine.Request("1000000000000001", Now + 2, s_block with { Description = "newest" }),
            LogLine.Request("1000000000000002", Now + 1, s_block with { Description = "older" }),
            LogLine.Request("1000000000000003", Now + 2, s_block with { Description = "lesser" }),
            LogLine.Request("1000000000000004", Now + 3, s_block with { Description = "", Ref = "ref2" }));
        RuleRow row = Assert.Single(book.Rules);
        Assert.Equal(("newest", "ref2", 4UL), (Text(row.Description), Text(row.RuleRef), row.Count));
        Assert.Equal((Now + 1, Now + 3), (row.FirstSeenNs, row.LastSeenNs));
    }

    private static (ulong Received, ulong Counted, ulong Duplicates) Quality(RowBook book, Dataset dataset)
    {
        QualityRow row = book.Quality.Single(quality => quality.Dataset == dataset);
        return (row.Received, row.Counted, row.Duplicates);
    }

    private static string Text(Utf8Text text) => text.ToString();

    private static uint Seconds(long timeNs) => (uint)(timeNs / LogLine.Second);

    private static Correlator Feed(RowBook book, params LogLine[] lines)
    {
        var correlator = new Correlator(s_options, book, 0);
        Feed(correlator, 0, lines);
        return correlator;
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
