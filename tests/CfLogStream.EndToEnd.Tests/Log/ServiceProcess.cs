using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>A <c>cflogstream serve</c> in a process of its own, to be killed, stopped and continued.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private const int SigHup = 1;
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;

    private readonly Process _process;
    private readonly StringBuilder _stderr = new();

    private ServiceProcess(Process process, string roles)
    {
        _process = process;
        Roles = roles;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_stderr)
            {
                _stderr.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public string Roles { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Resident memory in bytes; 0 when it has ended.</summary>
    public long ResidentBytes => StatusOf("VmRSS:") * 1024;

    /// <summary>Open files and sockets; 0 when it has ended.</summary>
    public int Handles
    {
        get
        {
            try
            {
                return HasExited ? 0 : Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Length;
            }
            catch (IOException)
            {
                return 0;
            }
        }
    }

    public int Threads => (int)StatusOf("Threads:");

    public int ExitCode => _process.ExitCode;

    public string Stderr
    {
        get
        {
            lock (_stderr)
            {
                return _stderr.ToString();
            }
        }
    }

    public static ServiceProcess Start(
        string folder, string config, string roles, string? crashAt = null, ServiceSettings? settings = null)
    {
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "cflogstream"), ["serve", "--config", config, "--roles", roles, .. Data(settings)])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (crashAt is not null)
        {
            start.Environment["CFLOGSTREAM_CRASH_AT"] = crashAt;
        }

        foreach ((string name, string value) in settings?.Environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new ServiceProcess(Process.Start(start)!, roles);
    }

    /// <summary>How often it has said something.</summary>
    public int Said(string text) => Stderr.Split(text).Length - 1;

    /// <summary>Waits until it has said something so often.</summary>
    public async Task UntilSaidAsync(string text, int times = 1)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Said(text) < times)
        {
            Assert.False(
                late.IsCancellationRequested,
                $"It never said '{text}' {times} times, but:\n{Stderr}\n{(HasExited ? $"Then it ended with {ExitCode}." : "It still runs.")}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Whether it was started with SIGHUP ignored.</summary>
    public bool IgnoresHangUp => File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[^1]
        is '1' or '3' or '5' or '7' or '9' or 'b' or 'd' or 'f';

    public void HangUp() => Signal(SigHup);

    public void Kill() => Signal(SigKill);

    public void Terminate() => Signal(SigTerm);

    public void Freeze() => Signal(SigStop);

    public void Continue() => Signal(SigCont);

    public async Task<int> WaitAsync(TimeSpan limit)
    {
        using var late = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The service did not end within {limit}. It said:\n{Stderr}");
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);

    private static string[] Data(ServiceSettings? settings) => settings?.DataFolder is null ? [] : ["--data", settings.DataFolder];

    private long StatusOf(string name)
    {
        try
        {
            string? line = HasExited
                ? null
                : File.ReadLines($"/proc/{_process.Id}/status").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private void Signal(int signal)
    {
        if (!_process.HasExited)
        {
            _ = SendSignal(_process.Id, signal);
        }
    }
}
