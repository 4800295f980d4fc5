using System.Diagnostics;

namespace CfLogStream.EndToEnd.Tests.Executable;

/// <summary>The built program in a process of its own, to be killed.</summary>
internal sealed class ProgramRun : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ProgramRun(Process process)
    {
        _process = process;
    }

    public static ProgramRun Start(string folder, params string[] args) => new(Process.Start(
        new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "cflogstream"), args) { WorkingDirectory = folder })!);

    /// <summary>Kills it as soon as something is so.</summary>
    public async Task KillWhenAsync(Func<bool> isSo)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.False(_process.HasExited, "It had ended before it could be killed.");
            Assert.True(TimeProvider.System.GetElapsedTime(started) < s_limit, "It did not come to where it was to be killed.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(137, _process.ExitCode);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
