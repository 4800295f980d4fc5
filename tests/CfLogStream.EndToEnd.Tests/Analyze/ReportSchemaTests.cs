using CfLogStream.EndToEnd.Tests.Architecture;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Generator;
using NJsonSchema;

namespace CfLogStream.EndToEnd.Tests.Analyze;

/// <summary>The JSON report fits its published schema.</summary>
public sealed class ReportSchemaTests(EngineFixture engine)
{
    [Fact]
    public async Task Analyze_JsonReport_FitsThePublishedSchema()
    {
        using var folder = new TemporaryFolder();
        await new LogpushGenerator(new GeneratorOptions
        {
            Scenario = "skip-too-broad",
            Seed = 3,
            Records = 5_000,
            Folder = folder.Path,
            Oddities = Oddities.All,
        }).RunAsync(null, TestContext.Current.CancellationToken);

        CommandResult result = await CommandLine.RunAsync(
            "analyze", folder.Path, "--clickhouse", engine.Endpoint.ToString(), "--name", "schema", "--format", "json");

        JsonSchema schema = await JsonSchema.FromFileAsync(
            Path.Combine(Repository.Root, "schemas", "report.schema.json"), TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(result.Stdout).Select(error => error.ToString()));
        Assert.Contains("\"lost\": [\n    {", result.Stdout, StringComparison.Ordinal);
        Assert.Contains("\"exemptions\": [\n    {", result.Stdout, StringComparison.Ordinal);
    }
}
