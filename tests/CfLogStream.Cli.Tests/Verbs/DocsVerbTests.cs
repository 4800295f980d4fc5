using CfLogStream.Cli.Verbs;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Cli.Tests.Verbs;

public sealed class DocsVerbTests
{
    [Fact]
    public async Task Docs_PrintsExactlyWhatTheGeneratorsWrite()
    {
        Assert.Equal(
            new CommandOutcome(ExitCode.Ok, ConfigurationDocumentation.Write(), ""),
            await RunAsync("docs", "configuration"));
        Assert.Equal(new CommandOutcome(ExitCode.Ok, ConfigurationSchema.Write(), ""), await RunAsync("docs", "schema"));
    }

    [Fact]
    public async Task Docs_WithoutADocument_IsAMistakeOfUsage()
    {
        Assert.Equal(
            new CommandOutcome(ExitCode.Usage, "", "cflogstream: A verb is missing.\nTry 'cflogstream docs --help'.\n"),
            await RunAsync("docs"));
    }

    private static Task<CommandOutcome> RunAsync(params string[] args) => CommandLine.RunAsync(args, [DocsVerb.Create()]);
}
