using System.Text.Json;
using CfLogStream.ClickHouse;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core;
using CfLogStream.Core.Insight.Changes;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.EndToEnd.Tests.Log;
using CfLogStream.EndToEnd.Tests.Receiving;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Generator;
using CfLogStream.Server.Insight.Changes;

namespace CfLogStream.EndToEnd.Tests.Insight;

/// <summary>Changes by every way that records come in, against the generator's ledger; and by hand.</summary>
public sealed class ChangeTests(EngineFixture engine)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Scenarios => [.. ScenarioCatalog.All.Select(scenario => scenario.Name)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Analyze_Scenario_HasTheChangesOfTheLedger(string scenario)
    {
        await using var database = new ChangeDatabase(engine.Endpoint);
        string uploads = database.Folder("uploads");
        await GenerateAsync(uploads, scenario);

        Assert.Equal(0, (await database.RunAsync("analyze", uploads)).ExitCode);

        Assert.Equal(LedgerChanges.Expected(uploads), await LedgerChanges.StoredAsync(database.Queries));
    }

    [Fact]
    public async Task Analyze_AgainUnderAnotherName_HasTheSameRows()
    {
        await using var database = new ChangeDatabase(engine.Endpoint);
        string uploads = database.Folder("uploads");
        await GenerateAsync(uploads, "clean-fix");
        foreach (string name in (string[])["first", "again"])
        {
            Assert.Equal(0, (await database.RunAsync("analyze", uploads, "--name", name, "--threads", "1")).ExitCode);
            Assert.Equal(LedgerChanges.Expected(uploads), await LedgerChanges.StoredAsync(database.Queries));
        }
    }

    [Fact]
    public async Task Read_OnsetOfAnIncident_IsExplainedByItsCause()
    {
        await using var database = new ChangeDatabase(engine.Endpoint);
        string uploads = database.Folder("uploads");
        await GenerateAsync(uploads, "bot-fight-webhooks");
        Assert.Equal(0, (await database.RunAsync("analyze", uploads)).ExitCode);
        JsonElement cause = File.ReadLines(Path.Combine(uploads, "ledger.ndjson")).Select(line => JsonDocument.Parse(line).RootElement)
            .Single(line => line.GetProperty("type").GetString() == "change" && line.GetProperty("role").GetString() == "cause");
        DateTime onset = cause.GetProperty("time").GetDateTime().ToUniversalTime().AddSeconds(4);
        var reader = new ChangeReader(database.Queries);

        IReadOnlyList<Change> changes = await reader.ReadAsync(onset.AddHours(-2), onset.AddHours(2), "Shop.example", Cancel);
        ChangeExplanation explanation = ChangeFit.Explain(
            new ChangeQuestion(onset, new RuleIdentity("shop.example", "botfight", "bot_fight_mode", "", "", "managedchallenge"), "", ChangeDirection.Stricter),
            changes,
            await reader.HasAuditLogsAsync(onset, Cancel));

        Assert.Equal((ChangeCause.OwnChange, "The same control was changed in the zone, 4 s before it began."), (explanation.Cause, explanation.Text));
        Assert.Equal(("botfight", "audit_logs"), (explanation.Matches[0].Change.Control, explanation.Matches[0].Change.Source));
        Assert.False(await reader.HasAuditLogsAsync(onset.AddYears(-1), Cancel));
    }

    [Fact]
    public async Task Serve_UploadsSentTwice_HasTheChangesOfTheLedger()
    {
        await using StandalonePlace place = StandalonePlace.Make(engine.Endpoint);
        IReadOnlyList<byte[]> uploads = await place.GenerateAsync("clean-fix", 5, 5_000);
        place.Serve();
        foreach (byte[] upload in uploads.Concat(place.Uploads.Where(upload => upload.Name.Contains("audit", StringComparison.Ordinal))
            .Select(upload => upload.Content)))
        {
            await place.SendAsync(upload);
        }

        await UntilAsync(place.Queries, LedgerChanges.Expected(Path.Combine(place.Folder, "uploads")));
    }

    [Fact]
    public async Task Kafka_UploadsInTopics_HaveTheChangesOfTheLedger()
    {
        await using LogCluster cluster = LogCluster.Start(engine);
        await cluster.GenerateAsync("clean-fix", 6, 5_000);
        cluster.Serve("ingest,process");
        await cluster.ProduceUploadsAsync();

        using var connection = new ClickHouseConnection(new ClickHouseOptions { Endpoint = engine.Endpoint, Database = cluster.Database });
        await UntilAsync(new Queries(connection), LedgerChanges.Expected(cluster.Folder("uploads")));
    }

    [Fact]
    public async Task Mark_ListAndWithdraw_KeepOneChangeUnderItsId()
    {
        await using var database = new ChangeDatabase(engine.Endpoint);
        string[] mark =
        [
            "change", "mark", "narrowed \u001b[31mrule", "--at", "2026-08-06T12:00:00.7Z", "--zone", "Shop.example", "--control", "firewall_custom",
            "--rule", "r1", "--ticket", "OPS-7", "--owner", "payments",
        ];

        CommandResult first = await database.RunAsync(mark);
        CommandResult second = await database.RunAsync(mark);
        Assert.Matches("^Marked 2026-08-06 12:00:00 UTC as mark-[0-9a-f]{16}\\.\n$", first.Stdout.ReplaceLineEndings("\n"));
        Assert.Equal(first.Stdout, second.Stdout);
        string id = first.Stdout.Trim().TrimEnd('.').Split(' ')[^1];

        string list = (await database.RunAsync("change", "list", "--since", "2026-08-06T11:00Z")).Stdout.ReplaceLineEndings("\n");
        Assert.Equal(
            $"2026-08-06 12:00:00 UTC  shop.example marked firewallcustom rule r1: narrowed \\x1b[31mrule\n    {id}  manual by (not logged) (person) owner payments OPS-7\n",
            list);
        Assert.Equal("[]", (await database.RunAsync("change", "list", "--since", "2026-08-06T11:00Z", "--zone", "other.example", "--format", "json")).Stdout.Trim());

        Assert.Equal($"Withdrew {id}.", (await database.RunAsync("change", "withdraw", id)).Stdout.Trim());
        Assert.Equal("", (await database.RunAsync("change", "list", "--since", "2026-08-06T11:00Z")).Stdout);
        await database.RunAsync(mark);
        Assert.Contains(id, (await database.RunAsync("change", "list", "--since", "2026-08-06T11:00Z")).Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Withdraw_ChangeOfAnAuditLog_StaysWithdrawnWhenTheRecordComesAgain()
    {
        await using var database = new ChangeDatabase(engine.Endpoint);
        string folder = database.Folder("logs");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "audit.log"),
            """{"ActionType":"rule_create","ID":"a-1","ResourceType":"ruleset.rule","ResourceID":"r","When":"2026-08-06T12:00:00Z","OldValue":null}""" + "\n",
            Cancel);
        Assert.Equal(0, (await database.RunAsync("analyze", folder)).ExitCode);
        Assert.Single(await LedgerChanges.StoredAsync(database.Queries));

        Assert.Equal(0, (await database.RunAsync("change", "withdraw", "a-1")).ExitCode);
        Assert.Equal(0, (await database.RunAsync("analyze", folder)).ExitCode);

        Assert.Empty(await new ChangeReader(database.Queries).ReadAsync(DateTime.UnixEpoch, DateTime.UnixEpoch.AddYears(100), null, Cancel));
    }

    [Theory]
    [InlineData(2, "The value of '--at' is 'noon'; expected a time such as '2026-08-06T12:00Z', or a time ago such as '90m', '6h' or '7d'.", "mark", "x", "--at", "noon")]
    [InlineData(2, "The value of 'text' is empty; expected a text.", "mark", "  ")]
    [InlineData(2, "The value of '--zone' is empty; expected a text.", "mark", "x", "--zone", "")]
    [InlineData(1, "There is no change with the id 'nothing'; 'cflogstream change list' shows those there are.", "withdraw", "nothing")]
    public async Task Change_BadInput_SaysWhatIsExpected(int exitCode, string message, params string[] arguments)
    {
        await using var database = new ChangeDatabase(engine.Endpoint);

        CommandResult result = await database.RunAsync(["change", .. arguments]);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(message, result.Stderr, StringComparison.Ordinal);
        Assert.Equal("", result.Stdout);
    }

    private static async Task UntilAsync(Queries queries, IReadOnlyList<string> expected)
    {
        Assert.NotEmpty(expected);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        late.CancelAfter(s_limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        IReadOnlyList<string> stored = [];
        try
        {
            do
            {
                await timer.WaitForNextTickAsync(late.Token);
                try
                {
                    stored = await LedgerChanges.StoredAsync(queries);
                }
                catch (Exception problem) when (problem is not OperationCanceledException)
                {
                    // The database is made by the service.
                }
            }
            while (!stored.SequenceEqual(expected));
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            Assert.Equal(expected, stored);
        }
    }

    private static Task<GeneratorSummary> GenerateAsync(string folder, string scenario) => new LogpushGenerator(new GeneratorOptions
    {
        Scenario = scenario,
        Seed = StableHash.Of(System.Text.Encoding.UTF8.GetBytes(scenario)) % 1_000,
        Records = 3_000,
        Folder = folder,
        Disorder = Disorder.Heavy,
    }).RunAsync(null, Cancel);
}
