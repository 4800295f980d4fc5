using System.Diagnostics;
using System.Text.Json;

namespace CfLogStream.EndToEnd.Tests.Receiving;

/// <summary>A service whose every line on stderr must be a JSON object.</summary>
internal sealed class ServiceLogRun : IDisposable
{
    private readonly Process _process;
    private readonly List<JsonElement> _lines = [];

    private ServiceLogRun(Process process)
    {
        _process = process;
    }

    public static ServiceLogRun Start(string folder, params string[] args) => new(Process.Start(
        new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "cflogstream"), args) { WorkingDirectory = folder, RedirectStandardError = true })!);

    /// <summary>Reads on until a line is as wanted; lines read before are looked at first.</summary>
    public async Task<JsonElement> UntilAsync(Func<JsonElement, bool> isWanted)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        foreach (JsonElement line in _lines.Where(isWanted))
        {
            return line;
        }

        while (await _process.StandardError.ReadLineAsync(late.Token) is { } text)
        {
            using var document = JsonDocument.Parse(text);
            _lines.Add(document.RootElement.Clone());
            if (isWanted(_lines[^1]))
            {
                return _lines[^1];
            }
        }

        throw new InvalidOperationException("It ended before it said that.");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
