using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Remedies;
using CfLogStream.Core.Insight.Requests;

namespace CfLogStream.Core.Tests.Insight.Detection;

/// <summary>Which networks an exemption is bound to.</summary>
public sealed class RemedyRequestsTests
{
    private static readonly FieldCount[] s_fields =
    [
        new("network", "AS24940 88.198.102.101/32", 300, 300, 0),
        new("network", "AS24940 159.69.221.127/32", 20, 20, 0),
        new("network", "AS20473 45.63.230.11/32", 65, 65, 0),
        new("asn", "24940", 320, 320, 0),
        new("asn", "20473", 65, 65, 0),
    ];

    [Fact]
    public void Of_ANetworkWithoutPastAmongKnownOnes_IsLeftOutWithAWarning()
    {
        RemedyRequest request = Request(
            new("sdk/guzzle", "AS24940 88.198.102.101/32", 300, 40), new("sdk/guzzle", "AS20473 45.63.230.11/32", 65, 0), new("sdk/guzzle", "AS24940 159.69.221.127/32", 20, 0));
        Assert.Equal(["88.198.102.101", "159.69.221.127"], request.Evidence.Networks);
        Assert.Equal([24940u], request.Evidence.Asns);
        Assert.True(request.Evidence.NetworksComplete);
        Remedy first = RemedyPlanner.Plan(request)[0];
        Assert.DoesNotContain("45.63.230.11", first.Expression, StringComparison.Ordinal);
        Assert.Contains(first.Warnings, warning => warning.StartsWith("1 network (AS20473) that was stopped", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_NothingHasAPast_KeepsAll() => Assert.Equal(
        3, Request(new("sdk/guzzle", "AS24940 88.198.102.101/32", 300, 4), new("sdk/guzzle", "AS20473 45.63.230.11/32", 65, 0)).Evidence.Networks.Count);

    [Fact]
    public void Of_TheKnownPartIsTheSmaller_KeepsAll() => Assert.Equal(
        3, Request(new("sdk/guzzle", "AS24940 88.198.102.101/32", 60, 400), new("sdk/guzzle", "AS20473 45.63.230.11/32", 65, 0)).Evidence.Networks.Count);

    [Fact]
    public void Of_AnotherClientWithoutPast_IsNoStranger()
    {
        RemedyRequest request = Request(
            new("sdk/guzzle", "AS24940 88.198.102.101/32", 300, 40), new("sdk/okhttp", "AS20473 45.63.230.11/32", 65, 0));
        Assert.Contains("45.63.230.11", request.Evidence.Networks);
    }

    [Fact]
    public void Of_PeopleWithoutPast_StayIn() => Assert.Equal(
        3,
        Request(new("browser_xhr/chrome", "AS24940 88.198.102.101/32", 300, 40), new("browser_xhr/chrome", "AS20473 45.63.230.11/32", 65, 0))
            .Evidence.Networks.Count);

    [Fact]
    public void Plan_ScannersBehindTheSameBlockedAddress_StayBlocked()
    {
        DiagnosisInput input = new InputBuilder().Client("sdk", "axios", 10, "ip").Build();
        FindingCandidate candidate = Diagnoser.Candidates(input)[0];
        var detail = new RuleDetail
        {
            Fields = [new("network", "AS396982 34.68.144.181/32", 103, 44, 0), new("ja4", "t13d1309h1_9", 44, 44, 0), new("ja4", "t12d1712h1_a", 59, 0, 0)],
            Stopped = 103,
            Judged = 44,
        };
        RemedyRequest request = RemedyRequests.Of(FindingFactory.Make(candidate, input, detail), candidate, input, detail, rate: null, input.To);
        Remedy first = RemedyPlanner.Plan(request)[0];
        Assert.Equal(
            "ip.src eq 34.68.144.181 and not (http.host eq \"api.shop.example\" and http.request.method eq \"POST\" and http.request.uri.path eq \"/v1/orders\""
            + " and ip.src in {34.68.144.181} and cf.bot_management.ja4 in {\"t13d1309h1_9\"})",
            first.Expression);

        // Without a fingerprint it is said that they pass too.
        detail = detail with { Fields = [detail.Fields[0]] };
        request = RemedyRequests.Of(FindingFactory.Make(candidate, input, detail), candidate, input, detail, rate: null, input.To);
        Assert.Contains(RemedyPlanner.Plan(request)[0].Warnings, warning => warning.StartsWith("Others call from the same addresses", StringComparison.Ordinal));

        // When nobody else was stopped, the rule can go.
        detail = detail with { Fields = [new("network", "AS396982 34.68.144.181/32", 44, 44, 0)], Stopped = 44 };
        request = RemedyRequests.Of(FindingFactory.Make(candidate, input, detail), candidate, input, detail, rate: null, input.To);
        Assert.Equal("DELETE", RemedyPlanner.Plan(request)[0].ApiMethod);
    }

    [Fact]
    public void Of_ManyEndpoints_TheOneThatLostMostOverAllClientsComesFirst()
    {
        DiagnosisInput input = new InputBuilder()
            .Client("sdk", "guzzle", 10, path: "/v1/orders")
            .Client("sdk", "axios", 9, path: "/v1/carts")
            .Client("sdk", "okhttp", 9, path: "/v1/carts")
            .Build();
        FindingCandidate candidate = Diagnoser.Candidates(input)[0];
        RemedyRequest request = RemedyRequests.Of(
            FindingFactory.Make(candidate, input, new RuleDetail()), candidate, input, new RuleDetail(), rate: null, input.To);
        Assert.Equal(["/v1/carts", "/v1/orders"], request.Endpoints.Select(endpoint => endpoint.Path));
    }

    /// <summary>What was stopped before or after the client's own losses counts: when the rule is gone, that passes too.</summary>
    [Fact]
    public void Of_ASample_SaysWhoWasStoppedRightlyAndWhetherThereAreOthers()
    {
        DiagnosisInput input = new InputBuilder().Client("sdk", "axios", 10, "ip").Build();
        FindingCandidate candidate = Diagnoser.Candidates(input)[0];
        var detail = new RuleDetail
        {
            Fields = [new("network", "AS396982 34.68.144.181/32", 44, 44, 0)],
            Stopped = 44,
            Judged = 44,
            Networks =
            [
                new("sdk/axios", "AS396982 34.68.144.181/32", 44, 90) { Ja4 = "own" }, new("sdk/axios", "AS64666 192.0.2.1/32", 9, 0) { Ja4 = "other" },
            ],
            Sample = [Stopped("sdk", "axios", 396982), Stopped("sdk", "axios", 64666), Stopped("scanner", "nuclei", 396982)],
        };
        RemedyRequest request = RemedyRequests.Of(FindingFactory.Make(candidate, input, detail), candidate, input, detail, rate: null, input.To);
        Assert.Equal([0, 1, 1], request.Tried.Select(tried => tried.Attack));
        Assert.True(request.StopsOthers);
        detail = detail with { Sample = detail.Sample.Take(1).ToArray() };
        Assert.False(RemedyRequests.Of(FindingFactory.Make(candidate, input, detail), candidate, input, detail, rate: null, input.To).StopsOthers);
    }

    [Theory]
    [InlineData("browser_nav", 0)]
    [InlineData("scanner", 1)]
    public void Of_PreflightsOfOtherBrowsers_AreNoAttacks(string clientClass, double attack)
    {
        DiagnosisInput input = new InputBuilder().Client("browser_xhr", "chrome", 10, method: "OPTIONS").Build();
        FindingCandidate candidate = Diagnoser.Candidates(input)[0];
        var detail = new RuleDetail { Stopped = 1, Judged = 1, Sample = [Stopped(clientClass, "safari", 1, "OPTIONS")] };
        RemedyRequest request = RemedyRequests.Of(FindingFactory.Make(candidate, input, detail), candidate, input, detail, rate: null, input.To);
        Assert.Equal(MisjudgementPattern.PreflightBlocked, request.Pattern);
        Assert.Equal(attack, Assert.Single(request.Tried).Attack);
    }

    private static StoppedRequest Stopped(string clientClass, string name, uint asn, string method = "POST") =>
        new(clientClass, name, 1, new KeptRequest { Host = "api.shop.example", Method = method, Path = "/v1/orders", Asn = asn });

    [Theory]
    [InlineData("sdk", "guzzle", true)]
    [InlineData("mobile_app", "shopapp", false)]
    [InlineData("browser_xhr", "chrome", false)]
    public void Of_DevicesOfPeople_AreNotBoundToTodaysAddresses(string clientClass, string name, bool bound)
    {
        RemedyRequest request = Of(clientClass, name, []);
        Assert.Equal(bound, request.Evidence.NetworksComplete);
        Assert.Equal(bound, RemedyPlanner.Plan(request)[0].Expression.Contains("ip.src in", StringComparison.Ordinal));
    }

    private static RemedyRequest Request(params NetworkPast[] networks) => Of("sdk", "guzzle", networks);

    private static RemedyRequest Of(string clientClass, string name, IReadOnlyList<NetworkPast> networks)
    {
        DiagnosisInput input = new InputBuilder().Client(clientClass, name, 10, "uablock").Build();
        FindingCandidate candidate = Diagnoser.Candidates(input)[0];
        var detail = new RuleDetail { Fields = s_fields, Stopped = 385, Judged = 385, Networks = networks };
        return RemedyRequests.Of(FindingFactory.Make(candidate, input, detail), candidate, input, detail, rate: null, input.To);
    }
}
