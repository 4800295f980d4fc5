using System.Text.Json;
using System.Text.Json.Nodes;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Server.Analysis;

namespace CfLogStream.EndToEnd.Tests.Analyze;

/// <summary>Text that attackers write: it must store unchanged and show escaped.</summary>
public sealed class HostileTextTests(EngineFixture engine)
{
    private const string Ray = "feedfacecafebeef";

    public static TheoryData<string> Texts =>
    [
        "'; DROP TABLE requests; --",
        "\" OR 1=1 \\",
        "line one\nline two\r\tthree",
        "\u001b[31mred\u001b[0m \u001b]0;title\u0007",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "{partition:UInt32} {{x}} ${database} %s %n",
        "nul \0 del \u007f c1 \u0085 \u009b31m",
        "bidi \u202egnp.exe\u202c \u2066x\u2069 sep \u2028 \u2029",
        "emoji 😀 漢字 e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301 \uFFFD",
        "$(reboot) `id` | cat /etc/passwd && true",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Analyze_HostileTextInEveryField_StoresItAndShowsItEscaped(string text)
    {
        using var folder = new TemporaryFolder();
        var record = new JsonObject
        {
            ["RayID"] = Ray,
            ["EdgeStartTimestamp"] = "2026-08-06T12:00:00.123456789Z",
            ["ZoneName"] = text,
            ["ClientRequestHost"] = text,
            ["ClientRequestMethod"] = text,
            ["ClientRequestPath"] = "/api/" + text,
            ["ClientRequestUserAgent"] = text,
            ["ClientRequestReferer"] = text,
            ["ClientXRequestedWith"] = text,
            ["ClientCountry"] = text,
            ["ClientIP"] = text,
            ["JA4"] = text,
            ["EdgeResponseStatus"] = 403,
            ["OriginResponseStatus"] = 0,
            ["SecurityAction"] = "block",
            ["SecurityActions"] = new JsonArray("block"),
            ["SecurityRuleIDs"] = new JsonArray(text),
            ["SecurityRuleID"] = text,
            ["SecuritySources"] = new JsonArray("firewallCustom"),
            ["SecurityRuleDescription"] = text,
        };
        await File.WriteAllTextAsync(folder.Combine("a.log"), record.ToJsonString() + "\n", TestContext.Current.CancellationToken);
        string name = "hostile-" + Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(text))[..16];

        CommandResult text1 = await CommandLine.RunAsync("analyze", folder.Path, "--clickhouse", engine.Endpoint.ToString(), "--name", name);
        CommandResult json = await CommandLine.RunAsync(
            "analyze", folder.Path, "--clickhouse", engine.Endpoint.ToString(), "--name", name, "--format", "json");
        CommandResult ray = await CommandLine.RunAsync("ray", Ray + "-SEA", "--clickhouse", engine.Endpoint.ToString());

        CommandResult all = await CommandLine.RunAsync("ray", Ray, "--all", "--clickhouse", engine.Endpoint.ToString());
        CommandResult found = await CommandLine.RunAsync(
            "find", "--ua", text, "--at", "2026-08-06T12:00:00Z", "--limit", "5", "--clickhouse", engine.Endpoint.ToString());

        Assert.Equal((0, 0, 0, 0, 0), (text1.ExitCode, json.ExitCode, ray.ExitCode, all.ExitCode, found.ExitCode));
        AssertPlain(all.Stdout);
        AssertPlain(found.Stdout + found.Stderr);
        AssertPlain(text1.Stdout);
        AssertPlain(ray.Stdout);
        using JsonDocument report = JsonDocument.Parse(json.Stdout);
        JsonElement lost = report.RootElement.GetProperty("lost")[0];
        Assert.Equal(text, lost.GetProperty("rule_id").GetString());
        Assert.Equal(text, lost.GetProperty("rule").GetString());

        IReadOnlyList<string[]> stored = await engine.Queries.ReadAsync(
            $"SELECT user_agent, x_requested_with, ja4, match_rule_id[1], match_description[1] FROM {engine.Queries.Table("requests")} FINAL "
            + "WHERE ray = {ray:String} AND partition = {partition:UInt32}",
            new QueryParameters().Add("ray", Ray).Add("partition", new AnalysisScope { Name = name }.Partition),
            row => Enumerable.Range(0, row.FieldCount).Select(row.GetString).ToArray(),
            TestContext.Current.CancellationToken);
        Assert.All(Assert.Single(stored), value => Assert.Equal(text, value));
    }

    /// <summary>No control character but line feeds, no direction override, no line separator reaches a terminal.</summary>
    private static void AssertPlain(string shown) =>
        Assert.DoesNotContain(shown, c => (char.IsControl(c) && c != '\n') || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'));
}
