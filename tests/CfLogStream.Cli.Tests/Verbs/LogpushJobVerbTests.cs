using System.Text.Json;
using CfLogStream.Cli.Verbs;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Cli.Tests.Verbs;

/// <summary>What is printed is run: by bash, with a curl that writes down its arguments.</summary>
public sealed class LogpushJobVerbTests : IDisposable
{
    private const string Zone = "0123456789abcdef0123456789abcdef";
    private const string Api = "https://api.cloudflare.com/client/v4";
    private const string ApiToken = "api-secret'\"$(touch hacked)`touch hacked`";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cflogstream-job-");

    public static TheoryData<string> HostileTexts =>
    [
        "plain.example", "it's.example", "\"; touch hacked; \"", "$(touch hacked)", "`touch hacked`", "${HOME}", "a\\'; touch hacked #",
        "%s%n\\0101\\u0041", "&header_X=1", "bücher.example", "-n", "@file", "a b\tc"[..3], "'\\''", "!!", "*",
    ];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public async Task Script_OfHostileTexts_SendsThemAsTheyAre(string text)
    {
        CommandOutcome outcome = await RunAsync(
            "--zone=" + text, "--to", "https://logs.example.com:8443/" + Uri.EscapeDataString(text), "--name=" + text, "--tag=note:" + text);
        Assert.Equal((ExitCode.Ok, ""), (outcome.ExitCode, outcome.Stderr));

        ScriptRun run = await ScriptRun.RunAsync(outcome.Stdout, ("CLOUDFLARE_API_TOKEN", ApiToken), ("CFLOGSTREAM_TOKEN", text + "ÿ"));

        Assert.True(run.ExitCode == 0, run.Stderr);
        Assert.Empty(run.Files);
        Assert.Equal(3, run.Calls.Count);
        Assert.All(run.Calls, call => Assert.Equal($"Authorization: Bearer {ApiToken}\n", call.Headers));
        Assert.Contains("name=" + text, run.Calls[0].Arguments);
        foreach ((CurlCall call, string dataset) in run.Calls.Skip(1).Zip(["http_requests", "firewall_events"]))
        {
            Assert.Equal($"{Api}/zones/{Zone}/logpush/jobs", call.Arguments[^1]);
            Assert.DoesNotContain(call.Arguments, argument => argument.Contains("api-secret", StringComparison.Ordinal));
            using JsonDocument body = JsonDocument.Parse(call.Body);
            Assert.Equal(dataset, body.RootElement.GetProperty("dataset").GetString());
            Assert.Equal($"{text}-{dataset.Replace('_', '-')}", body.RootElement.GetProperty("name").GetString());
            var destination = new Uri(body.RootElement.GetProperty("destination_conf").GetString()!);
            Assert.Equal(("logs.example.com", 8443), (destination.Host, destination.Port));
            Assert.Equal("/" + text, Uri.UnescapeDataString(destination.AbsolutePath));
            string[][] query = [.. destination.Query[1..].Split('&').Select(pair => pair.Split('=', 2))];
            Assert.Equal(["header_Authorization", "tags"], query.Select(pair => pair[0]));
            Assert.Equal("Bearer " + text + "ÿ", Uri.UnescapeDataString(query[0][1]));
            Assert.Equal([$"zone:{text}", $"dataset:{dataset}", $"note:{text}"], query[1][1].Split(',').Select(Uri.UnescapeDataString));
        }
    }

    [Fact]
    public async Task Script_OfAZone_HasExactlyTheFieldsThatAreTakenAndNothingThatSpoilsThem()
    {
        string config = Write("reader: {extra_fields: [ClientCity]}");
        ScriptRun run = await ScriptAsync("--config", config, "--zone", Zone, "--to", "https://l.example/");

        Assert.Equal(2, run.Calls.Count);
        using JsonDocument http = JsonDocument.Parse(run.Calls[0].Body);
        using JsonDocument firewall = JsonDocument.Parse(run.Calls[1].Body);
        Assert.Equal([.. FieldPurposes.JobFields(Dataset.HttpRequests, false), "ClientCity"], FieldsOf(http));
        Assert.Equal(FieldPurposes.JobFields(Dataset.FirewallEvents, false), FieldsOf(firewall));
        foreach (JsonElement job in new[] { http.RootElement, firewall.RootElement })
        {
            Assert.Equal(
                ["name", "dataset", "destination_conf", "enabled", "max_upload_bytes", "max_upload_records", "max_upload_interval_seconds", "output_options"],
                job.EnumerateObject().Select(member => member.Name));
            Assert.True(job.GetProperty("enabled").GetBoolean());
            JsonElement options = job.GetProperty("output_options");
            Assert.Equal(["output_type", "timestamp_format", "field_names"], options.EnumerateObject().Select(member => member.Name));
            Assert.Equal(("ndjson", "unixnano"), (options.GetProperty("output_type").GetString(), options.GetProperty("timestamp_format").GetString()));
        }
    }

    [Theory]
    [InlineData("", 100_000_000, 100_000)]
    [InlineData("receiver: {inflated_bytes: 20000000, records: 5000}", 20_000_000, 5_000)]
    [InlineData("receiver: {inflated_bytes: 17179869184, records: 100000000}", 100_000_000, 100_000)]
    public async Task Limits_AreNeverMoreThanTheReceiverTakes(string yaml, long bytes, int records)
    {
        ScriptRun run = await ScriptAsync("--config", Write(yaml), "--zone", Zone, "--to", "https://l.example/");

        using JsonDocument body = JsonDocument.Parse(run.Calls[0].Body);
        Assert.Equal(
            (bytes, records, 30),
            (body.RootElement.GetProperty("max_upload_bytes").GetInt64(), body.RootElement.GetProperty("max_upload_records").GetInt32(),
                body.RootElement.GetProperty("max_upload_interval_seconds").GetInt32()));
    }

    [Fact]
    public async Task Token_IsTakenFromTheVariableThatTheConfigurationNames()
    {
        string config = Write("receiver: {token_header: X-Token, tokens: [{source: a, token_env: TOKEN_A}, {source: b, token_env: TOKEN_B}]}");

        CommandOutcome outcome = await RunAsync("--config", config, "--zone", Zone, "--to", "https://l.example/", "--source", "b");
        ScriptRun run = await ScriptRun.RunAsync(outcome.Stdout, ("CLOUDFLARE_API_TOKEN", "x"), ("TOKEN_B", "s3cret"));

        Assert.Contains("?header_X-Token=%73%33%63%72%65%74&tags=", run.Calls[0].Body, StringComparison.Ordinal);
        ScriptRun without = await ScriptRun.RunAsync(outcome.Stdout, ("CLOUDFLARE_API_TOKEN", "x"));
        Assert.NotEqual(0, without.ExitCode);
        Assert.Empty(without.Calls);
        Assert.Contains("TOKEN_B: is not set", without.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_ToS3_AsksForTheOwnershipFirst()
    {
        CommandOutcome outcome = await RunAsync("--zone", Zone, "--to", "s3://my-logs/a b/$(touch hacked)", "--region", "eu-west-1");

        ScriptRun first = await ScriptRun.RunAsync(outcome.Stdout, ("CLOUDFLARE_API_TOKEN", "x"));
        ScriptRun second = await ScriptRun.RunAsync(outcome.Stdout, ("CLOUDFLARE_API_TOKEN", "x"), ("OWNERSHIP_CHALLENGE", "eyJh.b_c.d-e"));
        ScriptRun bad = await ScriptRun.RunAsync(outcome.Stdout, ("CLOUDFLARE_API_TOKEN", "x"), ("OWNERSHIP_CHALLENGE", "a\",\"b"));

        const string Destination = "s3://my-logs/a%20b/%24%28touch%20hacked%29/{DATE}?region=eu-west-1";
        CurlCall challenge = Assert.Single(first.Calls);
        Assert.Equal($"{Api}/zones/{Zone}/logpush/ownership", challenge.Arguments[^1]);
        using JsonDocument asked = JsonDocument.Parse(challenge.Body);
        Assert.Equal(Destination, asked.RootElement.GetProperty("destination_conf").GetString());
        Assert.Equal(2, second.Calls.Count);
        using JsonDocument job = JsonDocument.Parse(second.Calls[0].Body);
        Assert.Equal(Destination, job.RootElement.GetProperty("destination_conf").GetString());
        Assert.Equal("eyJh.b_c.d-e", job.RootElement.GetProperty("ownership_challenge").GetString());
        Assert.Equal((1, 0), (bad.ExitCode, bad.Calls.Count));
        Assert.Empty(first.Files);
    }

    [Fact]
    public async Task Script_ToR2AndToAServiceThatSpeaksS3_TakesTheKeysFromTheEnvironment()
    {
        (string, string)[] keys =
        [
            ("CLOUDFLARE_API_TOKEN", "x"), ("R2_ACCESS_KEY_ID", "id"), ("R2_SECRET_ACCESS_KEY", "a/+=b"), ("AWS_ACCESS_KEY_ID", "aws"),
            ("AWS_SECRET_ACCESS_KEY", "c&d"),
        ];
        CommandOutcome r2 = await RunAsync("--zone", Zone, "--to", "r2://logs/{DATE}", "--bucket-account", "acc&x=y");
        CommandOutcome s3 = await RunAsync("--zone", Zone, "--to", "s3://logs", "--region", "r", "--endpoint", "s3.example.com");

        Assert.Equal("r2://logs/{DATE}?account-id=acc&x=y&access-key-id=id&secret-access-key=a/+=b", await DestinationAsync(r2, "r2://logs/{DATE}?account-id=acc%26x%3Dy&"));
        Assert.Equal(
            "s3://logs/{DATE}?region=r&access-key-id=aws&secret-access-key=c&d&endpoint=s3.example.com", await DestinationAsync(s3, "s3://logs/{DATE}?region=r&"));

        async Task<string> DestinationAsync(CommandOutcome outcome, string start)
        {
            ScriptRun run = await ScriptRun.RunAsync(outcome.Stdout, keys);
            Assert.True(run.ExitCode == 0, outcome.Stderr + run.Stderr);
            using JsonDocument body = JsonDocument.Parse(run.Calls[0].Body);
            string destination = body.RootElement.GetProperty("destination_conf").GetString()!;
            Assert.StartsWith(start, destination, StringComparison.Ordinal);
            return Uri.UnescapeDataString(destination);
        }
    }

    [Fact]
    public async Task Script_OfAnAccount_AsksForTheZoneNameToo()
    {
        ScriptRun run = await ScriptAsync("--account", Zone, "--to", "https://l.example/", "--no-token");

        CurlCall call = Assert.Single(run.Calls);
        Assert.Equal($"{Api}/accounts/{Zone}/logpush/jobs", call.Arguments[^1]);
        using JsonDocument body = JsonDocument.Parse(call.Body);
        Assert.Contains("ZoneName", FieldsOf(body));
        Assert.Equal($"https://l.example/?tags=account:{Zone},dataset:firewall_events", body.RootElement.GetProperty("destination_conf").GetString());
    }

    [Fact]
    public async Task Filter_IsSentAsOneText()
    {
        const string Filter = """{"where":{"key":"ClientRequestPath","operator":"contains","value":"it's \"$(touch hacked)\""}}""";

        CommandOutcome outcome = await RunAsync("--zone", Zone, "--to", "https://l.example/", "--filter", Filter);
        ScriptRun run = await ScriptRun.RunAsync(outcome.Stdout, ("CLOUDFLARE_API_TOKEN", "x"), ("CFLOGSTREAM_TOKEN", "x"));

        using JsonDocument body = JsonDocument.Parse(run.Calls[0].Body);
        using JsonDocument sent = JsonDocument.Parse(body.RootElement.GetProperty("filter").GetString()!);
        using JsonDocument given = JsonDocument.Parse(Filter);
        Assert.True(JsonElement.DeepEquals(given.RootElement, sent.RootElement));
        Assert.Contains("note: with a filter", outcome.Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The destination is 'http://l.example/'; expected the receiver's address as Cloudflare reaches it", "--zone", Zone, "--to", "http://l.example/")]
    [InlineData("has a password or a header in it", "--zone", Zone, "--to", "https://l.example/?header_Authorization=s3cret")]
    [InlineData("has a password or a header in it", "--zone", Zone, "--to", "https://u:s3cret@l.example/")]
    [InlineData("The value of '--token-env' is no name of an environment variable", "--zone", Zone, "--to", "https://l.example/", "--token-env", "s3cret-token")]
    [InlineData("expected no characters that cannot be seen", "--zone", "a\u202eb", "--to", "https://l.example/")]
    [InlineData("expected no characters that cannot be seen", "--zone", "a\nb", "--to", "https://l.example/")]
    [InlineData("Give either '--zone' or '--account'", "--to", "https://l.example/")]
    [InlineData("http_requests is a dataset of zones", "--account", Zone, "--dataset", "http_requests", "--to", "https://l.example/")]
    [InlineData("expected the account's id", "--account", "mine", "--to", "https://l.example/")]
    [InlineData("The option '--region' is missing", "--zone", Zone, "--to", "s3://b")]
    [InlineData("The option '--bucket-account' is missing", "--zone", Zone, "--to", "r2://b")]
    [InlineData("expected a bucket and perhaps a path", "--zone", Zone, "--to", "r2:///x")]
    [InlineData("The filter is no JSON", "--zone", Zone, "--to", "https://l.example/", "--filter", "{")]
    [InlineData("The filter has no 'where'", "--zone", Zone, "--to", "https://l.example/", "--filter", "{}")]
    [InlineData("The filter uses 'RuleID'", "--zone", Zone, "--to", "https://l.example/", "--filter", """{"where":{"and":[{"key":"RuleID","operator":"eq","value":"a"}]}}""")]
    [InlineData("The value of '--upload-records' is 2000000; Logpush takes 1000 to 1000000.", "--zone", Zone, "--to", "https://l.example/", "--upload-records", "2000000")]
    [InlineData("The value of '--upload-secs' is 5; Logpush takes 30 to 300.", "--zone", Zone, "--to", "https://l.example/", "--upload-secs", "5")]
    public async Task Arguments_ThatCannotBe_AreExplainedWithoutShowingSecrets(string expected, params string[] args)
    {
        CommandOutcome outcome = await RunAsync(args);

        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.Contains(expected, outcome.Stderr, StringComparison.Ordinal);
        Assert.Equal("", outcome.Stdout);
        Assert.DoesNotContain("s3cret", outcome.Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("receiver: {records: 5000}", "The value of '--upload-records' is 10000, and the receiver takes at most 5000 (receiver.records)", "--upload-records", "10000")]
    [InlineData("receiver: {inflated_bytes: 1048576}", "receiver.inflated_bytes is 1048576, and a Logpush job cannot be limited to less than 5000000", "--upload-secs", "30")]
    public async Task Limits_ThatDoNotFitTheReceiver_AreRefused(string yaml, string expected, string option, string value)
    {
        CommandOutcome outcome = await RunAsync("--config", Write(yaml), "--zone", Zone, "--to", "https://l.example/", option, value);

        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.Contains(expected, outcome.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_HasTheBodiesWithNamesForSecrets()
    {
        CommandOutcome outcome = await RunAsync("--zone", "z.example", "--to", "https://l.example/", "--format", "json");

        using JsonDocument jobs = JsonDocument.Parse(outcome.Stdout);
        JsonElement job = jobs.RootElement[0];
        Assert.Equal("/client/v4/zones/${ZONE_ID}/logpush/jobs", job.GetProperty("path").GetString());
        Assert.Equal(
            "https://l.example/?header_Authorization=Bearer%20${CFLOGSTREAM_TOKEN}&tags=zone:z.example,dataset:http_requests",
            job.GetProperty("body").GetProperty("destination_conf").GetString());
    }

    [Fact]
    public async Task Terraform_EscapesWhatHasAMeaningThere()
    {
        CommandOutcome outcome = await RunAsync("--zone", "a${x}%{y}\"\\.example", "--to", "https://l.example/", "--terraform");

        Assert.Contains("""  name = "a$${x}%%{y}\"\\.example-cflogstream-http-requests" """.TrimEnd(), outcome.Stdout, StringComparison.Ordinal);
        Assert.Contains("header_Authorization=Bearer%20${replace(urlencode(var.cflogstream_token), \"+\", \"%20\")}&tags=", outcome.Stdout, StringComparison.Ordinal);
        Assert.Contains("  zone_id = var.zone_id\n", outcome.Stdout, StringComparison.Ordinal);
    }

    private static IEnumerable<string> FieldsOf(JsonDocument body) =>
        body.RootElement.GetProperty("output_options").GetProperty("field_names").EnumerateArray().Select(field => field.GetString()!);

    private static async Task<ScriptRun> ScriptAsync(params string[] args)
    {
        CommandOutcome outcome = await RunAsync(args);
        Assert.True(outcome.ExitCode == ExitCode.Ok, outcome.Stderr);
        ScriptRun run = await ScriptRun.RunAsync(outcome.Stdout, ("CLOUDFLARE_API_TOKEN", "x"), ("CFLOGSTREAM_TOKEN", "x"));
        Assert.True(run.ExitCode == 0, run.Stderr);
        return run;
    }

    private static Task<CommandOutcome> RunAsync(params string[] args) => CommandLine.RunAsync(["logpush-job", .. args], [LogpushJobVerb.Create()]);

    private string Write(string yaml)
    {
        string file = Path.Combine(_folder.FullName, "cflogstream.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }
}
