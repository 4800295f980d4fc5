using System.Diagnostics;
using CfLogStream.Benchmarks.Peers;

namespace CfLogStream.Benchmarks.Receive;

/// <summary>The <see cref="FloorServer"/> in a process of its own.</summary>
internal sealed class FloorProcess : IDisposable
{
    public const string Verb = "receive-floor";

    private readonly Process _process;

    private FloorProcess(Process process, Uri endpoint)
    {
        _process = process;
        Endpoint = endpoint;
    }

    public Uri Endpoint { get; }

    /// <summary>CPU-seconds so far, start included.</summary>
    public double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    public long PeakBytes => MeasuredProcess.PeakOf(_process.Id);

    public static async Task<FloorProcess> StartAsync()
    {
        (string program, string[] arguments) = Programs.This(Verb);
        Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException($"'{program}' did not start.");
        string? line = await process.StandardOutput.ReadLineAsync().ConfigureAwait(false);
        if (Uri.TryCreate(line, UriKind.Absolute, out Uri? endpoint))
        {
            return new FloorProcess(process, endpoint);
        }

        using (process)
        {
            process.Kill();
            throw new InvalidOperationException($"The bare endpoint did not say where it listens, but '{line}'.");
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
