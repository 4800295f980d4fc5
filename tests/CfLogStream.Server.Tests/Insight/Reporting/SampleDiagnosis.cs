using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Core.Insight.Remedies;

namespace CfLogStream.Server.Tests.Insight.Reporting;

/// <summary>A diagnosis as an ordinary incident gives it: a challenge on API clients, a rate limit on webhooks, an exemption too broad.</summary>
internal static class SampleDiagnosis
{
    private static readonly DateTime s_from = new(2026, 5, 4, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime s_onset = s_from.AddHours(15).AddMinutes(31).AddSeconds(12);

    public static Diagnosis Build() => new()
    {
        From = s_from,
        To = s_from.AddDays(1),
        Requests = 1_843_220,
        Lost = 31_904,
        Findings = [Challenge(), RateLimit(), Bypass()],
        RightlyStopped =
        [
            Stopped("WAF managed rule \"Path traversal\" stops scanners on api.shop.example", "firewallmanaged", "Path traversal", 9_402, 37, 0.004),
            Stopped("Rate limiting rule \"Login attempts\" stops claimed browsers on www.shop.example", "ratelimit", "Login attempts", 3_118, 212, 0.07),
        ],
        Errors = [OriginErrors()],
        Limits =
        [
            "The http_requests job carries no JA4: a change of fingerprint cannot be told from a change of client.",
            "Only 24 hours before the end were looked at: a client that calls once a week has no history here.",
        ],
    };

    /// <summary>A diagnosis that found nothing.</summary>
    public static Diagnosis Nothing() => Build() with { Findings = [], RightlyStopped = [], Errors = [] };

    public static Finding Challenge() => new()
    {
        Id = "3f9c2a7d10b4e865",
        Kind = FindingKind.Misjudged,
        Pattern = MisjudgementPattern.UnsolvableChallenge,
        Title = "WAF custom rule \"Challenge non-browsers\" stops okhttp apps and python-requests on api.shop.example",
        Rule = new RuleIdentity("shop.example", "firewallcustom", "a4e1c07f9b3d4c52", "challenge_non_browsers", "Challenge non-browsers", "managedchallenge"),
        Cells =
        [
            Cell("POST", "api.shop.example", "/v1/orders", "sdk", "okhttp", "corroborated", new LossEstimate(9_120, 9_120, 2_204, 2_204, 641, 0.998, 1), 0.985),
            Cell("GET", "api.shop.example", "/v1/orders/{id}", "sdk", "okhttp", "corroborated", new LossEstimate(6_034, 6_034, 1_890, 1_890, 598, 0.998, 1), 0.98),
            Cell("POST", "api.shop.example", "/v1/stock/{sku}", "http_library", "python-requests", "claimed", new LossEstimate(1_288, 1_201, 96, 88, 3, 0.85, 0.957), 0.9),
        ],
        CellCount = 9,
        Loss = new LossEstimate(17_610, 17_402, 4_310, 4_262, 712, 0.985, 0.992),
        Legitimacy = new LegitimacyEstimate(0.982,
        [
            new Reason("prior_success", "98.7 % of 41,310 requests of these clients were answered well before the block", 3.1),
            new Reason("presence", "The clients were there in 31 of 31 half-hours before the block", 1.4),
            new Reason("waf_clean", "93.0 % of the stopped requests score 81 to 99 with the WAF, 0.1 % score as attacks", 1.2),
            new Reason("step", "The loss began at once, while the load stayed as it was", 0.8),
            new Reason("trust", "The user agent is corroborated by its fingerprint", 0.6),
            new Reason("breadth", "9 endpoints were called, a few more than usual", -0.4),
        ]),
        Score = 5_870,
        Onset = s_onset,
        LastSeen = s_from.AddHours(23).AddMinutes(59).AddSeconds(41),
        Ongoing = true,
        Changes =
        [
            new Change(s_onset.AddSeconds(-44), "018f43c2", "shop.example", "audit_logs_v2", "rule_updated", "firewallcustom", "a4e1c07f9b3d4c52",
                "challenge_non_browsers", "maria@shop.example", "user", "expression widened from the shop's pages to the whole zone",
                "(http.host eq \"www.shop.example\" and not cf.client.bot)", "(not cf.client.bot)"),
        ],
        Differences =
        [
            new FieldContrast("client_class", "sdk", 15_154, 17_402, 12, 208, 0.81),
            new FieldContrast("bot_score", "1–29", 16_980, 17_402, 71, 208, 0.63),
        ],
        Evidence = [new Reason("origin_fine", "The origin answered 99.9 % of what reached it on these endpoints", 0)],
        Trend = Trend(48, (bin, at) => 190 + (int)(110 * Math.Sin((at - 7) / 24 * 2 * Math.PI)) + (bin * 7 % 23), (bin, all) => bin > 31 ? all - (bin % 3) : bin == 31 ? all * 28 / 30 : 0),
        ExampleRays = ["8f2ab61c4d0e93a7", "8f2ab6205b1fe1c4", "8f2ab63377a09d02"],
        Remedies = [Narrow(), Skip()],
        Owner = new Owner("Edge platform", "#edge-platform", "stops price scrapers on the shop's pages", new DateOnly(2026, 9, 1), "owners.yaml line 12: rule challenge_non_browsers"),
    };

    private static Remedy Narrow() => new()
    {
        Kind = RemedyKind.EditRule,
        Summary = "Bind \"Challenge non-browsers\" to the pages it was written for again: a challenge can only be solved in a browser.",
        Place = "Security › WAF › Custom rules",
        Expression = "(http.host eq \"www.shop.example\" and not cf.client.bot)",
        ApiMethod = "PATCH",
        ApiPath = "/zones/{zone_id}/rulesets/{ruleset_id}/rules/a4e1c07f9b3d4c52",
        Payload = "{\n  \"action\": \"managed_challenge\",\n  \"expression\": \"(http.host eq \\\"www.shop.example\\\" and not cf.client.bot)\",\n  \"description\": \"Challenge non-browsers\",\n  \"enabled\": true\n}",
        Trial = new RemedyTrial(1_204, 0.9873, 0.0017, 0.0049),
        WhySafe = ["The rule stays as it is on www.shop.example.", "api.shop.example keeps its rate limit and its managed rules."],
        NotCovered = ["Scrapers that call the API itself: the rate limit is what meets them."],
        NextControls = ["Rate limiting rule \"API per client\"", "WAF managed rule \"Cloudflare Managed Ruleset\""],
        Refused = ["A Page Rule or Configuration Rule that lowers the Security Level: it does not act on custom rules."],
    };

    private static Remedy Skip() => new()
    {
        Kind = RemedyKind.SkipRule,
        Summary = "Skip the remaining custom rules for the order endpoints, where the client's certificate is verified.",
        Place = "Security › WAF › Custom rules, placed before \"Challenge non-browsers\"",
        Expression = "(http.host eq \"api.shop.example\" and starts_with(http.request.uri.path, \"/v1/orders\")\n and http.request.method in {\"GET\" \"POST\"} and cf.tls_client_auth.cert_verified)",
        ApiMethod = "POST",
        ApiPath = "/zones/{zone_id}/rulesets/{ruleset_id}/rules",
        Payload = "{\n  \"action\": \"skip\",\n  \"action_parameters\": { \"ruleset\": \"current\" },\n  \"expression\": \"(http.host eq …)\",\n  \"description\": \"Orders API, mobile app; expires 2026-08-02\",\n  \"position\": { \"before\": \"a4e1c07f9b3d4c52\" }\n}",
        WhySafe = ["Bound to one host, two path templates, two methods and a verified client certificate."],
        NotCovered = ["/v1/stock, whose caller presents no certificate."],
        NextControls = ["Rate limiting rule \"API per client\""],
        Warnings = ["The exemption has no end of its own: the date stands in its description only."],
        Refused = ["A skip rule placed after the rule: it only affects what comes after it."],
    };

    private static Finding RateLimit() => new()
    {
        Id = "b1d04c7e22aa9f31",
        Kind = FindingKind.Misjudged,
        Pattern = MisjudgementPattern.RateLimitBelowBurst,
        Title = "Rate limiting rule \"API per client\" stops stripe webhooks on hooks.shop.example",
        Rule = new RuleIdentity("shop.example", "ratelimit", "77d0aa52f1e94be0", "77d0aa52f1e94be0", "API per client", "block"),
        Cells = [Cell("POST", "hooks.shop.example", "/stripe", "webhook", "stripe", "verified", new LossEstimate(8_412, 1_377, 640, 118, 4, 0.156, 0.217), 0.97)],
        CellCount = 1,
        Loss = new LossEstimate(8_412, 1_377, 640, 118, 4, 0.156, 0.217),
        Legitimacy = new LegitimacyEstimate(0.97, [new Reason("trust", "The sender's addresses are those that it publishes", 2.4), new Reason("prior_success", "84.0 % of the requests are answered well", 1.1)]),
        Score = 240,
        LastSeen = s_from.AddHours(23).AddMinutes(58),
        Ongoing = true,
        Trend = Trend(48, (bin, _) => bin % 4 == 0 ? 420 : 90 + (bin * 11 % 31), (bin, _) => bin % 4 == 0 ? 114 : 0),
        ExampleRays = ["8f2a9d0ee1b87c55"],
        Remedies =
        [
            new Remedy
            {
                Kind = RemedyKind.RateLimit,
                Summary = "Count webhooks of /stripe apart, with a limit above the bursts that were seen: 300 in 10 s.",
                Place = "Security › WAF › Rate limiting rules",
                Expression = "(http.host eq \"hooks.shop.example\" and http.request.uri.path eq \"/stripe\")",
                WhySafe = ["Bound to one host and path.", "The limit is still there: 99 % of the bursts have at most 214 requests."],
            },
        ],
    };

    private static Finding Bypass() => new()
    {
        Id = "5520f1ce9a8b77d3",
        Kind = FindingKind.BroadBypass,
        Pattern = MisjudgementPattern.ExemptionTooBroad,
        Title = "Skip rule \"Partner allowlist\" lets scanners pass on api.shop.example",
        Rule = new RuleIdentity("shop.example", "firewallcustom", "0c9e4bd1a7f24f88", "partner_allowlist", "Partner allowlist", "skip"),
        Cells = [Cell("GET", "api.shop.example", "/{path}", "scanner", "nuclei", "claimed", new LossEstimate(2_204, 2_190, 61, 60, 5, 0.93, 0.998), 0.05)],
        CellCount = 1,
        Loss = new LossEstimate(2_204, 2_190, 61, 60, 5, 0.93, 0.998),
        Legitimacy = new LegitimacyEstimate(0.05, [new Reason("rides_on_exemption", "2,190 requests of a scanner ride on it", 0)]),
        Score = 57,
        Onset = s_from.AddHours(9),
        LastSeen = s_from.AddHours(13),
        Trend = Trend(48, (bin, _) => bin is >= 18 and < 26 ? 260 + bin : 3, (bin, _) => bin is >= 18 and < 26 ? 258 + bin : 0),
        ExampleRays = ["8f28d1720cc4ab19"],
    };

    private static Finding OriginErrors() => Stopped("The origin answers 502 on GET api.shop.example/v1/prices", "", "", 812, 96, 0.5) with
    {
        Kind = FindingKind.OriginErrors,
        Rule = null,
        Onset = s_from.AddHours(4),
    };

    private static Finding Stopped(string title, string control, string rule, long lost, long callers, double probability) => new()
    {
        Id = $"stopped-{control}",
        Kind = FindingKind.RightlyStopped,
        Pattern = MisjudgementPattern.Unknown,
        Title = title,
        Rule = new RuleIdentity("shop.example", control, "6b1e8a", "6b1e8a", rule, "block"),
        Cells = [Cell("GET", "api.shop.example", "/", "scanner", "", "claimed", new LossEstimate(lost, lost, lost, lost, callers, 0.99, 1), probability)],
        CellCount = 1,
        Loss = new LossEstimate(lost, lost, lost, lost, callers, 0.99, 1),
        Legitimacy = new LegitimacyEstimate(probability, []),
        Score = lost,
    };

    private static FindingCell Cell(
        string method, string host, string path, string clientClass, string name, string trust, LossEstimate loss, double probability) =>
        new(
            new EndpointIdentity("shop.example", host, method, path, "api"),
            new ClientIdentity(clientClass, name, trust),
            loss,
            new LegitimacyEstimate(probability, []));

    private static TrendLine Trend(int bins, Func<int, double, int> requests, Func<int, long, long> lost)
    {
        long[] all = [.. Enumerable.Range(0, bins).Select(bin => (long)requests(bin, bin * 24.0 / bins))];
        return new TrendLine(s_from, TimeSpan.FromDays(1) / bins, all, [.. all.Select((count, bin) => lost(bin, count))]);
    }
}
