using System.Text.Json;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Generator;

namespace CfLogStream.EndToEnd.Tests.Insight;

/// <summary>A lost request's screen says whether that was right, who owns the rule, and what to change.</summary>
public sealed class RayVerdictTests(EngineFixture engine)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ray_LostRequests_AreJudgedWithOwnerAndNarrowestChange()
    {
        await using InsightStore store = InsightStore.Create(engine, "  sample_one_of: 100\n");
        await new LogpushGenerator(new GeneratorOptions
        {
            Scenario = "custom-rule-hits-api",
            Seed = 1,
            Records = 40_000,
            Folder = store.Uploads,
        }).RunAsync(null, Cancel);
        await store.AnalyzeAsync();
        JsonElement diagnosis = await store.JsonAsync("diagnose");
        JsonElement finding = diagnosis.GetProperty("findings")[0];
        JsonElement rule = finding.GetProperty("rule");
        string owners = Path.Combine(Path.GetDirectoryName(store.Config)!, "owners.yaml");
        await File.WriteAllTextAsync(owners, $"owners:\n- {{owner: edge-team, why: a test, rule: {{id: {Text(rule, "id")}}}}}\n", Cancel);

        string wrong = finding.GetProperty("example_rays")[0].GetString()!;
        JsonElement judged = await JudgementAsync(store, wrong, owners);
        Assert.True(judged.GetProperty("misjudged").GetBoolean());
        Assert.InRange(judged.GetProperty("legitimacy").GetProperty("probability").GetDouble(), 0.9, 1);
        Assert.Equal("edge-team", Text(judged.GetProperty("owner"), "name"));
        Assert.Equal(Text(rule, "id"), Text(judged.GetProperty("finding").GetProperty("rule"), "id"));
        string expression = Text(judged.GetProperty("finding").GetProperty("remedies")[0], "expression");
        Assert.Contains("http.host eq ", expression, StringComparison.Ordinal);

        string text = (await store.RunAsync("ray", wrong, "--owners", owners)).Stdout.ReplaceLineEndings("\n");
        string flat = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("Verdict wrongly stopped, as it looks: ", flat, StringComparison.Ordinal);
        Assert.Contains("Owner edge-team; a test To change ", flat, StringComparison.Ordinal);
        Assert.Contains("cflogstream diagnose --host ", flat, StringComparison.Ordinal);
        Assert.Equal(expression.Length <= 400, text.Contains($"\n            {expression}\n", StringComparison.Ordinal));

        // A scanner's: rightly stopped, and nothing to change.
        string rightly = diagnosis.GetProperty("rightly_stopped").EnumerateArray()
            .First(static one => one.GetProperty("legitimacy").GetProperty("probability").GetDouble() < 0.05).GetProperty("example_rays")[0].GetString()!;
        judged = await JudgementAsync(store, rightly, owners);
        Assert.False(judged.GetProperty("misjudged").GetBoolean());
        Assert.Equal(JsonValueKind.Null, judged.GetProperty("owner").ValueKind);
        Assert.Equal(0, judged.GetProperty("finding").GetProperty("remedies").GetArrayLength());
        text = (await store.RunAsync("ray", rightly, "--owners", owners)).Stdout;
        Assert.Contains("Verdict     rightly stopped, as it looks: ", text, StringComparison.Ordinal);
        Assert.Contains("Owner       nobody known", text, StringComparison.Ordinal);
        Assert.DoesNotContain("To change", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ray_PassedRequest_IsNotJudged()
    {
        await using InsightStore store = InsightStore.Create(engine);
        await store.AnalyzeAsync([RequestLine.Http("1000000000000001", 0), RequestLine.Http("1000000000000002", 600)]);
        JsonElement screen = (await store.JsonAsync("ray", "1000000000000001")).GetProperty("requests")[0];
        Assert.Equal(JsonValueKind.Null, screen.GetProperty("judgement").ValueKind);
        Assert.DoesNotContain("Verdict", (await store.RunAsync("ray", "1000000000000001")).Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ray_DiagnosisCannotBeAsked_ShowsTheRestAndSaysWhy()
    {
        await using InsightStore store = InsightStore.Create(engine);
        await store.AnalyzeAsync(
            [
                .. Enumerable.Range(0, 4).Select(static i => RequestLine.Http($"100000000000000{i}", i * 60)),
                RequestLine.Http("10000000000000aa", 300, "r9"),
                RequestLine.Event("10000000000000aa", 300, "block", "r9"),
            ]);
        await store.Queries.ExecuteAsync($"DROP TABLE {store.Database}.rules SYNC", null, Cancel);
        CommandResult result = await store.RunAsync("ray", "10000000000000aa");
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("Answered by the edge (403)", result.Stdout, StringComparison.Ordinal);
        Assert.StartsWith("cflogstream: Whether it was stopped rightly could not be asked: ", result.Stderr, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> JudgementAsync(InsightStore store, string ray, string owners) =>
        (await store.JsonAsync("ray", ray, "--owners", owners)).GetProperty("requests")[0].GetProperty("judgement");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
