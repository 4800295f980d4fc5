using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CfLogStream.EndToEnd.Tests.Architecture;
using CfLogStream.EndToEnd.Tests.Log;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Kafka.Testing;
using Confluent.Kafka;

namespace CfLogStream.EndToEnd.Tests.Tools;

/// <summary>The verbs around the log, as an operator uses them, beside a service in a process of its own.</summary>
public sealed class KafkaToolsTests(EngineFixture engine) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MockKafka _kafka = new();
    private readonly string _database = "tools_" + Guid.NewGuid().ToString("N");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _kafka.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Tools_BesideARunningServiceAndAfterIt_SayWhatIs()
    {
        _kafka.CreateTopic("logpush", 1);
        _kafka.CreateTopic("cflogstream.log", 2);
        string config = Config(generation: 1);
        Produce();
        await using ServiceProcess service = ServiceProcess.Start(_folder.Path, config, "ingest,process");
        await UntilAsync(async () => (await RunAsync("lag", "--config", config, "--format", "json")) is { ExitCode: 0 } lag && Lags(lag.Stdout).Sum() == 0
            && lag.Stdout.Contains("\"committed\": 1", StringComparison.Ordinal));

        await ConnectionsAreTriedAsync(config);
        await TapFiltersAndEscapesAsync(config);
        await OtherToolsReadSlicesAsync();

        string newer = Config(generation: 2);
        CommandResult refused = await RunAsync("reset", "--to", "earliest", "--config", newer);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(
            "cflogstream: Other members of the group 'cflogstream' work on the log, so nothing was changed. Stop every process role", refused.Stderr, StringComparison.Ordinal);

        service.Terminate();
        Assert.Equal(0, await service.WaitAsync(TimeSpan.FromSeconds(30)));
        await ResetAsync(config, newer);
    }

    private static async Task<CommandResult> RunAsync(params string[] args) => await CommandLine.RunAsync(args);

    private static IEnumerable<long> Lags(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(lag => lag.GetProperty("lag").GetInt64())];
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        late.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            await Task.Delay(200, late.Token);
        }
    }

    private static async Task<(int ExitCode, byte[] Output)> ProcessAsync(string file, string[] args, byte[]? input = null)
    {
        using Process process = Process.Start(new ProcessStartInfo(file, args) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        using var output = new MemoryStream();
        await process.StandardInput.BaseStream.WriteAsync(input ?? [], Cancel);
        process.StandardInput.Close();
        await process.StandardOutput.BaseStream.CopyToAsync(output, Cancel);
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, output.ToArray());
    }

    private async Task ConnectionsAreTriedAsync(string config)
    {
        CommandResult good = await RunAsync("validate", "--connect", "--config", config);
        Assert.Equal(0, good.ExitCode);
        Assert.Contains("  clickhouse.url: " + engine.Endpoint.ToString().TrimEnd('/') + ": ok, ClickHouse 2", good.Stdout, StringComparison.Ordinal);
        Assert.Contains($"  kafka.topic: cflogstream.log at {_kafka.BootstrapServers}: ok, 2 partitions", good.Stdout, StringComparison.Ordinal);
        Assert.Contains($"  ingest.topics[0]: logpush at {_kafka.BootstrapServers}: ok, 1 partition\n", good.Stdout.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains($"  Kafka: {_kafka.BootstrapServers} (plaintext), log cflogstream.log, ingest from logpush", good.Stdout, StringComparison.Ordinal);

        string bad = _folder.Combine("bad.yaml");
        await File.WriteAllTextAsync(bad, (await File.ReadAllTextAsync(config, Cancel)).Replace("[logpush]", "[logpusch]", StringComparison.Ordinal), Cancel);
        CommandResult missing = await RunAsync("validate", "--connect", "--config", bad);
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains(
            $"  ingest.topics[0]: logpusch at {_kafka.BootstrapServers}: failed: The topic 'logpusch' does not exist on the Kafka cluster at "
            + $"'{_kafka.BootstrapServers}'. Create it, or correct its name in the configuration.",
            missing.Stdout,
            StringComparison.Ordinal);
    }

    private static async Task TapFiltersAndEscapesAsync(string config)
    {
        async Task<string[]> TapAsync(int limit, params string[] filter)
        {
            CommandResult tap = await RunAsync(["tap", "--config", config, "--back", "100", "--limit", $"{limit}", .. filter]);
            Assert.Equal("", tap.Stderr);
            return tap.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }

        Assert.All(await TapAsync(3, "--host", "api.example.com"), line => Assert.Contains(" api.example.com/", line, StringComparison.Ordinal));
        Assert.Contains("0000000000000007", Assert.Single(await TapAsync(1, "--ray", "0000000000000007")), StringComparison.Ordinal);
        Assert.Contains("/v1/orders", Assert.Single(await TapAsync(1, "--path", "/v1/orders")), StringComparison.Ordinal);
        Assert.Contains(" sdk/okhttp ", Assert.Single(await TapAsync(1, "--client", "sdk")), StringComparison.Ordinal);

        string hostile = Assert.Single(await TapAsync(1, "--ray", "0000000000000001"));
        Assert.DoesNotContain(hostile, character => char.IsControl(character) || character == '\u202e');
        Assert.Contains("\\x1b[2J", hostile, StringComparison.Ordinal);
    }

    /// <summary>As docs/slices.md shows it: kcat takes a slice off the log, and ten lines of Python read it with the schema alone.</summary>
    private async Task OtherToolsReadSlicesAsync()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/kcat"), "kcat is not here; tests/run.sh installs it.");
        string[] kcat = ["-q", "-C", "-b", _kafka.BootstrapServers, "-t", "cflogstream.log", "-p", "0", "-o", "0", "-c", "1"];
        string headers = Encoding.UTF8.GetString((await ProcessAsync("kcat", [.. kcat, "-f", "%h\n"])).Output);
        Assert.Contains("cflogstream-dataset=http_requests", headers, StringComparison.Ordinal);
        byte[] slice = (await ProcessAsync("kcat", [.. kcat, "-D", "", "-f", "%s"])).Output;

        string text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "slices.md"), Cancel);
        string script = text.Split("```python\n")[1].Split("```")[0];
        string schema = Path.Combine(Repository.Root, "schemas", "slices", "HttpRequestsSlice.avsc");
        (int exitCode, byte[] output) = await ProcessAsync("python3", ["-c", script, schema], slice);
        Assert.Equal(0, exitCode);
        string[] records = Encoding.UTF8.GetString(output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(records);
        Assert.All(records, record =>
        {
            using var json = JsonDocument.Parse(record);
            Assert.Equal("api.example.com", json.RootElement.GetProperty("ClientRequestHost").GetString());
        });
    }

    private async Task ResetAsync(string config, string newer)
    {
        CommandResult same = await RunAsync("reset", "--to", "earliest", "--config", config, "--dry-run");
        Assert.Equal(1, same.ExitCode);
        Assert.Contains("Raise it to 2: a log is processed again under a new one.", same.Stderr, StringComparison.Ordinal);
        CommandResult place = await RunAsync("reset", "--to", "yesterday", "--config", newer);
        Assert.Equal(
            (2, "cflogstream: The value of '--to' is 'yesterday'; expected 'earliest', a time such as '2026-08-06T12:00Z', or an offset.\n"),
            (place.ExitCode, place.Stderr.ReplaceLineEndings("\n")));

        CommandResult dry = await RunAsync("reset", "--to", "earliest", "--config", newer, "--dry-run");
        Assert.Equal(
            "partition   0: from offset 0: all rows are deleted and written anew.\npartition   1: from offset 0: all rows are deleted and written anew.\n"
            + "Nothing is changed: this is what would be done.\n",
            dry.Stdout.ReplaceLineEndings("\n"));
        CommandResult future = await RunAsync("reset", "--to", "2100-01-01T00:00Z", "--config", newer, "--dry-run");
        Assert.Contains("Nothing is changed.", future.Stdout, StringComparison.Ordinal);
        CommandResult reset = await RunAsync("reset", "--to", "earliest", "--config", newer);
        Assert.True(reset.ExitCode == 0, reset.Stderr);
        Assert.Contains("Done when 'cflogstream serve' runs again", reset.Stdout, StringComparison.Ordinal);

        await using ServiceProcess service = ServiceProcess.Start(_folder.Path, newer, "process");
        await UntilAsync(() => Task.FromResult(service.Stderr.Contains("goes to generation 2", StringComparison.Ordinal)));
        service.Terminate();
        Assert.Equal(0, await service.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private void Produce()
    {
        using IProducer<Null, byte[]> producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = _kafka.BootstrapServers }).Build();
        string time = TimeProvider.System.GetUtcNow().AddMinutes(-1).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        for (int i = 1; i <= 60; i++)
        {
            string method = i == 1 ? "\\u001b[2J\\u202e" : "GET";
            producer.Produce("logpush", new Message<Null, byte[]>
            {
                Value = Encoding.UTF8.GetBytes(
                    $"{{\"RayID\":\"{i:x16}\",\"EdgeStartTimestamp\":\"{time}\",\"ZoneName\":\"example.com\",\"ClientRequestHost\":\"api.example.com\","
                    + $"\"ClientRequestMethod\":\"{method}\",\"ClientRequestURI\":\"/v1/orders\",\"ClientRequestUserAgent\":\"okhttp/4.12.0\","
                    + "\"ClientIP\":\"192.0.2.1\",\"EdgeResponseStatus\":200,\"OriginResponseStatus\":200}"),
            });
        }

        producer.Flush(Cancel);
    }

    private string Config(int generation)
    {
        string file = _folder.Combine($"generation-{generation}.yaml");
        File.WriteAllText(
            file,
            $"""
            kafka:
              bootstrap_servers: {_kafka.BootstrapServers}
              session_timeout_secs: 6
            classification:
              generation: {generation}
            ingest:
              topics: [logpush]
              linger_ms: 200
            process:
              cut_secs: 1
            clickhouse:
              url: {engine.Endpoint.ToString().TrimEnd('/')}
              database: {_database}
            metrics:
              listen: ''
            """);
        return file;
    }
}
