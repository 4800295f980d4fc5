using System.Text.Json;
using CfLogStream.Cli.Verbs;

namespace CfLogStream.Cli.Tests.Verbs;

public sealed class ValidateVerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cflogstream-validate-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Validate_NoFile_SaysThatTheDefaultsHold()
    {
        CommandOutcome outcome = await RunAsync("validate");

        Assert.Equal(
            new CommandOutcome(
                ExitCode.Ok,
                """
                No configuration file was named (--config or CFLOGSTREAM_CONFIG): the defaults hold.
                  ClickHouse: the engine inside this program, database cflogstream
                  classification: generation 1, 0 path templates, 0 surfaces, 0 clients, 0 OpenAPI files with 0 templates
                  reading: 0 extra fields, one thread per core

                """.ReplaceLineEndings("\n"),
                ""),
            outcome);
    }

    [Fact]
    public async Task Validate_GoodFile_PrintsASummary()
    {
        string file = Write("""
            reader: {extra_fields: [ClientCity]}
            classification:
              generation: 3
              path_templates: ["/v1/users/{user}"]
              clients: [{token: ^Acme/, class: webhook, name: acme}]
            clickhouse: {url: "https://ch.example.com:8443", database: logs}
            analysis: {threads: 2}
            """);

        CommandOutcome outcome = await RunAsync("validate", "--config", file);

        Assert.Equal(
            new CommandOutcome(
                ExitCode.Ok,
                $"""
                {file}: the configuration is valid.
                  ClickHouse: https://ch.example.com:8443, database logs
                  classification: generation 3, 1 path template, 0 surfaces, 1 client, 0 OpenAPI files with 0 templates
                  reading: 1 extra field, 2 threads

                """.ReplaceLineEndings("\n"),
                ""),
            outcome);
    }

    [Fact]
    public async Task Validate_OpenapiFiles_AreReadAndTheirTemplatesCounted()
    {
        File.WriteAllText(
            Path.Combine(_folder.FullName, "shop.yaml"),
            "openapi: 3.0.3\ninfo: {title: t, version: 1}\npaths:\n  /pets: {get: {}}\n  /pets/{id}: {get: {}, put: {}}\n");
        string file = Write("openapi_files: [shop.yaml]");

        CommandOutcome outcome = await RunAsync("validate", "--config", file);

        Assert.Equal("", outcome.Stderr);
        Assert.Contains(" 1 OpenAPI file with 2 templates\n", outcome.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_ProblemsInsideOpenapiFiles_AreNamedWithBothPlaces()
    {
        string bad = Path.Combine(_folder.FullName, "bad.yaml");
        File.WriteAllText(bad, "info: {title: t}\n");
        string odd = Path.Combine(_folder.FullName, "odd.yaml");
        File.WriteAllText(odd, "openapi: 3.0.3\ninfo: {title: t, version: 1}\npaths:\n  /fine: {get: {}}\n  '/a;b': {get: {}}\n");
        string file = Write("openapi_files:\n  - bad.yaml\n  - odd.yaml\n");

        CommandOutcome outcome = await RunAsync("validate", "--config", file);

        Assert.Equal(
            new CommandOutcome(
                ExitCode.Configuration,
                "",
                $"cflogstream: {file}:2:5: Cannot read the API description {bad}(1,1): it has no 'openapi' version at its top.\n"
                + $"cflogstream: {file}:3:5: A path of the API description {odd}(5,3) cannot be used: "
                + "';' cannot be matched, because matrix parameters are cut from paths; write it without.\n"),
            outcome);
    }

    [Fact]
    public async Task LoadOptions_ProblemsInsideOpenapiFiles_AreWarnings()
    {
        string bad = Path.Combine(_folder.FullName, "bad.yaml");
        File.WriteAllText(bad, "info: {title: t}\n");
        string file = Write("openapi_files: [bad.yaml]\n");

        CommandOutcome outcome = await CommandLine.RunAsync(["info", "--config", file], [InfoVerb.Create()]);

        Assert.Equal(ExitCode.Ok, outcome.ExitCode);
        Assert.Equal(
            $"cflogstream: warning: {file}:1:17: Cannot read the API description {bad}(1,1): it has no 'openapi' version at its top.\n",
            outcome.Stderr);
    }

    [Fact]
    public async Task Validate_BadFile_NamesEveryProblemOnStderr()
    {
        string file = Write("readr: {}\nreader:\n  max_depth: \"\\e[31m\"\n");

        CommandOutcome outcome = await RunAsync("validate", "--config", file);

        Assert.Equal(
            new CommandOutcome(
                ExitCode.Configuration,
                "",
                $"cflogstream: {file}:1:1: Unknown key 'readr' at the top of the file; did you mean 'reader'?\n"
                + $"cflogstream: {file}:3:14: reader.max_depth is the quoted text '\\x1b[31m'; expected a whole number between 2 and "
                + $"1000.\n"),
            outcome);
    }

    [Fact]
    public async Task Validate_BadFileAsJson_PutsTheProblemsOnStdout()
    {
        string file = Write("reader:\n  max_depth: 1\n");

        CommandOutcome outcome = await RunAsync("validate", "--config", file, "--format", "json");

        Assert.Equal(ExitCode.Configuration, outcome.ExitCode);
        Assert.Equal("", outcome.Stderr);
        using var json = JsonDocument.Parse(outcome.Stdout);
        Assert.False(json.RootElement.GetProperty("valid").GetBoolean());
        JsonElement problem = Assert.Single(json.RootElement.GetProperty("problems").EnumerateArray());
        Assert.Equal(file, problem.GetProperty("file").GetString());
        Assert.Equal(2, problem.GetProperty("line").GetInt32());
        Assert.Equal(14, problem.GetProperty("column").GetInt32());
        Assert.Equal("reader.max_depth", problem.GetProperty("key").GetString());
        Assert.Equal("reader.max_depth (1) must be between 2 and 1000.", problem.GetProperty("message").GetString());
        Assert.False(json.RootElement.TryGetProperty("settings", out _));
    }

    [Fact]
    public async Task Validate_GoodFileAsJson_HasTheSettingsAndNoSecret()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "secret"), "hunter2");
        string file = Write("clickhouse: {password_file: secret}\n");

        CommandOutcome outcome = await RunAsync("validate", "--config", file, "--format", "json");

        Assert.Equal(ExitCode.Ok, outcome.ExitCode);
        using var json = JsonDocument.Parse(outcome.Stdout);
        Assert.True(json.RootElement.GetProperty("valid").GetBoolean());
        Assert.Equal(64, json.RootElement.GetProperty("settings").GetProperty("reader.max_depth").GetInt64());
        Assert.DoesNotContain("hunter2", outcome.Stdout, StringComparison.Ordinal);
    }

    private static Task<CommandOutcome> RunAsync(params string[] args) => CommandLine.RunAsync(args, [ValidateVerb.Create()]);

    private string Write(string yaml)
    {
        string file = Path.Combine(_folder.FullName, "cflogstream.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }
}
