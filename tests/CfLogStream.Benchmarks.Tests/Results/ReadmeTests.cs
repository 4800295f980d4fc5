using CfLogStream.Benchmarks.Results;

namespace CfLogStream.Benchmarks.Tests.Results;

/// <summary>The README's figures are those of the result files.</summary>
public sealed class ReadmeTests
{
    private static readonly string s_root = Root();

    [Fact]
    public async Task Readme_Figures_AreThoseOfTheResultFilesItNames()
    {
        string readme = await File.ReadAllTextAsync(Path.Combine(s_root, "README.md"), TestContext.Current.CancellationToken);
        IReadOnlyList<string> sources = ReadmeBlock.Sources(ReadmeBlock.Of(readme));

        Assert.NotEmpty(sources);
        string[] results = [.. sources.Select(source => File.ReadAllText(Path.Combine(s_root, source)))];
        Assert.Equal(ReadmeBlock.Replace(readme, results), readme);
    }

    [Fact]
    public void Replace_Block_LeavesTheRest()
    {
        const string Readme = "before\n<!-- speed:begin -->\nold\n<!-- speed:end -->\nafter\n";
        const string First = "# x\n<!-- speed:begin -->\none\n<!-- speed:end -->\nmore";
        const string Second = "<!-- speed:begin -->\ntwo\n<!-- speed:end -->\n";

        Assert.Equal("before\n<!-- speed:begin -->\none\n\ntwo\n<!-- speed:end -->\nafter\n", ReadmeBlock.Replace(Readme, [First, Second]));
    }

    [Fact]
    public void Of_NoMarks_IsRefused() => Assert.Throws<InvalidDataException>(() => ReadmeBlock.Of("nothing here"));

    [Theory]
    [InlineData("AMD EPYC 9R14", "", 2, "amd-epyc-9r14-2-cores")]
    [InlineData("Intel(R) Xeon(R) Gold 6430", "", 32, "intel-r-xeon-r-gold-6430-32-cores")]
    [InlineData("AMD EPYC", "family 26", 2, "amd-epyc-family-26-2-cores")]
    public void Folder_Machine_IsItsProcessorInLowerCase(string processor, string family, int cores, string folder) =>
        Assert.Equal(folder, new Machine(processor, family, "AVX2", cores, 1, "", "", "").Folder);

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CfLogStream.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("CfLogStream.sln was not found above the tests.");
    }
}
