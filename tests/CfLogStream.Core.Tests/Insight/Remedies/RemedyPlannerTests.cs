using System.Text.Json;
using CfLogStream.Core.Insight.Controls;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Remedies;
using CfLogStream.Core.Insight.Remedies.Payloads;
using CfLogStream.Core.Rules;
using Xunit;

namespace CfLogStream.Core.Tests.Insight.Remedies;

public sealed class RemedyPlannerTests
{
    private const string RuleId = "0123456789abcdef0123456789abcdef";

    private static readonly DateTime s_now = new(2026, 11, 29, 12, 0, 0, DateTimeKind.Utc);

    // Control, description, action, the kind of the narrowest remedy, what its payload or expression holds, and a wrong remedy that is refused.
    public static TheoryData<string, string, string, RemedyKind, string, string> Controls => new()
    {
        { "firewallcustom", "Block bots", "block", RemedyKind.EditRule, "not (http.host eq \\\"api.example.com\\\"", "A skip acts only on what comes after it" },
        { "firewallCustom", "mTLS for partners", "block", RemedyKind.ClientChange, "", "such a certificate is not accepted" },
        { "firewallcustom", "API Shield fallthrough", "block", RemedyKind.ApiShield, "\"endpoint\": \"/v1/orders/{id}\"", "Uploading a schema by the API alone" },
        { "ratelimit", "Login limit", "block", RemedyKind.RateLimit, "not (http.host eq", "Changing only the counting expression" },
        { "firewallmanaged", "SQLi", "block", RemedyKind.ManagedException, "\"{execute_rule_id}\"", "An exception after the execute rule" },
        { "firewallmanaged", "949110: Inbound Anomaly Score Exceeded", "block", RemedyKind.ManagedException, "\"rules\": {", "An IP Access rule with action allow for a country" },
        { "waf", "Old SQLi", "block", RemedyKind.SkipRule, "\"waf\"", "An exception of the new managed rulesets" },
        { "botfight", "", "managedchallenge", RemedyKind.IpAccess, "\"whitelist\"", "custom rules cannot skip it" },
        { "botmanagement", "", "managedchallenge", RemedyKind.SkipRule, "\"http_request_sbfm\"", "no longer supported" },
        { "l7ddos", "Flood", "block", RemedyKind.Override, "\"sensitivity_level\": \"eoff\"", "ddos_l7 comes before custom rules" },
        { "bic", "", "block", RemedyKind.SkipRule, "\"bic\"", "it is skipped as a product" },
        { "securitylevel", "", "managedchallenge", RemedyKind.SkipRule, "\"securityLevel\"", "The threat score is always 0 now" },
        { "securitylevel", "", "drop", RemedyKind.ClientChange, "", "the check is made before all of them" },
        { "zonelockdown", "Office only", "block", RemedyKind.EditRule, "\"198.51.100.7\"", "Zone Lockdown is no phase" },
        { "uablock", "Old SDK", "block", RemedyKind.SkipRule, "\"uaBlock\"", "User Agent Blocking is no phase" },
        { "hot", "", "block", RemedyKind.SkipRule, "\"hot\"", "Hotlink Protection is no phase" },
        { "ip", "", "block", RemedyKind.IpAccess, "", "not among the products that a skip rule can skip" },
        { "iprange", "", "block", RemedyKind.EditRule, "EXPRESSION_OF_THE_RULE and not (", "not among the products" },
        { "asn", "", "block", RemedyKind.EditRule, "ip.src.asnum eq 64500 and not (", "not among the products" },
        { "country", "", "block", RemedyKind.EditRule, "ip.src.country eq \\\"DE\\\" and not (", "not among the products" },
        { "apishieldschemavalidation", "", "block", RemedyKind.ApiShield, "", "http_request_api_gateway_late" },
        { "apishieldtokenvalidation", "JWT", "block", RemedyKind.ApiShield, "\"operation_ids\"", "The expression is inverted" },
        { "apishieldsequencemitigation", "", "block", RemedyKind.ApiShield, "", "last 10 requests of a session" },
        { "apishield", "", "block", RemedyKind.ApiShield, "", "http_request_api_gateway_late" },
        { "dlp", "Cards", "log", RemedyKind.Override, "\"enabled\": false", "only logs" },
        { "validation", "", "drop", RemedyKind.ClientChange, "", "cannot be disabled" },
        { "sanitycheck", "sanity-shellshock", "drop", RemedyKind.ClientChange, "", "Validation checks run before allow lists" },
        { "firewallrules", "Old", "block", RemedyKind.EditRule, "", "not among the products" },
        { "unknown", "", "block", RemedyKind.Investigate, "", "by guess" },
        { "quantumShield", "", "block", RemedyKind.Investigate, "", "by guess" },
    };

    [Theory]
    [MemberData(nameof(Controls))]
    public void Plan_EveryControl_NarrowestFirstAndWrongOnesRefused(
        string control, string description, string action, RemedyKind kind, string holds, string refused)
    {
        IReadOnlyList<Remedy> remedies = RemedyPlanner.Plan(Request(control, description, action));
        Assert.Equal(kind, remedies[0].Kind);
        Assert.Contains(holds, remedies[0].Payload.Length > 0 ? remedies[0].Payload : remedies[0].Expression, StringComparison.Ordinal);
        Assert.Contains(remedies[0].Refused, reason => reason.Contains(refused, StringComparison.Ordinal));
        Assert.All(remedies, CheckWhole);
    }

    [Fact]
    public void Plan_EveryControlOfTheCatalogue_HasARow()
    {
        string[] rows = [.. Controls.Select(static row => ControlCatalog.Of(row.Data.Item1).Control)];
        Assert.All(ControlCatalog.All, facts => Assert.Contains(facts.Control, rows));
    }

    [Fact]
    public void Plan_CustomRule_IsBoundToHostMethodPathDepthAndNetworks()
    {
        Remedy skip = RemedyPlanner.Plan(Request("firewallcustom", "Block bots", "managed_challenge"))[1];
        Assert.Equal(RemedyKind.SkipRule, skip.Kind);
        Assert.Equal(
            "http.host eq \"api.example.com\" and http.request.method eq \"POST\""
            + " and (http.request.uri.path strict wildcard \"/v1/orders/*\" and not http.request.uri.path strict wildcard \"/*/*/*/*\")"
            + " and ip.src in {198.51.100.7 203.0.113.0/24} and http.request.timestamp.sec lt 1811462400",
            skip.Expression);
        using JsonDocument payload = JsonDocument.Parse(skip.Payload);
        Assert.Equal(RuleId, payload.RootElement.GetProperty("position").GetProperty("before").GetString());
        Assert.Equal("other rules of the same kind (WAF custom rule)", skip.NextControls[0]);
    }

    [Fact]
    public void Plan_OtherRules_AreNamedInTheOrderOfPhases()
    {
        RemedyRequest request = Request("firewallcustom", "Block bots", "block") with
        {
            OtherRules =
            [
                new("z", "botManagement", "b", "", "", "managedchallenge"),
                new("z", "firewallmanaged", "m", "", "SQLi", "log"),
                new("z", "ratelimit", "r", "", "Limit", "block"),
                new("z", "quantumshield", "q", "", "", "block"),
            ],
        };
        string[] next = [.. RemedyPlanner.Plan(request)[0].NextControls.Where(static text => text.Contains("seen on", StringComparison.Ordinal))];
        Assert.Equal(
            [
                "Rate limiting rule \"Limit\" (r), action block: seen on these endpoints",
                "WAF managed rule \"SQLi\" (m), action log: seen on these endpoints",
                "Bot Management (b), action managedchallenge: seen on these endpoints",
                "quantumshield (q), action block: seen on these endpoints",
            ],
            next);
    }

    [Fact]
    public void Plan_SkippedPhase_IsNotNamedAsNext() => Assert.DoesNotContain(
        RemedyPlanner.Plan(Request("botmanagement", "", "block"))[0].NextControls,
        static text => text.StartsWith("Bot Management", StringComparison.Ordinal));

    [Fact]
    public void Plan_NothingCorroborated_WarnsAndEndsSoon()
    {
        RemedyRequest request = Request("bic", "", "block") with { Evidence = new ClientEvidence { UserAgents = ["curl/8.0"] } };
        Remedy remedy = RemedyPlanner.Plan(request)[0];
        Assert.Contains(remedy.Warnings, static warning => warning.StartsWith("No property of the client is corroborated", StringComparison.Ordinal));
        Assert.DoesNotContain("user_agent", remedy.Expression, StringComparison.Ordinal);
        Assert.EndsWith("http.request.timestamp.sec lt 1798502400", remedy.Expression, StringComparison.Ordinal);
    }

    public static TheoryData<ClientEvidence, string> Evidence => new()
    {
        { new ClientEvidence { MutualTls = true }, "cf.tls_client_auth.cert_verified and not cf.tls_client_auth.cert_revoked" },
        { new ClientEvidence { VerifiedBotCategory = "Webhooks" }, "cf.client.bot and cf.verified_bot_category eq \"Webhooks\"" },
        { new ClientEvidence { Asns = [64500], SignatureHeader = "Stripe-Signature" }, "ip.src.asnum in {64500} and len(http.request.headers[\"stripe-signature\"]) gt 0" },
        { new ClientEvidence { Asns = [64500], Ja4 = ["t13d"] }, "ip.src.asnum in {64500} and cf.bot_management.ja4 in {\"t13d\"}" },
        { new ClientEvidence { SignatureHeader = "x-sig" }, "len(http.request.headers[\"x-sig\"]) gt 0" },
        { new ClientEvidence { Networks = ["192.0.2.1"], NetworksComplete = false }, "\"/v1/orders/*\"" },
    };

    [Theory]
    [MemberData(nameof(Evidence))]
    public void Plan_Evidence_BindsByItsBestProperty(ClientEvidence evidence, string condition)
    {
        string expression = RemedyPlanner.Plan(Request("bic", "", "block") with { Evidence = evidence })[0].Expression;
        Assert.Contains(condition, expression, StringComparison.Ordinal);
        Assert.Equal(condition.Contains("ip.src in", StringComparison.Ordinal), expression.Contains("ip.src in", StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_Preflight_FreesOptionsOnly()
    {
        RemedyRequest request = Request("firewallcustom", "Bots", "block") with { Pattern = MisjudgementPattern.PreflightBlocked };
        string expression = RemedyPlanner.Plan(request)[0].Expression;
        Assert.Contains("http.request.method eq \"OPTIONS\"", expression, StringComparison.Ordinal);
        Assert.Contains("access-control-request-method", expression, StringComparison.Ordinal);
        Assert.DoesNotContain("POST", expression, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_SeveralEndpoints_ShareOneSetOfPaths()
    {
        RemedyRequest request = Request("bic", "", "block") with
        {
            Endpoints = [Endpoint("GET", "/v1/a"), Endpoint("GET", "/v1/b"), Endpoint("POST", "/v1/c/{id}/d")],
        };
        Assert.StartsWith(
            "((http.host eq \"api.example.com\" and http.request.method eq \"GET\" and http.request.uri.path in {\"/v1/a\" \"/v1/b\"}) or (http.host eq",
            RemedyPlanner.Plan(request)[0].Expression, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_ManyEndpoints_UseTheirCommonBeginningWithAWarning()
    {
        RemedyRequest request = Request("bic", "", "block") with
        {
            Endpoints = [.. Enumerable.Range(0, 14).Select(static i => Endpoint("GET", $"/v1/shop/item{i}"))],
        };
        Remedy remedy = RemedyPlanner.Plan(request)[0];
        Assert.Contains("starts_with(http.request.uri.path, \"/v1/shop/\")", remedy.Expression, StringComparison.Ordinal);
        Assert.Contains(remedy.Warnings, static warning => warning.StartsWith("14 endpoints are covered", StringComparison.Ordinal));
        request = request with { Endpoints = [.. Enumerable.Range(0, 14).Select(static i => Endpoint("GET", $"/item{i}"))] };
        Assert.Contains(
            RemedyPlanner.Plan(request)[0].NotCovered, static text => text.StartsWith("4 more endpoints", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(10, 40, 90, 120, 150)]
    [InlineData(1, 1, 1, 1, 2)]
    [InlineData(10, 100, 900, 1000, 1400)]
    public void Plan_RateEvidence_LimitIsAboveEverythingLegitimate(long median, long p90, long p99, long highest, long limit)
    {
        RemedyRequest request = Request("ratelimit", "Limit", "block") with
        {
            Evidence = new ClientEvidence(),
            Pattern = MisjudgementPattern.RateLimitBelowBurst,
            Rate = new RateEvidence(60, 50, median, p90, p99, highest),
        };
        Remedy remedy = RemedyPlanner.Plan(request)[0];
        using JsonDocument payload = JsonDocument.Parse(remedy.Payload);
        JsonElement rule = payload.RootElement.GetProperty("ratelimit");
        Assert.Equal(limit, rule.GetProperty("requests_per_period").GetInt64());
        Assert.Equal(60, rule.GetProperty("period").GetInt32());
        Assert.Contains(remedy.Warnings, static warning => warning.Contains("per data center", StringComparison.Ordinal));
        Assert.Contains(remedy.WhySafe, static reason => reason.Contains("25 % above the highest", StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_BroadExemption_IsNarrowedToTheCallsThatNeedIt()
    {
        IReadOnlyList<Remedy> remedies = RemedyPlanner.Plan(
            Request("firewallcustom", "Skip all for API", "skip") with { Pattern = MisjudgementPattern.ExemptionTooBroad });
        Assert.All(remedies, static remedy => Assert.Equal(RemedyKind.NarrowExemption, remedy.Kind));
        Assert.Empty(ExpressionLinter.Lint(remedies[0].Expression));
    }

    private static void CheckWhole(Remedy remedy)
    {
        Assert.NotEmpty(remedy.Summary);
        if (remedy.Payload.Length > 0)
        {
            Assert.Empty(PayloadRules.Check(remedy.Payload));
            Assert.NotEmpty(remedy.ApiMethod);
            Assert.StartsWith("/zones/{zone_id}/", remedy.ApiPath, StringComparison.Ordinal);
        }

        if (remedy.Expression.Length > 0)
        {
            Assert.True(RuleExpression.TryParse(remedy.Expression, out _, out RuleSyntaxError? error), error?.ToString());
        }

        if (remedy.Kind is RemedyKind.SkipRule or RemedyKind.ManagedException or RemedyKind.ConfigurationRule)
        {
            Assert.Empty(ExpressionLinter.Lint(remedy.Expression));
        }
    }

    private static EndpointIdentity Endpoint(string method, string path) => new("z", "api.example.com", method, path, "api");

    private static RemedyRequest Request(string control, string description, string action) => new()
    {
        Rule = new RuleIdentity("z", control, RuleId, RuleId, description, action),
        Pattern = MisjudgementPattern.BrowserRule,
        Endpoints = [Endpoint("POST", "/v1/orders/{id}")],
        Clients = [new ClientIdentity("sdk", "okhttp", "corroborated")],
        Evidence = new ClientEvidence
        {
            Networks = ["198.51.100.7", "203.0.113.0/24"],
            NetworksComplete = true,
            Asns = [64500],
            Countries = ["de"],
        },
        Now = s_now,
        Owner = "payments",
    };
}
