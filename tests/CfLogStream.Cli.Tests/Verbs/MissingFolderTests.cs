using CfLogStream.Cli.Verbs;

namespace CfLogStream.Cli.Tests.Verbs;

public sealed class MissingFolderTests
{
    [Theory]
    [InlineData("diagnose")]
    [InlineData("ray", "8dea4d930b427528")]
    [InlineData("find")]
    [InlineData("retest", "--client", "okhttp", "--endpoint", "POST api.example.com/v1/orders", "--since", "2h")]
    [InlineData("change", "list")]
    [InlineData("owners", "coverage")]
    [InlineData("dead-letters", "list")]
    public async Task Ask_FolderThatIsNotThere_SaysSoAndMakesNone(params string[] verb)
    {
        string folder = Path.Combine(Path.GetTempPath(), "cflogstream-test-" + Path.GetRandomFileName());
        CommandOutcome result = await CommandLine.RunAsync([.. verb, "--data", folder], VerbList.All());
        Assert.Equal((ExitCode.Failed, ""), (result.ExitCode, result.Stdout));
        Assert.StartsWith($"cflogstream: There is no folder '{folder}', so nothing is kept there. ", result.Stderr, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    /// <summary>What a symptom means needs no data.</summary>
    [Fact]
    public async Task Explain_FolderThatIsNotThere_StillSaysWhatItMeans()
    {
        string folder = Path.Combine(Path.GetTempPath(), "cflogstream-test-" + Path.GetRandomFileName());
        CommandOutcome result = await CommandLine.RunAsync(["explain", "1010", "--host", "api.example.com", "--data", folder], VerbList.All());
        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Contains("Browser Integrity Check", result.Stdout, StringComparison.Ordinal);
        Assert.StartsWith("cflogstream: No request is kept here yet", result.Stderr, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }
}
