using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using CfLogStream.Cli;
using CfLogStream.Cli.Verbs;
using CfLogStream.EndToEnd.Tests.Architecture;
using CfLogStream.Server.Configuration;

namespace CfLogStream.EndToEnd.Tests.Deployment;

/// <summary>docker-compose.yml: valid by the published schema, and nothing in it that the program would refuse.</summary>
public sealed class ComposeTests
{
    [Fact]
    public async Task Compose_BySchema_IsValid()
    {
        (int exitCode, _, string errors) = await CheckAsync(Path.Combine(Repository.Root, "docker-compose.yml"));
        Assert.True(exitCode == 0, errors);
    }

    [Fact]
    public async Task Compose_WithAMistake_IsNotValid()
    {
        string file = Path.Combine(Path.GetTempPath(), $"compose-{Guid.NewGuid():N}.yml");
        string text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docker-compose.yml"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, text.Replace("healthcheck:", "healthchek:", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        try
        {
            (int exitCode, _, string errors) = await CheckAsync(file);
            Assert.Equal(1, exitCode);
            Assert.Contains("must NOT have additional properties", errors, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Services_OfThisProgram_HaveCommandsVariablesAndFilesThatItAccepts()
    {
        foreach ((string name, JsonElement service) in await ServicesAsync())
        {
            string[] command = [.. service.GetProperty("command").EnumerateArray().Select(word => word.GetString()!)];
            var root = new RootCommand();
            foreach (Command verb in VerbList.All())
            {
                root.Subcommands.Add(verb);
            }

            Assert.Empty(root.Parse(command).Errors);
            if (command[0] == "serve")
            {
                ServeVerb.Parse(command[2]);
            }

            string[] variables = [.. service.GetProperty("environment").EnumerateObject().Select(variable => variable.Name)];
            Assert.Equal([CommandContext.ConfigVariable, "CLICKHOUSE_PASSWORD"], variables);
            string mounted = service.GetProperty("volumes")[0].GetString()!.Split(':')[1];
            Assert.Equal(mounted, service.GetProperty("environment").GetProperty(CommandContext.ConfigVariable).GetString());
            Assert.NotEmpty(name);
        }
    }

    [Fact]
    public async Task Configuration_OfTheServices_IsValidAndFitsTheComposeFile()
    {
        CfLogStreamOptions options = ConfigurationLoader.Load(
            Path.Combine(Repository.Root, "deploy", "compose", "cflogstream.yaml"),
            variable => variable == "CLICKHOUSE_PASSWORD" ? "cflogstream" : null);
        JsonElement all = await ComposeAsync();
        JsonElement services = all.GetProperty("services");

        Assert.Equal("kafka:9092", options.Kafka.BootstrapServers);
        Assert.Contains("INTERNAL://kafka:9092", services.GetProperty("kafka").GetProperty("environment").GetProperty("KAFKA_ADVERTISED_LISTENERS").GetString());
        Assert.Contains(options.Ingest.Topics[0], services.GetProperty("logpush-topic").GetProperty("command").EnumerateArray().Select(word => word.GetString()));
        Assert.Equal(options.Clickhouse.User, services.GetProperty("clickhouse").GetProperty("environment").GetProperty("CLICKHOUSE_USER").GetString());
        Assert.True(services.TryGetProperty(new Uri(options.Clickhouse.Url).Host, out _));
        Assert.All(
            new[] { "ingest", "process" },
            role => Assert.Contains(
                $":{options.Metrics.Listen.Split(':')[1]}/readyz",
                services.GetProperty(role).GetProperty("healthcheck").GetProperty("test").EnumerateArray().Last().GetString()));
    }

    [Fact]
    public async Task Ports_AreOnlyOfThisMachine()
    {
        JsonElement all = await ComposeAsync();
        foreach (JsonProperty service in all.GetProperty("services").EnumerateObject())
        {
            if (service.Value.TryGetProperty("ports", out JsonElement ports))
            {
                Assert.All(ports.EnumerateArray(), port => Assert.StartsWith("127.0.0.1:", port.GetString(), StringComparison.Ordinal));
            }
        }
    }

    private static async Task<IReadOnlyList<(string Name, JsonElement Service)>> ServicesAsync()
    {
        JsonElement compose = await ComposeAsync();
        (string Name, JsonElement Service)[] services =
        [
            .. compose.GetProperty("services").EnumerateObject()
                .Where(service => service.Value.GetProperty("image").GetString() == "cflogstream:local")
                .Select(service => (service.Name, service.Value)),
        ];
        Assert.Equal(["log-topic", "ingest", "process"], services.Select(service => service.Name));
        return services;
    }

    private static async Task<JsonElement> ComposeAsync()
    {
        (int exitCode, string json, string errors) = await CheckAsync(Path.Combine(Repository.Root, "docker-compose.yml"));
        Assert.True(exitCode == 0, errors);
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static async Task<(int ExitCode, string Json, string Errors)> CheckAsync(string file)
    {
        string script = Path.Combine(Repository.Root, "tests", "CfLogStream.EndToEnd.Tests", "node", "compose.mjs");
        var start = new ProcessStartInfo("node", [script, file]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string json = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, json, await errors);
    }
}
