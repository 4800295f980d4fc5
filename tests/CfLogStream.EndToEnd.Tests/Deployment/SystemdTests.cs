using System.Diagnostics;
using System.Globalization;
using CfLogStream.EndToEnd.Tests.Architecture;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Server.Configuration;

namespace CfLogStream.EndToEnd.Tests.Deployment;

/// <summary>deploy/systemd: what systemd and the program say of it.</summary>
public sealed class SystemdTests
{
    private const string Analyze = "/usr/bin/systemd-analyze";

    private static readonly string s_folder = Path.Combine(Repository.Root, "deploy", "systemd");
    private static readonly string s_unit = Path.Combine(s_folder, "cflogstream.service");

    [Fact]
    public async Task Unit_BySystemd_IsValidAndHardened()
    {
        Assert.SkipUnless(File.Exists(Analyze), "systemd-analyze (Debian package systemd) is not here.");
        using var folder = new TemporaryFolder();
        string unit = folder.Combine("cflogstream.service");
        string text = (await File.ReadAllTextAsync(s_unit, Ct)).Replace("/opt/cflogstream/", AppContext.BaseDirectory, StringComparison.Ordinal);
        await File.WriteAllTextAsync(unit, text, Ct);

        (int code, string said) = await RunAsync("verify", unit);
        Assert.True(code == 0 && said.Length == 0, said);
        (code, said) = await RunAsync("security", "--offline=true", "--threshold=35", "--no-pager", unit);
        Assert.True(code == 0, said);

        await File.WriteAllTextAsync(unit, text.Replace("TimeoutStopSec=", "TimeoutStopSecs=", StringComparison.Ordinal), Ct);
        (_, said) = await RunAsync("verify", unit);
        Assert.Contains("TimeoutStopSecs", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Unit_CommandVariablesAndLimits_FitTheProgram()
    {
        ILookup<string, string> unit = Lines();
        string[] command = One(unit, "ExecStart").Split(' ');
        Assert.Equal("/opt/cflogstream/cflogstream", command[0]);
        CommandLineCheck.Accepts(command[1..]);
        Assert.All(unit["Environment"], variable => Assert.Contains(variable.Split('=')[0], CommandLineCheck.Variables));
        string state = "/var/lib/" + One(unit, "StateDirectory");
        Assert.Equal(state, One(unit, "WorkingDirectory"));
        Assert.Equal(state, command[Array.IndexOf(command, "--data") + 1]);
        Assert.Equal("SIGTERM", One(unit, "KillSignal"));
        Assert.Equal("on-failure", One(unit, "Restart"));
        var options = new CfLogStreamOptions();
        Assert.True(
            int.Parse(One(unit, "TimeoutStopSec"), CultureInfo.InvariantCulture) >= options.Process.Drain.TotalSeconds + 30,
            $"process.drain_secs is {options.Process.Drain.TotalSeconds}");
        Assert.True(int.Parse(One(unit, "LimitNOFILE"), CultureInfo.InvariantCulture) > 2 * options.Receiver.Connections);
        Assert.False(unit.Contains("MemoryDenyWriteExecute"));
    }

    [Fact]
    public void Configuration_IsValidAndNamesOnlyWhatTheUnitGives()
    {
        var asked = new List<string>();
        CfLogStreamOptions options = ConfigurationLoader.Load(Path.Combine(s_folder, "cflogstream.yaml"), name =>
        {
            asked.Add(name);
            return "secret";
        });
        Assert.Equal(["LOGPUSH_TOKEN"], asked);
        Assert.Equal("127.0.0.1:8787", options.Receiver.Listen);
        Assert.Contains("LOGPUSH_TOKEN=", File.ReadAllText(s_unit), StringComparison.Ordinal);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ILookup<string, string> Lines() => File.ReadAllLines(s_unit)
        .Where(line => line.Contains('=') && !line.StartsWith('#'))
        .ToLookup(line => line[..line.IndexOf('=')], line => line[(line.IndexOf('=') + 1)..], StringComparer.Ordinal);

    private static string One(ILookup<string, string> unit, string key) => Assert.Single(unit[key]);

    private static async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Analyze, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(Ct);
        string said = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, said + await errors);
    }
}
