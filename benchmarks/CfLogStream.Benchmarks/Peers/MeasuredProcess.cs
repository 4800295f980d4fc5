using System.Diagnostics;

namespace CfLogStream.Benchmarks.Peers;

/// <summary>Runs a program to its end and says what it took: wall time, CPU time of all its threads, peak resident memory.</summary>
internal sealed record MeasuredProcess(double WallSeconds, double CpuSeconds, long PeakBytes, int ExitCode, string Output)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);

    public static async Task<MeasuredProcess> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        var clock = Stopwatch.StartNew();
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        long peak = 0;
        TimeSpan cpu = default;
        while (!process.HasExited)
        {
            process.Refresh();
            try
            {
                peak = Math.Max(peak, process.PeakWorkingSet64);
                cpu = process.TotalProcessorTime;
            }
            catch (InvalidOperationException)
            {
                break;
            }

            using var pause = new CancellationTokenSource(s_poll);
            try
            {
                await process.WaitForExitAsync(pause.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Still running: look again.
            }
        }

        double wall = clock.Elapsed.TotalSeconds;
        await process.WaitForExitAsync().ConfigureAwait(false);
        return new MeasuredProcess(wall, cpu.TotalSeconds, peak, process.ExitCode, await output.ConfigureAwait(false));
    }
}
