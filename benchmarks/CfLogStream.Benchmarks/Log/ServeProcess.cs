using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using CfLogStream.Benchmarks.Peers;

namespace CfLogStream.Benchmarks.Log;

/// <summary>A <c>cflogstream serve</c> in a process of its own, with its metrics and its time.</summary>
internal sealed class ServeProcess : IDisposable
{
    private const int SigTerm = 15;

    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly TimeSpan _limit;
    private readonly StringBuilder _said = new();
    private readonly HttpClient _http = new();
    private readonly Uri _metrics;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly double _cpuBefore = ProcessorTime.OfChildren();

    /// <param name="roles">What it does, as for '--roles'.</param>
    /// <param name="configuration">The configuration, without where metrics are answered.</param>
    /// <param name="limit">How long one thing may be waited for; null for two minutes.</param>
    public ServeProcess(string program, string folder, string roles, string configuration, TimeSpan? limit = null)
    {
        _limit = limit ?? s_limit;
        int port = FreePort();
        _metrics = new Uri($"http://127.0.0.1:{port}/metrics");
        string file = Path.Combine(folder, $"{roles}.yaml");
        File.WriteAllText(file, $"{configuration}\nmetrics:\n  listen: 127.0.0.1:{port}\n");
        string[] data = roles == "ingest" ? [] : ["--data", Path.Combine(folder, "ours")];
        _process = Process.Start(new ProcessStartInfo(program, ["serve", "--config", file, "--roles", roles, .. data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException($"'{program}' did not start.");
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_said)
            {
                _said.AppendLine(line.Data);
            }
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>Seconds since the process was started.</summary>
    public double WallSeconds => _clock.Elapsed.TotalSeconds;

    /// <summary>CPU-seconds of the running process, start included.</summary>
    public double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>The most memory that it had so far.</summary>
    public long PeakBytes => MeasuredProcess.PeakOf(_process.Id);

    /// <summary>Returns a port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until a metric, summed over its tags, has reached a value.</summary>
    public Task UntilAsync(string metric, long value)
    {
        double found = 0;
        return UntilAsync(
            async () => (found = (await MetricsAsync().ConfigureAwait(false))(metric)) >= value,
            () => string.Create(CultureInfo.InvariantCulture, $"{metric} is {found}, not {value}."));
    }

    /// <summary>Waits until something holds that this process brings about.</summary>
    /// <param name="problem">What to say when it does not come to hold.</param>
    public async Task UntilAsync(Func<Task<bool>> isSo, Func<string> problem)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo().ConfigureAwait(false))
        {
            if (_process.HasExited || clock.Elapsed > _limit)
            {
                throw new InvalidOperationException($"{problem()} The service said:\n{Said()}");
            }

            await Task.Delay(s_poll).ConfigureAwait(false);
        }
    }

    /// <summary>Returns what the metrics are at one time: the value of each, summed over its tags.</summary>
    public async Task<Func<string, double>> MetricsAsync()
    {
        try
        {
            string[] lines = (await _http.GetStringAsync(_metrics).ConfigureAwait(false)).Split('\n');
            return metric => lines
                .Where(line => line.StartsWith(metric, StringComparison.Ordinal) && line.Length > metric.Length && line[metric.Length] is '{' or ' ')
                .Sum(line => double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return _ => 0;
        }
    }

    /// <summary>Ends the process as a supervisor does; returns its CPU-seconds from start to end.</summary>
    public async Task<double> EndAsync()
    {
        _ = Kill(_process.Id, SigTerm);
        await _process.WaitForExitAsync().ConfigureAwait(false);
        return _process.ExitCode == 0
            ? ProcessorTime.OfChildren() - _cpuBefore
            : throw new InvalidOperationException($"The service ended with {_process.ExitCode}:\n{Said()}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _http.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    private string Said()
    {
        lock (_said)
        {
            return _said.ToString();
        }
    }
}
