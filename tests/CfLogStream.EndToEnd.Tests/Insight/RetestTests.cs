using System.Globalization;
using System.Text.Json;
using CfLogStream.Cli;
using CfLogStream.Cli.Verbs;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Generator;

namespace CfLogStream.EndToEnd.Tests.Insight;

/// <summary><c>retest</c> over generated fixes, against the ledger, and while records arrive.</summary>
public sealed class RetestTests(EngineFixture engine)
{
    private const string Endpoint = "POST api.shop.example/v1/orders";
    private static readonly string[] s_client = ["retest", "--client", "okhttp", "--endpoint", Endpoint];

    [Theory]
    [InlineData("clean-fix", 7UL, false)]
    [InlineData("fix-breaks-filtering", 7UL, true)]
    public async Task Retest_GeneratedFix_IsFixedSinceTheFixAndNotBefore(string scenario, ulong seed, bool isTooBroad)
    {
        await using InsightStore store = InsightStore.Create(engine);
        JsonElement incident = await GenerateAsync(store, scenario, seed);
        string[] verb = VerbOf(incident);
        DateTime skip = incident.GetProperty("skip_from").GetDateTime().ToUniversalTime();

        JsonElement since = await store.JsonAsync([.. verb, "--since", Text(skip)]);
        Assert.Equal("fixed", since.GetProperty("state").GetString());
        Assert.Equal(0, since.GetProperty("now").GetProperty("lost").GetInt64());
        Assert.InRange(since.GetProperty("loss_at_most").GetDouble(), 0.001, 0.1);
        Assert.Equal(incident.GetProperty("rule_id").GetString(), since.GetProperty("stopped_before_by")[0].GetProperty("rule_id").GetString());
        Assert.Equal(isTooBroad, since.GetProperty("scanners_pass_more").GetBoolean());

        // The ledger's change, by the id that the audit log gave it.
        JsonElement changes = await store.JsonAsync("change", "list", "--since", "2026-01-01");
        string id = changes.EnumerateArray().First(one => one.GetProperty("rule_id").GetString() == incident.GetProperty("skip_rule_id").GetString())
            .GetProperty("id").GetString()!;
        CommandResult byChange = await store.RunAsync([.. verb, "--change", id]);
        Assert.Equal((0, true), (byChange.ExitCode, byChange.Stdout.StartsWith("fixed: ", StringComparison.Ordinal)));
        Assert.Contains("two minutes after the change " + id, Flat(byChange.Stdout), StringComparison.Ordinal);
        Assert.Equal(isTooBroad, Flat(byChange.Stdout).Contains("the change may be too broad", StringComparison.Ordinal));

        // From the onset on, the losses until the fix count as well.
        DateTime onset = incident.GetProperty("onset").GetDateTime().ToUniversalTime();
        CommandResult early = await store.RunAsync([.. verb, "--since", Text(onset.AddMinutes(5))]);
        Assert.Equal((1, true), (early.ExitCode, early.Stdout.StartsWith("still stopped: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Retest_NothingWasFixed_IsStillStoppedThenSilentThenWithoutData()
    {
        await using InsightStore store = InsightStore.Create(engine);
        JsonElement incident = await GenerateAsync(store, "custom-rule-hits-api", 7);
        string[] verb = VerbOf(incident);
        DateTime onset = incident.GetProperty("onset").GetDateTime().ToUniversalTime();
        JsonElement stopped = await store.JsonAsync([.. verb, "--since", Text(onset.AddMinutes(10))]);
        Assert.Equal("still_stopped", stopped.GetProperty("state").GetString());
        Assert.True(stopped.GetProperty("decided").GetBoolean());
        Assert.Equal(incident.GetProperty("rule_id").GetString(), stopped.GetProperty("stopped_now_by")[0].GetProperty("rule_id").GetString());
        Assert.NotEqual("", stopped.GetProperty("curl").GetString());

        // Its callers give up after a while: the rate of blocks falls, and that is no fix.
        DateTime last = stopped.GetProperty("last_seen").GetDateTime().ToUniversalTime();
        CommandResult silent = await store.RunAsync([.. verb, "--since", Text(last.AddMinutes(1))]);
        Assert.Equal(1, silent.ExitCode);
        Assert.StartsWith("silent: the client has not called since", silent.Stdout, StringComparison.Ordinal);
        Assert.Contains("was stopped. It may have given up: that is no fix", Flat(silent.Stdout), StringComparison.Ordinal);
        CommandResult none = await store.RunAsync([.. verb, "--since", Text(stopped.GetProperty("newest_minute").GetDateTime().ToUniversalTime().AddMinutes(1))]);
        Assert.StartsWith("no data: no record of any client has come since", none.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retest_Ray_SaysClientEndpointAndCopy()
    {
        await using InsightStore store = InsightStore.Create(engine);
        await store.AnalyzeAsync([.. Lost(0, 5, "r1"), .. Passed(600, 3), .. Lost(1_200, 6, "r2")]);
        CommandResult moved = await store.RunAsync("retest", "--ray", "a000000000000000-FRA", "--since", "2026-08-06T12:15:00Z");
        Assert.Equal(1, moved.ExitCode);
        Assert.StartsWith(
            "moved: WAF custom rule \"Only browsers\" (block, rule r1) is not what stops it now: 6 of 6 calls since are lost, to WAF custom rule \"Only browsers\" (block, rule r2).",
            Flat(moved.Stdout),
            StringComparison.Ordinal);
        Assert.Contains("Endpoint POST api.shop.example/v1/orders ", Flat(moved.Stdout), StringComparison.Ordinal);
        Assert.Contains("  curl -sS -o /dev/null -D - --globoff --path-as-is -X 'POST' -H 'User-Agent: okhttp/4.9' 'https://api.shop.example/v1/orders'\n", moved.Stdout.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("Verify from the original client", moved.Stdout, StringComparison.Ordinal);

        JsonElement little = await store.JsonAsync([.. s_client, "--since", "2026-08-06T12:05:00Z", "--successes", "100"]);
        Assert.Equal("moved", little.GetProperty("state").GetString());
        JsonElement few = await store.JsonAsync("retest", "--client", "mobile", "--endpoint", "api.shop.example/v2/nothing", "--since", "2026-08-06T12:00:00Z");
        Assert.Equal(("silent", ""), (few.GetProperty("state").GetString(), few.GetProperty("curl").GetString()));
    }

    [Fact]
    public async Task Retest_Wait_EndsWhenEnoughCallsPassed()
    {
        await using InsightStore store = InsightStore.Create(engine);
        List<string> lines = [.. Lost(0, 5, "r1")];
        await store.AnalyzeAsync([.. lines]);
        var time = new PassingTime(new DateTimeOffset(RequestLine.Start.AddMinutes(20)), async wait =>
        {
            if (wait is 2 or 4)
            {
                // What was analysed before is replaced.
                lines.AddRange(Passed(1_200 + (wait * 60), 12));
                await store.AnalyzeAsync([.. lines]);
            }
        });
        CommandResult result = await WaitAsync(store, time, "10m");

        Assert.True(result.ExitCode == 0, result.Stdout + result.Stderr);
        Assert.StartsWith("fixed: 24 calls since, none lost: at most 7.61 % of its calls can still be lost (95 % sure).", Flat(result.Stdout), StringComparison.Ordinal);
        Assert.Equal(4, time.Waits);
        Assert.Equal(
            [
                "12:20:00 no data",
                "12:20:10 too little data: 12 calls, 0 lost; need about 6 more calls without a loss to say at most 10 %",
            ],
            result.Stderr.ReplaceLineEndings("\n").Split('\n').Where(static line => line.StartsWith("12:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Retest_WaitIsOver_SaysWhatIsKnown()
    {
        await using InsightStore store = InsightStore.Create(engine);
        await store.AnalyzeAsync([.. Lost(0, 5, "r1"), RequestLine.Http("c000000000000000", 1_300, path: "/v1/stock")]);
        var time = new PassingTime(new DateTimeOffset(RequestLine.Start.AddMinutes(20)), static _ => Task.CompletedTask);
        CommandResult result = await WaitAsync(store, time, "12s");

        Assert.Equal((1, 3), (result.ExitCode, time.Waits));
        Assert.Equal(RequestLine.Start.AddMinutes(20).AddSeconds(12), time.GetUtcNow().UtcDateTime);
        Assert.StartsWith("silent: the client has not called since; its last call was at 2026-08-06 12:04 UTC and was stopped.", Flat(result.Stdout), StringComparison.Ordinal);
        Assert.Contains("on other endpoints of the host 1 call since, 0 lost", Flat(result.Stdout), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "Give '--client' and '--endpoint', or '--ray' with a request of the client.", "--client", "x", "--since", "1h")]
    [InlineData(2, "Say from when on calls count: '--since' with the time of your change", "--client", "x", "--endpoint", "a.example/")]
    [InlineData(2, "Give either '--since' or '--change', not both", "--ray", "x", "--since", "1h", "--change", "i")]
    [InlineData(2, "The value of '--endpoint' is 'GET a.example'; expected a host and a path template", "--client", "x", "--endpoint", "GET a.example", "--since", "1h")]
    [InlineData(2, "The value of '--client' is 'a//b'", "--client", "a//b", "--endpoint", "a.example/", "--since", "1h")]
    [InlineData(2, "The value of '--successes' is '0'; expected a number from 1 to 100000.", "--ray", "x", "--since", "1h", "--successes", "0")]
    [InlineData(2, "which is still to come; expected a time that has been.", "--ray", "x", "--since", "2100-01-01")]
    [InlineData(1, "The ray 'x' is not among the kept requests", "--ray", "x", "--since", "1h")]
    [InlineData(1, "There is no change with the id 'nothing'", "--client", "x", "--endpoint", "a.example/", "--change", "nothing")]
    public async Task Retest_BadInput_SaysWhatIsExpected(int exitCode, string message, params string[] arguments)
    {
        await using InsightStore store = InsightStore.Create(engine);
        CommandResult result = await store.RunAsync(["retest", .. arguments]);
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Stdout));
        Assert.Contains(message, result.Stderr, StringComparison.Ordinal);
    }

    private static async Task<CommandResult> WaitAsync(InsightStore store, TimeProvider time, string wait)
    {
        using var stdout = new StringWriter();
        using var stderr = new StringWriter();
        var host = new CommandHost { Stdout = stdout, Stderr = stderr };
        ExitCode code = await new VerbRunner(host, [RetestVerb.Create(time)])
            .RunAsync([.. s_client, "--wait", wait, "--config", store.Config], TestContext.Current.CancellationToken);
        return new CommandResult((int)code, stdout.ToString(), stderr.ToString());
    }

    private static async Task<JsonElement> GenerateAsync(InsightStore store, string scenario, ulong seed)
    {
        await new LogpushGenerator(new GeneratorOptions { Scenario = scenario, Seed = seed, Records = 20_000, Folder = store.Uploads })
            .RunAsync(null, TestContext.Current.CancellationToken);
        await store.AnalyzeAsync();
        using JsonDocument header = JsonDocument.Parse(File.ReadLines(Path.Combine(store.Uploads, "ledger.ndjson")).First());
        return header.RootElement.GetProperty("incident").Clone();
    }

    private static string[] VerbOf(JsonElement incident)
    {
        string Of(string name) => incident.GetProperty(name).GetString()!;
        return ["retest", "--client", $"{Of("client_class")}/{Of("client_name")}", "--endpoint", $"{Of("method")} {Of("host")}{Of("template")}"];
    }

    private static IEnumerable<string> Lost(int from, int minutes, string rule)
    {
        for (int i = 0; i < minutes; i++)
        {
            string ray = from == 0 ? $"a00000000000000{i}" : $"b00000000000000{i}";
            yield return RequestLine.Http(ray, from + (i * 60), rule);
            yield return RequestLine.Event(ray, from + (i * 60), "block", rule);
        }
    }

    private static IEnumerable<string> Passed(int from, int calls) =>
        Enumerable.Range(0, calls).Select(i => RequestLine.Http($"{from + i:x16}", from + (i * 10)));

    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Text(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
