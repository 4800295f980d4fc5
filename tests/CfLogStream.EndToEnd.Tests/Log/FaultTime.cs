using System.Globalization;

namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>How long a test goes on that makes faults at random: <c>CFLOGSTREAM_FAULT_MINUTES</c>, or what the test says.</summary>
internal sealed class FaultTime(double minutes) : IDisposable
{
    private readonly CancellationTokenSource _over = new(TimeSpan.FromMinutes(Of(minutes)));

    public bool IsOver => _over.IsCancellationRequested || TestContext.Current.CancellationToken.IsCancellationRequested;

    /// <summary>The minutes asked for.</summary>
    public static double Of(double minutes) =>
        Environment.GetEnvironmentVariable("CFLOGSTREAM_FAULT_MINUTES") is { Length: > 0 } text
            ? double.Parse(text, CultureInfo.InvariantCulture)
            : minutes;

    /// <summary>The seed of the faults: <c>CFLOGSTREAM_FAULT_SEED</c>, or what the test says.</summary>
    public static int Seed(int seed) =>
        Environment.GetEnvironmentVariable("CFLOGSTREAM_FAULT_SEED") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : seed;

    public void Dispose() => _over.Dispose();
}
