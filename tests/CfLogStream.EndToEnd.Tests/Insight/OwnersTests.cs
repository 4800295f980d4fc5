using System.Text.Json;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Generator;

namespace CfLogStream.EndToEnd.Tests.Insight;

/// <summary>The verbs about owners, on generated records.</summary>
public sealed class OwnersTests(EngineFixture engine)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Coverage_WithAndWithoutTheWorstRule_SaysWhatIsMissing()
    {
        await using var database = new ChangeDatabase(engine.Endpoint);
        await AnalyzeAsync(database);
        string owners = Path.Combine(database.Folder("owners"), "owners.yaml");
        await File.WriteAllTextAsync(owners, "owners:\n- {owner: payments, path: '/nowhere/*'}\n", Cancel);

        using JsonDocument before = JsonDocument.Parse((await database.RunAsync("owners", "coverage", "--owners", owners, "--format", "json")).Stdout);
        JsonElement worst = before.RootElement.GetProperty("unowned_rules")[0];
        Assert.Equal(0, before.RootElement.GetProperty("rules_owned").GetInt32());
        Assert.Equal(before.RootElement.GetProperty("rules").GetInt32(), before.RootElement.GetProperty("unowned_rules").GetArrayLength());
        long[] lost = [.. before.RootElement.GetProperty("unowned_rules").EnumerateArray().Select(rule => rule.GetProperty("lost").GetInt64())];
        Assert.Equal(lost.OrderDescending(), lost);

        string rule = worst.GetProperty("rule_id").GetString()!;
        string zone = worst.GetProperty("zone").GetString()!;
        await File.WriteAllTextAsync(
            owners, $"owners:\n- {{owner: payments, path: '/nowhere/*'}}\n- {{owner: security, zone: {zone}, rule: {{id: {rule}}}}}\n", Cancel);
        CommandResult text = await database.RunAsync("owners", "coverage", "--owners", owners);
        Assert.Equal(0, text.ExitCode);
        Assert.Contains($"  rules with an owner      1 of {lost.Length} (", text.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain($"(rule {rule}, {zone})", text.Stdout, StringComparison.Ordinal);
        Assert.Equal(1, (await database.RunAsync("owners", "coverage", "--owners", owners, "--min", "100")).ExitCode);

        CommandResult lint = await database.RunAsync("owners", "lint", "--owners", owners, "--seen", "30");
        Assert.Equal(
            "warning: owners.yaml line 2: The path /nowhere/* matches nothing in the last 30 days of the data. Remove the entry, or correct it.\n"
            + "0 errors, 1 warning.\n",
            lint.Stdout.ReplaceLineEndings("\n"));
        Assert.Equal(0, lint.ExitCode);
        Assert.Equal(1, (await database.RunAsync("owners", "lint", "--owners", owners, "--seen", "30", "--strict")).ExitCode);
    }

    [Fact]
    public async Task Lint_FileOfTheConfiguration_IsFoundAndItsMistakesFail()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Combine("owners.yaml"), "owners:\n- {owner: a, exemption: {id: x}, review_by: 2020-01-01}\n", Cancel);
        await File.WriteAllTextAsync(folder.Combine("config.yaml"), "insight:\n  owners_file: owners.yaml\n", Cancel);

        CommandResult result = await CommandLine.RunAsync("owners", "lint", "--config", folder.Combine("config.yaml"));
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            "error: owners.yaml line 2: The exemption id x was to be reviewed by 2020-01-01. Ask 'a', then set the next day.\n1 error, 0 warnings.\n",
            result.Stdout.ReplaceLineEndings("\n"));

        await File.WriteAllTextAsync(folder.Combine("owners.yaml"), "owners:\n- {owner: a, pth: /x}\n", Cancel);
        result = await CommandLine.RunAsync("owners", "lint", "--config", folder.Combine("config.yaml"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("owners.yaml:2:14: Unknown key 'pth' in 'owners[0]'; did you mean 'path'?", result.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_AllForms_HaveTheEntries()
    {
        using var folder = new TemporaryFolder();
        string owners = folder.Combine("owners.yaml");
        await File.WriteAllTextAsync(owners, "owners:\n- {owner: a, zone: z.example, rule: {control: rateLimit}}\n", Cancel);

        Assert.Contains("| rule | z.example |", (await CommandLine.RunAsync("owners", "export", "--owners", owners)).Stdout, StringComparison.Ordinal);
        Assert.Contains("rule,z.example,,,ratelimit,a", (await CommandLine.RunAsync("owners", "export", "--owners", owners, "--as", "csv")).Stdout, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse((await CommandLine.RunAsync("owners", "export", "--owners", owners, "--format", "json")).Stdout);
        Assert.Equal("ratelimit", json.RootElement[0].GetProperty("rule").GetString());
    }

    [Theory]
    [InlineData("No file of owners is named; give '--owners FILE', or 'insight.owners_file' in the configuration.", "lint")]
    [InlineData("The value of '--seen' is 0; expected between 1 and 400 days.", "lint", "--owners", "x", "--seen", "0")]
    [InlineData("The value of '--min' is 101; expected a percentage between 0 and 100.", "coverage", "--min", "101")]
    public async Task Owners_BadInput_SaysWhatIsExpected(string message, params string[] arguments)
    {
        CommandResult result = await CommandLine.RunAsync(["owners", .. arguments]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Stderr, StringComparison.Ordinal);
    }

    private static async Task AnalyzeAsync(ChangeDatabase database)
    {
        string uploads = database.Folder("uploads");
        await new LogpushGenerator(new GeneratorOptions
        {
            Scenario = "custom-rule-hits-api",
            Seed = 4,
            Records = 5_000,
            Folder = uploads,
            Disorder = Disorder.None,
        }).RunAsync(null, Cancel);
        Assert.Equal(0, (await database.RunAsync("analyze", uploads)).ExitCode);
    }
}
