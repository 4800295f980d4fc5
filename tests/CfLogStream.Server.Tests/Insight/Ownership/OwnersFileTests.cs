using System.Text;
using System.Text.Json;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Insight.Ownership;
using CfLogStream.Server.Tests.Configuration;

namespace CfLogStream.Server.Tests.Insight.Ownership;

public sealed class OwnersFileTests
{
    private static readonly EndpointIdentity s_orders = new("shop.example", "api.shop.example", "POST", "/v1/orders/{id}", "api");

    [Fact]
    public void Load_Example_FindsItsOwners()
    {
        OwnerBook book = OwnersFile.Load(Path.Combine(RepositoryRoot.Find(), "docs", "owners.example.yaml"));
        var rule = new RuleIdentity("shop.example", "firewallcustom", "x", "skip-partner-webhooks", "", "skip");

        Assert.Equal(5, book.Entries.Count);
        Assert.Equal(
            new Owner("payments", "#payments-oncall", "", null, "owners.example.yaml line 14: path /v1/orders*"), book.Find(null, s_orders));
        Assert.Equal(
            (new DateOnly(2027, 3, 31), "exemption firewallcustom ref skip-partner-webhooks"),
            (book.Find(rule, s_orders)!.ReviewBy!.Value, book.FindEntry(rule, s_orders)!.About));
        Assert.Equal("security", book.Find(rule with { Action = "block" }, null)!.Name);
        Assert.Empty(OwnerLint.Check(book, new DateOnly(2026, 11, 1)));
    }

    [Fact]
    public void Schema_IsNotStaleAndKnowsTheKeysOfTheExample()
    {
        string committed = File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "schemas", "owners.schema.json"));

        Assert.True(
            committed == ConfigurationSchema.WriteOwners(),
            "schemas/owners.schema.json is stale. Refresh it with: dotnet run --project src/CfLogStream.Cli -- docs owners-schema > schemas/owners.schema.json");
        using var schema = JsonDocument.Parse(committed);
        JsonElement owner = schema.RootElement.GetProperty("properties").GetProperty("owners").GetProperty("items").GetProperty("properties");
        Assert.Equal(
            ["owner", "contact", "why", "zone", "host", "path", "rule", "exemption", "review_by", "expires"],
            owner.EnumerateObject().Select(property => property.Name));
    }

    [Theory]
    [InlineData("owners:\n  - ower: x\n    zone: z", "o.yaml:2:5: Unknown key 'ower' in 'owners[0]'; did you mean 'owner'?\no.yaml:2:5: owners[0] has no 'owner'; expected a text.")]
    [InlineData("owners:\n  - owner: x", "o.yaml:2:5: owners[0] owns nothing; expected one of 'zone', 'host', 'path', 'rule' or 'exemption'.")]
    [InlineData(
        "owners:\n  - owner: x\n    rule: {id: a}\n    exemption: {id: b}",
        "o.yaml:2:5: owners[0] has a rule and an exemption; expected one of them. Write two entries.")]
    [InlineData(
        "owners:\n  - owner: x\n    path: v1", "o.yaml:3:11: owners[0].path is 'v1'; expected a path that begins with '/' or '*'.")]
    [InlineData(
        "owners:\n  - owner: x\n    zone: z\n    review_by: 2027-02-30",
        "o.yaml:4:16: owners[0].review_by is '2027-02-30'; expected a day of the calendar, such as '2027-01-31'.")]
    [InlineData(
        "owners:\n  - owner: x\n    zone: z\n    expires: soon", "o.yaml:4:14: owners[0].expires is 'soon'; expected a day, such as '2027-01-31'.")]
    [InlineData(
        "teams:\n  - {name: payments, contact: c}\nowners:\n  - owner: payment\n    zone: z",
        "o.yaml:4:12: owners[0].owner is 'payment', which is none of the teams. Did you mean 'payments'?")]
    [InlineData(
        "teams:\n  - {name: a, contact: c}\n  - {name: a, contact: d}",
        "o.yaml:3:12: teams[1].name is 'a', which an earlier team has. Remove one of them.")]
    [InlineData("teams:\n  - {name: a}", "o.yaml:2:5: teams[0] has no 'contact'; expected a text.")]
    [InlineData("owners: x", "o.yaml:1:9: owners is 'x'; expected a list, each item on a line after '- '.")]
    [InlineData(
        "owners:\n- owner: x\n\tzone: z",
        "o.yaml:3:1: The file cannot be read as YAML: a tab stands in the indentation of this line. Indent with blanks.")]
    public void Parse_BadFile_SaysWhatWhereAndWhatToDo(string yaml, string problems) =>
        Assert.Equal(problems, Assert.Throws<ConfigurationException>(() => Parse(yaml)).Message);

    [Fact]
    public void Parse_TooManyOrTooLong_IsRefused()
    {
        string many = "owners:\n" + string.Concat(Enumerable.Repeat("- {owner: a, zone: b}\n", 5_001));

        Assert.Equal(
            "o.yaml:2:1: owners has 5001 items; expected at most 5000.", Assert.Throws<ConfigurationException>(() => Parse(many)).Message);
        Assert.Equal(
            "o.yaml:1:42: owners[0].why has 2001 characters; expected at most 2000.",
            Assert.Throws<ConfigurationException>(() => Parse($"owners: [{{owner: a, zone: b,        why: {new string('x', 2_001)}}}]")).Message);
    }

    [Fact]
    public void Check_DatesAndContradictions_AreNamed()
    {
        OwnerBook book = Parse(
            """
            owners:
              - {owner: a, exemption: {id: x}, review_by: 2026-10-31}
              - {owner: a, exemption: {id: y}}
              - {owner: a, path: /p, expires: 2026-10-31}
              - {owner: b, path: /p}
              - {owner: a, rule: {id: r}, review_by: 2026-11-01}
              - {owner: a, rule: {id: r}}
              - {owner: a, host: h, review_by: 2026-10-31}
            """);

        Assert.Equal(
            [
                "error o.yaml line 2: The exemption id x was to be reviewed by 2026-10-31. Ask 'a', then set the next day.",
                "warning o.yaml line 3: The exemption id y has no 'review_by': an exemption stays until somebody looks at it.",
                "error o.yaml line 4: The path /p expired on 2026-10-31. Remove it at Cloudflare and here, or give it a later day.",
                "error o.yaml line 5: The path /p is given to 'b', and to 'a' at o.yaml line 4. Keep one of them.",
                "warning o.yaml line 7: The rule id r is owned by 'a' already at o.yaml line 6. Remove one of the entries.",
                "warning o.yaml line 8: The host h was to be reviewed by 2026-10-31. Ask 'a', then set the next day.",
            ],
            Lines(OwnerLint.Check(book, new DateOnly(2026, 11, 1))));
    }

    [Fact]
    public void CheckSeen_EntriesThatMatchNothing_AreNamed()
    {
        OwnerBook book = Parse(
            """
            owners:
              - {owner: a, path: /v1/orders*}
              - {owner: a, path: /v2*}
              - {owner: a, rule: {control: firewall_custom}}
              - {owner: a, exemption: {control: firewallcustom}}
            """);
        var rule = new RuleIdentity("shop.example", "firewallcustom", "r", "r", "", "block");

        Assert.Equal(
            [
                "warning o.yaml line 3: The path /v2* matches nothing in the last 7 days of the data. Remove the entry, or correct it.",
                "warning o.yaml line 5: The exemption firewallcustom matches nothing in the last 7 days of the data. Remove the entry, or correct it.",
            ],
            Lines(OwnerLint.CheckSeen(book, [new SeenRule(rule, s_orders, 1, 1)], [new SeenEndpoint(s_orders, 1, 1)], 7)));
    }

    [Fact]
    public void Of_Coverage_CountsWhatHasAnOwnerAndListsTheWorstFirst()
    {
        OwnerBook book = Parse("owners:\n- {owner: a, rule: {id: r1}}\n- {owner: a, path: /v1/orders*}");
        SeenRule Seen(string id, string path, long lost) => new(
            new RuleIdentity("z", "firewallcustom", id, id, "", "block"), s_orders with { Path = path }, lost + 1, lost);

        var coverage = OwnerCoverage.Of(
            book,
            [Seen("r2", "/a", 50), Seen("r1", "/v1/orders", 40), Seen("r3", "/b", 30), Seen("r3", "/c", 29)],
            [new SeenEndpoint(s_orders with { Path = "/a" }, 100, 50), new SeenEndpoint(s_orders, 100, 40)]);

        Assert.Equal((3, 1, 149L, 40L, 2, 1), (coverage.Rules, coverage.RulesOwned, coverage.Lost, coverage.LostOwned, coverage.Endpoints, coverage.EndpointsOwned));
        Assert.Equal([("r3", 59L, "/b"), ("r2", 50L, "/a")], coverage.UnownedRules.Select(rule => (rule.Rule.Id, rule.Lost, rule.Endpoint.Path)));
        Assert.Equal(["/a"], coverage.UnownedEndpoints.Select(endpoint => endpoint.Endpoint.Path));
    }

    [Fact]
    public void Table_HostileTexts_AreShownAndNeverMarkupOrFormula()
    {
        OwnerBook book = Parse("owners:\n- {owner: '=cmd()', path: '/a|b`<script>', why: 'x\"y, z'}");

        Assert.Equal(
            """| path |  |  | /a\|b\`\<script\> |  | =cmd\(\) |  | x"y, z |  |  |""", OwnerTable.Markdown(book).Split('\n')[2]);
        Assert.Equal("path,,,/a|b`<script>,,'=cmd(),,\"x\"\"y, z\",,", OwnerTable.Csv(book).Split("\r\n")[1]);
    }

    private static IEnumerable<string> Lines(IEnumerable<OwnerProblem> problems) =>
        problems.Select(problem => $"{(problem.IsError ? "error" : "warning")} {problem.Place}: {problem.Message}");

    private static OwnerBook Parse(string yaml) => OwnersFile.Parse("o.yaml", Encoding.UTF8.GetBytes(yaml.ReplaceLineEndings("\n")));
}
