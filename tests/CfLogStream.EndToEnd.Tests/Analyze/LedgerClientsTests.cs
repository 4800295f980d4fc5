using System.Text.Json;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Generator;
using CfLogStream.Server.Analysis;

namespace CfLogStream.EndToEnd.Tests.Analyze;

/// <summary>Clients have the same class and name in the generator's ledger, which knows what it sent, and in the tables, which know only the logs.</summary>
/// <remarks>Attackers borrow names, so that only clients count of which a rule took nothing but legitimate requests.</remarks>
public sealed class LedgerClientsTests(EngineFixture engine)
{
    [Theory]
    [InlineData("bot-fight-webhooks", 1UL)]
    [InlineData("mixed-surface-challenge", 2UL)]
    [InlineData("under-attack-mode", 3UL)]
    [InlineData("managed-release-query", 4UL)]
    [InlineData("ua-block-old-sdk", 4UL)]
    [InlineData("ua-block-old-sdk", 11UL)]
    public async Task Analyze_ClientsOfTheLedger_AreTheTables(string scenario, ulong seed)
    {
        using var folder = new TemporaryFolder();
        await new LogpushGenerator(new GeneratorOptions { Scenario = scenario, Seed = seed, Records = 12_000, Folder = folder.Path })
            .RunAsync(null, TestContext.Current.CancellationToken);
        string name = $"ledger-clients-{scenario}-{seed}";
        CommandResult result = await CommandLine.RunAsync(
            "analyze", folder.Path, "--clickhouse", engine.Endpoint.ToString(), "--name", name, "--format", "json");
        Assert.Equal((0, ""), (result.ExitCode, result.Stderr));

        HashSet<StoppedClient> stored = [.. await StoredAsync(name)];
        StoppedClient[] known = [.. Legitimate(folder.Combine("ledger.ndjson"))];
        Assert.NotEmpty(known);
        Assert.Equal([], known.Where(client => !stored.Contains(client)));
    }

    private static IEnumerable<StoppedClient> Legitimate(string ledger) => File.ReadLines(ledger)
        .Where(line => line.StartsWith("{\"type\":\"stopped_by_rule\"", StringComparison.Ordinal))
        .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
        .GroupBy(row => new StoppedClient(Text(row, "host"), Text(row, "rule_id"), Text(row, "client_class"), Text(row, "client_name")))
        .Where(rows => rows.All(row => row.GetProperty("lost_attack").GetInt64() == 0) && rows.Any(row => row.GetProperty("lost_legitimate").GetInt64() > 0))
        .Select(rows => rows.Key);

    private async Task<IReadOnlyList<StoppedClient>> StoredAsync(string name) => await engine.Queries.ReadAsync(
        $"SELECT DISTINCT host, rule_id, client_class, client_name FROM {engine.Queries.Table("mitigations_1m")} WHERE partition = {{partition:UInt32}}",
        new QueryParameters().Add("partition", new AnalysisScope { Name = name }.Partition),
        row => new StoppedClient(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)),
        TestContext.Current.CancellationToken);

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private sealed record StoppedClient(string Host, string Rule, string Class, string Name);
}
