using System.Diagnostics;

namespace CfLogStream.Cli.Tests;

/// <summary>The program as a process: what only real pipes and files show.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Process_ReaderThatLeavesAtOnce_SeesNoStackTrace()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "It needs a shell.");

        (string stdout, string stderr) = await ShellAsync("$CFLOGSTREAM docs configuration | true; echo ${PIPESTATUS[0]}");

        Assert.Equal("0\n", stdout);
        Assert.Equal("", stderr);
    }

    [Fact]
    public async Task Process_OutputSharedWithOthers_IsAppended()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "It needs a shell.");

        (string stdout, string stderr) = await ShellAsync(
            "f=$(mktemp); { echo before; $CFLOGSTREAM --version; $CFLOGSTREAM --version; echo after; } >$f; cat $f; rm $f");

        string[] lines = stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Equal("before", lines[0]);
        Assert.Equal(lines[1], lines[2]);
        Assert.Equal("after", lines[3]);
        Assert.Equal("", stderr);
    }

    [Theory]
    [InlineData(
        "$CFLOGSTREAM info >&-; echo $? >&2",
        "cflogstream: Cannot write the results to standard output: Bad file descriptor.\n1\n")]
    [InlineData(
        "$CFLOGSTREAM --nope; echo $? >&2",
        "cflogstream: A verb is missing.\ncflogstream: Unrecognized command or argument '--nope'.\nTry 'cflogstream --help'.\n2\n")]
    [InlineData(
        "CFLOGSTREAM_CONFIG=/nonexistent $CFLOGSTREAM validate; echo $? >&2",
        "cflogstream: /nonexistent: There is no such file.\n78\n")]
    [InlineData("$CFLOGSTREAM validate 2>&-; echo $? >&2", "0\n")]
    public async Task Process_ThatFails_SaysWhyOnStderrAndExitsWithItsCode(string line, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "It needs a shell.");

        (_, string stderr) = await ShellAsync(line);

        Assert.Equal(expected, stderr);
    }

    [Fact]
    public async Task Process_FullDisk_IsAFailure()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "It needs /dev/full.");

        (_, string stderr) = await ShellAsync("$CFLOGSTREAM info >/dev/full; echo $? >&2");

        Assert.Equal("cflogstream: Cannot write the results to standard output: No space left on device.\n1\n", stderr);
    }

    private static async Task<(string Stdout, string Stderr)> ShellAsync(string line)
    {
        var start = new ProcessStartInfo("bash", ["-c", line])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CFLOGSTREAM"] = $"dotnet {Path.Combine(AppContext.BaseDirectory, "cflogstream.dll")}";
        start.Environment.Remove(CommandContext.ConfigVariable);
        using Process process = Process.Start(start)!;
        Task<string> stdout = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> stderr = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (await stdout, await stderr);
    }
}
