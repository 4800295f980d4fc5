using System.Diagnostics;

namespace CfLogStream.Benchmarks.Peers;

/// <summary>Runs a program to its end and says what it took: wall time, CPU time of all its threads, peak resident memory.</summary>
/// <remarks>
/// CPU time is what the kernel accounts to children that were waited for, exact to the end of the process; so only one may run at a time.
/// The peak is the kernel's own high-water mark (VmHWM), read until the process ends.
/// </remarks>
internal sealed record MeasuredProcess(double WallSeconds, double CpuSeconds, long PeakBytes, int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(10);

    public static async Task<MeasuredProcess> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        double cpuBefore = ProcessorTime.OfChildren();
        var clock = Stopwatch.StartNew();
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task exit = process.WaitForExitAsync();
        double wall = 0;
        Task stopped = exit.ContinueWith(_ => wall = clock.Elapsed.TotalSeconds, TaskScheduler.Default);
        long peak = 0;
        using var timer = new PeriodicTimer(s_poll);
        while (!exit.IsCompleted)
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            await Task.WhenAny(exit, timer.WaitForNextTickAsync().AsTask()).ConfigureAwait(false);
        }

        await stopped.ConfigureAwait(false);
        return new MeasuredProcess(
            wall,
            ProcessorTime.OfChildren() - cpuBefore,
            peak,
            process.ExitCode,
            await output.ConfigureAwait(false),
            await error.ConfigureAwait(false));
    }

    /// <summary>Returns the most resident memory that a process had so far; 0 when it has ended.</summary>
    public static long PeakOf(int processId)
    {
        try
        {
            foreach (string line in File.ReadLines($"/proc/{processId}/status"))
            {
                if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                {
                    return 1024 * long.Parse(line.AsSpan(6).TrimEnd("kB ").Trim(), System.Globalization.CultureInfo.InvariantCulture);
                }
            }
        }
        catch (IOException)
        {
            // The process ended in between.
        }

        return 0;
    }
}
