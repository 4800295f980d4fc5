using CfLogStream.Server.Sources;

namespace CfLogStream.Server.Tests.Sources;

public sealed class FileDiscoveryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_Folder_TakesAllFilesBelowInOrder()
    {
        _folder.Write("b.log.gz");
        _folder.Write("20241107/z.log.gz");
        _folder.Write("20241107/deep/er/y.ndjson");
        _folder.Write("a");

        Assert.Equal(["20241107/deep/er/y.ndjson", "20241107/z.log.gz", "a", "b.log.gz"], Found(_folder.Path));
    }

    [Fact]
    public void Find_FilesThatHoldNoRecords_AreSkippedWithTheirReason()
    {
        _folder.Write("a.log.gz");
        _folder.Write("test.txt.gz", """{"content":"test"}""");
        _folder.Write("ownership-challenge.txt", "eyJ");
        _folder.Write("out/ledger.ndjson");
        _folder.Write("out/marker", "");
        _folder.Write(".hidden");
        _folder.Write(".git/config");

        DiscoveredFiles found = FileDiscovery.Find([_folder.Path]);

        Assert.Equal(["a.log.gz", "test.txt.gz"], Names(found));
        Assert.Equal(
            [
                ("out/ledger.ndjson", "the ledger of generated uploads"), ("out/marker", "an empty file"),
                ("ownership-challenge.txt", "an ownership challenge"),
            ],
            found.Skipped.Select(skipped => (Relative(skipped.Path), skipped.Why)));
        Assert.Empty(found.Errors);
    }

    [Fact]
    public void Find_NamedOutright_TakesHiddenAndEmptyButNoLedger()
    {
        string[] named = [_folder.Write(".hidden"), _folder.Write("empty", ""), _folder.Write("ledger.ndjson"), _folder.Write(".dir/x")];

        DiscoveredFiles found = FileDiscovery.Find([.. named[..3], _folder[".dir"]]);

        Assert.Equal([".hidden", "empty", ".dir/x"], Names(found));
        Assert.Equal("ledger.ndjson", Relative(Assert.Single(found.Skipped).Path));
    }

    [Theory]
    [InlineData("*.gz", "a.gz", "b.gz")]
    [InlineData("?.gz", "a.gz", "b.gz")]
    [InlineData("**/*.gz", "a.gz", "b.gz", "x/c.gz", "x/y/a.gz", "x/y/z/d.gz")]
    [InlineData("x/**/a.gz", "x/y/a.gz")]
    [InlineData("**/y/*", "x/y/a.gz", "x/y/z/d.gz")]
    [InlineData("**", "a.gz", "b.gz", "n.ndjson", "x/c.gz", "x/y/a.gz", "x/y/z/d.gz")]
    [InlineData("x/*", "x/c.gz", "x/y/a.gz", "x/y/z/d.gz")]
    [InlineData("*/y/../c.g?", "x/y/../c.gz")]
    [InlineData(".h*", ".hidden.gz")]
    [InlineData("x/y/z/**/*", "x/y/z/d.gz")]
    public void Find_Pattern_MatchesNamesAndFolders(string pattern, params string[] expected)
    {
        foreach (string name in (string[])["a.gz", "b.gz", "n.ndjson", ".hidden.gz", "x/c.gz", "x/y/a.gz", "x/y/z/d.gz", "x/.h/e.gz"])
        {
            _folder.Write(name);
        }

        Assert.Equal(expected.Order(StringComparer.Ordinal), Found(_folder[pattern]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Find_NameWithPatternCharacters_IsTheFileItself()
    {
        _folder.Write("what?.gz");
        _folder.Write("whatx.gz");

        Assert.Equal(["what?.gz"], Found(_folder["what?.gz"]));
    }

    [Fact]
    public void Find_LinksInACircle_CountOnce()
    {
        _folder.Write("logs/a.gz");
        Directory.CreateDirectory(_folder["logs/sub"]);
        Directory.CreateSymbolicLink(_folder["logs/sub/up"], "..");
        Directory.CreateSymbolicLink(_folder["logs/self"], _folder["logs/self2"]);
        Directory.CreateSymbolicLink(_folder["logs/self2"], _folder["logs/self"]);
        Directory.CreateSymbolicLink(_folder["logs/root"], _folder.Path);
        File.CreateSymbolicLink(_folder["logs/b.gz"], "a.gz");

        DiscoveredFiles folder = FileDiscovery.Find([_folder["logs"]]);
        DiscoveredFiles pattern = FileDiscovery.Find([_folder["logs/**/*.gz"]]);

        Assert.Equal(["logs/a.gz"], Names(folder));
        Assert.Equal(["logs/a.gz"], Names(pattern));
        Assert.All(folder.Errors, error => Assert.Contains("the link leads nowhere", error.ToString(), StringComparison.Ordinal));
        Assert.Equal(2, folder.Errors.Count);
    }

    [Fact]
    public void Find_SameFileByTwoArguments_IsReadOnceAndIsNoError()
    {
        string file = _folder.Write("a.gz");
        Directory.CreateSymbolicLink(_folder["link"], _folder.Path);

        DiscoveredFiles found = FileDiscovery.Find([file, _folder.Path, file, _folder["link/a.gz"], _folder["*.gz"], "-", "-"]);

        Assert.Equal([file, "-"], found.Files.Select(log => log.Path));
        Assert.Empty(found.Errors);
        Assert.Equal("standard input", found.Files[1].Name);
    }

    [Fact]
    public void Find_NothingThere_SaysSo()
    {
        Directory.CreateDirectory(_folder["empty"]);
        File.CreateSymbolicLink(_folder["dangling.gz"], "nowhere");

        DiscoveredFiles found = FileDiscovery.Find([_folder["missing.gz"], _folder["*.zip"], _folder["empty"], _folder["dangling.gz"], ""]);

        Assert.Empty(found.Files);
        Assert.Equal(
            [
                $"Cannot read '{_folder["missing.gz"]}': there is no such file or folder; check the path.",
                $"Cannot read '{_folder["*.zip"]}': there is no such file or folder; check the path.",
                $"Cannot read '{_folder["empty"]}': there are no log files in it; check the path.",
                $"Cannot read '{_folder["dangling.gz"]}': the link leads nowhere; remove the link or restore what it points to.",
                "Cannot read '': there is no such file or folder; check the path.",
            ],
            found.Errors.Select(error => error.ToString()));
    }

    [Fact]
    public void Find_FileWithoutPermission_IsAnError()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Needs a user who may not read everything.");
            return;
        }

        File.SetUnixFileMode(_folder.Write("secret.gz"), UnixFileMode.None);
        _folder.Write("a.gz");

        DiscoveredFiles found = FileDiscovery.Find([_folder.Path]);

        Assert.Equal(["a.gz"], Names(found));
        Assert.EndsWith("; check the path and the permissions.", Assert.Single(found.Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void SourceError_HostileName_IsEscapedAndCut()
    {
        var error = new SourceError("a\u001b[31m\n\u202e" + new string('x', 300), 12, "found y", "do z");

        Assert.Equal(
            $"Cannot read 'a\\u001b[31m\\u000a\\u202e{new string('x', 192)}…' to its end: at byte 12, found y; do z.",
            error.ToString());
    }

    private List<string> Found(string argument) => Names(FileDiscovery.Find([argument]));

    private List<string> Names(DiscoveredFiles found) => [.. found.Files.Select(file => Relative(file.Path))];

    private string Relative(string path) => path[(_folder.Path.Length + 1)..];
}
