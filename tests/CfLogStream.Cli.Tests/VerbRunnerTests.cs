using System.CommandLine;
using CfLogStream.Cli.Terminal;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Cli.Tests;

public sealed class VerbRunnerTests
{
    [Theory]
    [InlineData(ExitCode.Ok)]
    [InlineData(ExitCode.Failed)]
    public async Task Run_VerbThatReturns_GivesItsExitCode(object exitCode)
    {
        CommandOutcome outcome = await RunAsync((_, _, _) => Task.FromResult((ExitCode)exitCode));

        Assert.Equal(new CommandOutcome((ExitCode)exitCode, "", ""), outcome);
    }

    [Fact]
    public void ExitCodes_AreThoseThatScriptsKnow()
    {
        Assert.Equal([0, 1, 2, 70, 78], Enum.GetValues<ExitCode>().Select(code => (int)code));
    }

    [Fact]
    public async Task Run_BadConfiguration_PrintsAllProblemsAndExits78()
    {
        CommandOutcome outcome = await RunAsync((_, _, _) => throw new ConfigurationException(
        [
            new ConfigurationProblem("a.yaml", 3, 5, "x", "First."),
            new ConfigurationProblem("a.yaml", 0, 0, "", "Second \u001b[31m."),
        ]));

        Assert.Equal(ExitCode.Configuration, outcome.ExitCode);
        Assert.Equal("", outcome.Stdout);
        Assert.Equal("cflogstream: a.yaml:3:5: First.\ncflogstream: a.yaml: Second \\x1b[31m.\n", outcome.Stderr);
    }

    [Fact]
    public async Task Run_ExpectedFailure_PrintsOneLine()
    {
        CommandOutcome outcome = await RunAsync((_, _, _) => throw CommandException.Failed("There is no file 'x'."));

        Assert.Equal(new CommandOutcome(ExitCode.Failed, "", "cflogstream: There is no file 'x'.\n"), outcome);
    }

    [Fact]
    public async Task Run_UsageFoundByTheVerb_Exits2()
    {
        CommandOutcome outcome = await RunAsync((_, _, _) => throw CommandException.Usage("--from is after --to."));

        Assert.Equal(new CommandOutcome(ExitCode.Usage, "", "cflogstream: --from is after --to.\n"), outcome);
    }

    [Fact]
    public async Task Run_Stopped_SaysSoShortly()
    {
        using var source = new CancellationTokenSource();
        CommandOutcome outcome = await RunAsync(
            async (_, _, ct) =>
            {
                await source.CancelAsync();
                ct.ThrowIfCancellationRequested();
                return ExitCode.Ok;
            },
            source.Token);

        Assert.Equal(
            new CommandOutcome(ExitCode.Failed, "", "cflogstream: Stopped before the end; what was written so far stays.\n"),
            outcome);
    }

    [Fact]
    public async Task Run_CancellationNobodyAskedFor_IsAMistake()
    {
        CommandOutcome outcome = await RunAsync((_, _, _) => throw new OperationCanceledException());

        Assert.Equal(ExitCode.Internal, outcome.ExitCode);
    }

    [Fact]
    public async Task Run_UnexpectedException_PrintsAllOfItAndExits70()
    {
        CommandOutcome outcome = await RunAsync(
            (_, _, _) => throw new InvalidOperationException("outer \u001b]0;", new FormatException("inner")));

        Assert.Equal(ExitCode.Internal, outcome.ExitCode);
        Assert.StartsWith(
            "cflogstream: This is a mistake in cflogstream, not in what you did. Please report it with the following text.\n"
            + "System.InvalidOperationException: outer \\x1b]0;\n ---> System.FormatException: inner\n",
            outcome.Stderr,
            StringComparison.Ordinal);
        Assert.Contains(nameof(VerbRunnerTests), outcome.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhatWasWrittenBeforeAFailure_IsNotLost()
    {
        CommandOutcome outcome = await RunAsync(async (_, context, ct) =>
        {
            await context.Stdout.WriteLineAsync("first".AsMemory(), ct);
            throw CommandException.Failed("Then it broke.");
        });

        Assert.Equal(new CommandOutcome(ExitCode.Failed, "first\n", "cflogstream: Then it broke.\n"), outcome);
    }

    [Theory]
    [InlineData("", "cflogstream: A verb is missing.\nTry 'cflogstream --help'.\n")]
    [InlineData("tyr", "cflogstream: There is no verb 'tyr'; did you mean 'try'?\nTry 'cflogstream --help'.\n")]
    [InlineData("qqqqqq", "cflogstream: There is no verb 'qqqqqq'.\nTry 'cflogstream --help'.\n")]
    [InlineData("try --nope", "cflogstream: Unrecognized command or argument '--nope'.\nTry 'cflogstream try --help'.\n")]
    [InlineData(
        "try --format xml",
        "cflogstream: Argument 'xml' not recognized. Must be one of: 'text' 'json'\nTry 'cflogstream try --help'.\n")]
    [InlineData("try \u001b[31m", "cflogstream: Unrecognized command or argument '\\x1b[31m'.\nTry 'cflogstream try --help'.\n")]
    public async Task Run_WrongCommandLine_ExplainsAndExits2(string line, string expected)
    {
        CommandOutcome outcome = await CommandLine.RunAsync(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            [Verb((_, _, _) => Task.FromResult(ExitCode.Ok))]);

        Assert.Equal(new CommandOutcome(ExitCode.Usage, "", expected), outcome);
    }

    [Fact]
    public async Task Run_Help_GoesToStdout()
    {
        CommandOutcome outcome = await CommandLine.RunAsync(
            ["--help"],
            [Verb((_, _, _) => Task.FromResult(ExitCode.Ok))]);

        Assert.Equal(ExitCode.Ok, outcome.ExitCode);
        Assert.Contains("cflogstream [command] [options]", outcome.Stdout, StringComparison.Ordinal);
        Assert.Contains("--config", outcome.Stdout, StringComparison.Ordinal);
        Assert.Equal("", outcome.Stderr);
    }

    [Theory]
    [InlineData("try", null, null)]
    [InlineData("try", "env.yaml", "env.yaml")]
    [InlineData("try", "", null)]
    [InlineData("try --config flag.yaml", null, "flag.yaml")]
    [InlineData("try --config flag.yaml", "env.yaml", "flag.yaml")]
    [InlineData("--config flag.yaml try", "env.yaml", "flag.yaml")]
    public async Task Context_ConfigFile_IsTheFlagBeforeTheEnvironment(string line, string? variable, string? expected)
    {
        string? found = "not run";
        await CommandLine.RunAsync(
            line.Split(' '),
            [
                Verb((_, context, _) =>
                {
                    found = context.ConfigFile;
                    return Task.FromResult(ExitCode.Ok);
                }),
            ],
            name => name == "CFLOGSTREAM_CONFIG" ? variable : null);

        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData("try", OutputFormat.Text)]
    [InlineData("try --format text", OutputFormat.Text)]
    [InlineData("try --format json", OutputFormat.Json)]
    [InlineData("try --format=json", OutputFormat.Json)]
    public async Task Context_Format_IsTextByDefault(string line, object expected)
    {
        OutputFormat? found = null;
        await CommandLine.RunAsync(
            line.Split(' '),
            [
                Verb((_, context, _) =>
                {
                    found = context.Format;
                    return Task.FromResult(ExitCode.Ok);
                }),
            ]);

        Assert.Equal((OutputFormat)expected, found);
    }

    [Fact]
    public async Task Context_LoadOptionsWithoutAFile_GivesTheDefaults()
    {
        CfLogStreamOptions? found = null;
        await RunAsync((_, context, _) =>
        {
            found = context.LoadOptions();
            return Task.FromResult(ExitCode.Ok);
        });

        Assert.Equal(EffectiveValue.Of(new CfLogStreamOptions()), EffectiveValue.Of(found!));
    }

    [Theory]
    [InlineData(true, ExitCode.Failed)]
    [InlineData(false, ExitCode.Ok)]
    public async Task Run_ReaderWentAway_EndsWithoutAWord(bool whileRunning, object expected)
    {
        using var stderr = new StringWriter();
        await using var pipe = new ResultStream(new FailingStream(new IOException("Broken pipe", 32)));
        var stdout = new StreamWriter(pipe, bufferSize: 1_024);
        var host = new CommandHost { Stdout = stdout, Stderr = stderr };
        var runner = new VerbRunner(host, [Verb(async (_, context, ct) =>
        {
            await context.Stdout.WriteAsync(new string('x', whileRunning ? 10_000 : 10).AsMemory(), ct);
            return ExitCode.Ok;
        })]);

        Assert.Equal((ExitCode)expected, await runner.RunAsync(["try"], TestContext.Current.CancellationToken));
        Assert.Equal("", stderr.ToString());
    }

    [Theory]
    [InlineData(ExitCode.Ok, ExitCode.Failed)]
    [InlineData(ExitCode.Configuration, ExitCode.Configuration)]
    public async Task Run_ResultsCannotBeWritten_SaysWhyAndFails(object exitCode, object expected)
    {
        using var stderr = new StringWriter { NewLine = "\n" };
        await using var full = new ResultStream(new FailingStream(new IOException("No space left on device", 28)));
        var host = new CommandHost { Stdout = new StreamWriter(full), Stderr = stderr };
        var runner = new VerbRunner(host, [Verb(async (_, context, ct) =>
        {
            await context.Stdout.WriteAsync("result".AsMemory(), ct);
            return (ExitCode)exitCode;
        })]);

        Assert.Equal((ExitCode)expected, await runner.RunAsync(["try"], TestContext.Current.CancellationToken));
        Assert.Equal("cflogstream: Cannot write the results to standard output: No space left on device.\n", stderr.ToString());
    }

    private static Command Verb(VerbBody body) => new Command("try").Runs(body);

    private static Task<CommandOutcome> RunAsync(VerbBody body, CancellationToken? stop = null) =>
        CommandLine.RunAsync(["try"], [Verb(body)], stop: stop);

    private sealed class FailingStream(IOException problem) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw problem;

        public override void Write(byte[] buffer, int offset, int count) => throw problem;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException(problem);
    }
}
