using System.Text.RegularExpressions;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Ownership;
using CsCheck;

namespace CfLogStream.Core.Tests.Insight.Ownership;

public sealed class OwnerBookTests
{
    private static readonly Gen<string> s_path = OneOf("a", "b", "{id}", "{x}", "*", "a*", "*b", "ab").Array[1, 3]
        .Select(segments => "/" + string.Join('/', segments));

    private static readonly Gen<string> s_name = OneOf("", "", "a.example", "b.example", "*.example", "*");

    private static readonly Gen<string> s_text = OneOf("", "", "one", "two");

    private static readonly Gen<OwnerEntry> s_entry = Gen.Select(
        s_name, s_name, Gen.OneOf(Gen.Const(""), s_path), Gen.Int[0, 2], s_text, s_text, s_text,
        (zone, host, path, kind, control, id, description) => new OwnerEntry
        {
            Owner = "o",
            Zone = zone.Length > 0 ? OwnerPattern.OfName(zone) : null,
            Host = host.Length > 0 ? OwnerPattern.OfName(host) : null,
            Path = path.Length > 0 ? OwnerPattern.OfPath(path) : null,
            Rule = kind == 0 ? null : new RuleSelector(control, id, "", description.Length > 0 ? OwnerPattern.OfName(description + "*") : null),
            IsExemption = kind == 2,
        });

    private static readonly Gen<RuleIdentity?> s_rule = Gen.Select(
        Gen.Bool, OneOf("a.example", "b.example", ""), s_text, s_text, s_text, OneOf("block", "skip"),
        (isGiven, zone, control, id, description, action) => isGiven ? new RuleIdentity(zone, control, id, "", description, action) : null);

    private static readonly Gen<EndpointIdentity?> s_endpoint = Gen.Select(
        Gen.Bool, OneOf("a.example", "b.example"), OneOf("a.example", "B.example"), s_path,
        (isGiven, zone, host, path) => isGiven ? new EndpointIdentity(zone, host, "GET", path, "api") : null);

    [Fact]
    public void Find_AnyEntries_IsWhatANaiveSearchFinds() => Gen.Select(s_entry.Array[0, 8], s_rule, s_endpoint).Sample((entries, rule, endpoint) =>
    {
        OwnerEntry[] numbered = [.. entries.Select((entry, i) => entry with { Owner = $"o{i}", Place = $"line {i}" })];

        Assert.Equal(Naive(numbered, rule, endpoint)?.Owner, new OwnerBook(numbered).Find(rule, endpoint)?.Name);
    });

    [Fact]
    public void Matches_AnyPatternOfPaths_IsWhatARegularExpressionSays() => Gen.Select(s_path, s_path).Sample((pattern, text) =>
        Assert.Equal(NaivePath(pattern, text), OwnerPattern.OfPath(pattern).Matches(text)));

    [Theory]
    [InlineData("/v1/users/{id}", "/v1/users/{user_id}", true)]
    [InlineData("/v1/users/{id}", "/v1/users/{id}/keys", false)]
    [InlineData("/v1/users/*", "/v1/users/{id}/keys", true)]
    [InlineData("/v1/users/*", "/v1/users", false)]
    [InlineData("/v1/{x}/keys", "/v1//keys", false)]
    [InlineData("/V1", "/v1", false)]
    [InlineData("*", "", true)]
    public void Matches_Path_FollowsTheRulesOfPatterns(string pattern, string path, bool expected) =>
        Assert.Equal(expected, OwnerPattern.OfPath(pattern).Matches(path));

    [Fact]
    public void Matches_HostilePatternAndText_EndsQuickly()
    {
        string pattern = string.Concat(Enumerable.Repeat("*a", 500));

        Assert.False(OwnerPattern.OfPath("/" + pattern + "b").Matches("/" + new string('a', 1_000)));
    }

    [Fact]
    public void Find_RuleThatNamesItsOwner_CountsBetweenRulesAndPaths()
    {
        var rule = new RuleIdentity("z", "firewallcustom", "r1", "", "SEC-1 owner:web until 2027-01-01", "block");
        var endpoint = new EndpointIdentity("z", "h", "GET", "/a", "api");
        OwnerEntry path = new() { Owner = "path", Path = OwnerPattern.OfPath("/a") };
        OwnerEntry byId = new() { Owner = "id", Rule = new RuleSelector("", "r1", "", null), Place = "owners.yaml line 3" };

        Assert.Equal(
            new Owner("web", "", "SEC-1", new DateOnly(2027, 1, 1), "the rule's description"), new OwnerBook([path]).Find(rule, endpoint));
        Assert.Equal(new Owner("id", "", "", null, "owners.yaml line 3: rule id r1"), new OwnerBook([path, byId]).Find(rule, endpoint));
        Assert.Equal("path", new OwnerBook([path]).Find(null, endpoint)!.Name);
        Assert.Null(OwnerBook.Empty.Find(null, endpoint));
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static OwnerEntry? Naive(OwnerEntry[] entries, RuleIdentity? rule, EndpointIdentity? endpoint)
    {
        OwnerEntry? best = null;
        foreach (OwnerEntry entry in entries)
        {
            if (NaiveMatches(entry, rule, endpoint) && (best is null || IsBetter(Rank(entry), Rank(best))))
            {
                best = entry;
            }
        }

        return best;
    }

    private static int[] Rank(OwnerEntry entry) =>
    [
        entry.Rule is not null && !entry.IsExemption ? 4 : entry.Rule is not null ? 3 : entry.Path is not null ? 2 : entry.Host is not null ? 1 : 0,
        entry.Rule?.Specificity ?? 0,
        Plain(entry.Path),
        Plain(entry.Host),
        Plain(entry.Zone),
        new[] { entry.Zone, entry.Host, entry.Path }.Count(pattern => pattern is not null),
    ];

    private static bool IsBetter(int[] one, int[] other)
    {
        int at = Enumerable.Range(0, one.Length).FirstOrDefault(i => one[i] != other[i], -1);
        return at >= 0 && one[at] > other[at];
    }

    private static int Plain(OwnerPattern? pattern) =>
        pattern is null ? 0 : Regex.Replace(pattern.Text, @"\*|(?<=/)\{[^/]+\}(?=/|$)", "").Length;

    private static bool NaiveMatches(OwnerEntry entry, RuleIdentity? rule, EndpointIdentity? endpoint)
    {
        bool isZone = entry.Zone is null || NaiveName(entry.Zone.Text, entry.Rule is not null && rule?.Zone.Length > 0 ? rule.Zone : endpoint?.Zone ?? "");
        bool isHost = entry.Host is null || (endpoint is not null && NaiveName(entry.Host.Text, endpoint.Host));
        bool isPath = entry.Path is null || (endpoint is not null && NaivePath(entry.Path.Text, endpoint.Path));
        if (entry.Rule is not { } selector)
        {
            return endpoint is null
                ? entry is { Host: null, Path: null, Zone: not null } && rule is not null && NaiveName(entry.Zone.Text, rule.Zone)
                : isZone && isHost && isPath;
        }

        return rule is not null && isZone && isHost && isPath
            && (!entry.IsExemption || rule.Action == "skip")
            && (selector.Control == "" || selector.Control == rule.Control)
            && (selector.Id == "" || selector.Id == rule.Id)
            && (selector.Description is null || NaiveName(selector.Description.Text, rule.Description));
    }

    private static bool NaiveName(string pattern, string text) =>
        Regex.IsMatch(text, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}\\z", RegexOptions.IgnoreCase | RegexOptions.Singleline);

    private static bool NaivePath(string pattern, string text)
    {
        IEnumerable<string> segments = pattern.Split('/').Select(segment =>
            Regex.IsMatch(segment, @"^\{.+\}$") ? "(?<=/)[^/]+(?=/|$)" : Regex.Escape(segment).Replace("\\*", ".*", StringComparison.Ordinal));
        return Regex.IsMatch(text, $"^{string.Join('/', segments)}\\z", RegexOptions.Singleline);
    }
}
