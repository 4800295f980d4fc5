using System.Net;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Remedies;
using CfLogStream.Core.Insight.Requests;
using CfLogStream.Core.Rules;
using CsCheck;

namespace CfLogStream.Core.Tests.Insight.Remedies;

/// <summary>What a remedy is bound to when it is tried on what the rule stopped.</summary>
public sealed class RemedyTrialTests
{
    private const string Own = "t13d1314h1_732f49a287f1";
    private const string Others = "t12d1912h1_d58aa00344f2";

    [Fact]
    public void Plan_OthersComeFromOtherNetworks_IsBoundToTheNetworks()
    {
        Remedy remedy = First([.. Calls(90, 64500, Own, "/v1/orders", 0), .. Calls(30, 64666, Own, "/v1/orders", 1)], asns: [64500], ja4: []);
        Assert.Contains("ip.src.asnum in {64500}", remedy.Expression, StringComparison.Ordinal);
        Assert.Equal((120, 1, 0), (remedy.Trial!.Requests, remedy.Trial.Freed, remedy.Trial.Attacks));
        Assert.InRange(remedy.Trial.MostAttacks, 0.001, 0.04);
        Assert.Contains(
            remedy.WhySafe, reason => reason.StartsWith("Tried on 120 requests that the rule stopped: it frees 100% of the wrongly stopped", StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_OthersComeFromTheSameNetwork_IsBoundToTheFingerprintToo()
    {
        Remedy remedy = First([.. Calls(90, 64500, Own, "/v1/orders", 0), .. Calls(30, 64500, Others, "/v1/orders", 1)], asns: [64500], ja4: [Own]);
        Assert.Contains($"ip.src.asnum in {{64500}} and cf.bot_management.ja4 in {{\"{Own}\"}}", remedy.Expression, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_OthersTryOneEndpoint_ThatOneIsLeftOut()
    {
        Remedy remedy = First(
            [.. Calls(90, 64500, Own, "/v1/orders", 0), .. Calls(10, 64500, Own, "/login", 0), .. Calls(30, 64500, Own, "/login", 1)], asns: [64500], ja4: [Own]);
        Assert.DoesNotContain("/login", remedy.Expression, StringComparison.Ordinal);
        Assert.Equal(0.9, remedy.Trial!.Freed, 3);
        Assert.Contains(remedy.NotCovered, text => text.StartsWith("2 more endpoints of this finding, where it would free", StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_NothingTellsThemApart_IsWithheldWithTheReason()
    {
        RemedyRequest request = Request([.. Calls(90, 64500, Own, "/v1/orders", 0), .. Calls(30, 64500, Own, "/v1/orders", 1)], [64500], [Own]);
        IReadOnlyList<Remedy> remedies = RemedyPlanner.Plan(request);
        Assert.Equal(RemedyKind.Withheld, remedies[0].Kind);
        Assert.All(remedies, remedy => Assert.Empty(remedy.Expression));
        Assert.DoesNotContain(remedies, remedy => remedy.Kind == RemedyKind.IpAccess);
        Assert.Contains(remedies[0].Refused, reason => reason.StartsWith("An exemption from what the logs show: tried on 120 requests", StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_NothingWasStopped_IsNotTried() => Assert.Null(First([], [64500], []).Trial);

    /// <summary>Whatever the sample: what the expression frees of it keeps to the bound and is what the trial says.</summary>
    [Fact]
    public void Plan_AnySample_FreesWhatItSays()
    {
        Gen<TriedRequest> one = Gen.Select(
            OneOf(64500u, 64501u, 64666u), OneOf(Own, Others, ""), OneOf("/v1/orders", "/v1/carts", "/login", "/other"),
            OneOf(0.0, 0.0, 0.0, 1.0, 0.4), Gen.Double[1, 50],
            (asn, ja4, path, attack, weight) => Call(asn, ja4, path, attack, weight));
        one.List[1, 60].Sample(sample =>
        {
            RemedyRequest request = Request([.. sample], [64500, 64501], [Own]);
            Remedy remedy = RemedyPlanner.Plan(request)[0];
            if (remedy.Kind == RemedyKind.Withheld || sample.TrueForAll(tried => tried.Attack == 1))
            {
                return;
            }

            Assert.True(RuleExpression.TryParse(remedy.Expression, out RuleNode? root, out _), remedy.Expression);
            var evaluator = new RuleEvaluator(root);
            TriedRequest[] freed = [.. sample.Where(tried => evaluator.Evaluate(tried.Fields) != true)];
            double attacks = freed.Sum(tried => tried.Weight * tried.Attack) / freed.Sum(tried => tried.Weight);
            Assert.Equal(remedy.Trial!.Attacks, attacks, 6);
            Assert.InRange(attacks, 0, 0.02);
            Assert.InRange(remedy.Trial.MostAttacks, attacks, 1);
            Assert.Equal(
                remedy.Trial.Freed,
                freed.Sum(tried => tried.Weight * (1 - tried.Attack)) / sample.Sum(tried => tried.Weight * (1 - tried.Attack)), 6);
        });
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Remedy First(IReadOnlyList<TriedRequest> tried, IReadOnlyList<uint> asns, IReadOnlyList<string> ja4) =>
        RemedyPlanner.Plan(Request(tried, asns, ja4))[0];

    private static RemedyRequest Request(IReadOnlyList<TriedRequest> tried, IReadOnlyList<uint> asns, IReadOnlyList<string> ja4) => new()
    {
        Rule = new RuleIdentity("shop.example", "firewallcustom", "0123456789abcdef0123456789abcdef", "", "Block bots", "block"),
        Pattern = MisjudgementPattern.BrowserRule,
        Endpoints = [.. new[] { "/v1/orders", "/v1/carts", "/login" }.Select(path => new EndpointIdentity("shop.example", "api.shop.example", "POST", path, "api"))],
        Clients = [new ClientIdentity("sdk", "guzzle", "claimed")],
        Evidence = new ClientEvidence { Asns = asns, Ja4 = ja4 },
        Tried = tried,
        Now = new DateTime(2026, 11, 29, 0, 0, 0, DateTimeKind.Utc),
    };

    private static IEnumerable<TriedRequest> Calls(int count, uint asn, string ja4, string path, double attack) =>
        Enumerable.Range(0, count).Select(_ => Call(asn, ja4, path, attack, 1));

    private static TriedRequest Call(uint asn, string ja4, string path, double attack, double weight) => new(
        weight,
        attack,
        new KeptRequest { Host = "api.shop.example", Method = "POST", Path = path, Asn = asn, Ja4 = ja4, Address = IPAddress.Parse("198.51.100.7") });
}
