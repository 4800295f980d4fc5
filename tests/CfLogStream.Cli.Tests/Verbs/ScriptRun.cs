using System.Diagnostics;
using System.Text;

namespace CfLogStream.Cli.Tests.Verbs;

/// <summary>Runs a printed script with the real bash and a curl that only writes down how it was called.</summary>
internal sealed class ScriptRun
{
    private const string Curl = """
        #!/bin/bash
        n=$(ls "$CALLS" | wc -l)
        mkdir "$CALLS/$n"
        for argument in "$@"; do
          case $argument in
            @/dev/fd/*) cat "${argument#@}" > "$CALLS/$n/headers";;
            @-) cat > "$CALLS/$n/body";;
          esac
          printf '%s\0' "$argument" >> "$CALLS/$n/arguments"
        done
        printf '{"result":[{"id":"0123456789abcdef0123456789abcdef","owner":{"id":"ffffffffffffffffffffffffffffffff"}}],"success":true}'
        """;

    private ScriptRun(int exitCode, string stdout, string stderr, IReadOnlyList<CurlCall> calls, IReadOnlyList<string> files)
    {
        ExitCode = exitCode;
        Stdout = stdout;
        Stderr = stderr;
        Calls = calls;
        Files = files;
    }

    public int ExitCode { get; }

    public string Stdout { get; }

    public string Stderr { get; }

    public IReadOnlyList<CurlCall> Calls { get; }

    /// <summary>What the script has left in its working folder.</summary>
    public IReadOnlyList<string> Files { get; }

    public static async Task<ScriptRun> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cflogstream-script-");
        try
        {
            string bin = folder.CreateSubdirectory("bin").FullName;
            string calls = folder.CreateSubdirectory("calls").FullName;
            string work = folder.CreateSubdirectory("work").FullName;
            await File.WriteAllTextAsync(Path.Combine(bin, "curl"), Curl, TestContext.Current.CancellationToken);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(Path.Combine(bin, "curl"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            string file = Path.Combine(folder.FullName, "job.sh");
            await File.WriteAllTextAsync(file, script, TestContext.Current.CancellationToken);
            (int syntax, _, string complaint) = await BashAsync(["-n", file], work, bin, calls, []);
            Assert.True(syntax == 0, complaint);
            (int exitCode, string stdout, string stderr) = await BashAsync([file], work, bin, calls, environment);
            return new ScriptRun(
                exitCode,
                stdout,
                stderr,
                [.. Directory.GetDirectories(calls).OrderBy(call => int.Parse(Path.GetFileName(call), System.Globalization.CultureInfo.InvariantCulture)).Select(CurlCall.Read)],
                Directory.GetFileSystemEntries(work));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(int ExitCode, string Stdout, string Stderr)> BashAsync(
        string[] arguments, string work, string bin, string calls, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("bash", arguments)
        {
            WorkingDirectory = work,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["PATH"] = bin + ":" + start.Environment["PATH"];
        start.Environment["CALLS"] = calls;
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> stdout = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> stderr = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await stdout, await stderr);
    }
}

/// <summary>A call of curl.</summary>
/// <param name="Headers">What was given by a descriptor.</param>
/// <param name="Body">What was given on standard input.</param>
internal sealed record CurlCall(IReadOnlyList<string> Arguments, string Headers, string Body)
{
    public static CurlCall Read(string folder) => new(
        Text(folder, "arguments").Split('\0', StringSplitOptions.RemoveEmptyEntries), Text(folder, "headers"), Text(folder, "body"));

    private static string Text(string folder, string name) =>
        File.Exists(Path.Combine(folder, name)) ? File.ReadAllText(Path.Combine(folder, name)) : "";
}
