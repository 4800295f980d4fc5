using System.Text.Json;

namespace CfLogStream.Generator.Tests;

/// <summary>docs/generator.md names what there is.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void Documentation_Scenarios_AreAllNamed() =>
        Assert.All(ScenarioCatalog.All, scenario => Assert.Contains($"| `{scenario.Name}` |", Text(), StringComparison.Ordinal));

    [Fact]
    public void Documentation_Options_AreAllNamed() =>
        Assert.All(typeof(GeneratorOptions).GetProperties().Where(property => property.Name != "EqualityContract"), property =>
            Assert.Contains($"`{property.Name}`", Text(), StringComparison.Ordinal));

    [Fact]
    public void Documentation_Oddities_AreAllNamed() =>
        Assert.All(Enum.GetNames<Oddities>().Except(["None", "All"]), name =>
            Assert.Contains($"`{name}`", Text(), StringComparison.Ordinal));

    [Fact]
    public async Task Documentation_LedgerKeys_AreAllNamed()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync(new GeneratorOptions
        {
            Scenario = "clean-fix",
            Records = 3000,
            Variation = Variation.Wide,
        });
        string text = Text();
        string[] outcomesAndOptions =
        [
            "type", "scenario", "seed", "records", "start", "end", "disorder", "oddities", "timestamp_format", "minimal", "batch_records",
            "batch_interval_seconds", "passed", "exempted", "logged", "rate_limited", "blocked", "dropped",
        ];

        foreach (string key in run.Ledger.SelectMany(Keys).Distinct().Except(outcomesAndOptions))
        {
            Assert.Contains($"`{key}`", text, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Keys(JsonElement line) =>
        line.EnumerateObject().SelectMany(property =>
            property.Name == "incident" ? [property.Name, .. Keys(property.Value)] : (IEnumerable<string>)[property.Name]);

    private static string Text()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "CfLogStream.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return File.ReadAllText(Path.Combine(folder ?? throw new InvalidOperationException("CfLogStream.sln was not found above the tests."), "docs", "generator.md"));
    }
}
