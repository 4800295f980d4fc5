namespace CfLogStream.ClickHouse.Writing;

/// <summary>How long to wait before each retry: doubling from a first delay to a cap, half of it by chance.</summary>
/// <remarks>Pure: the same random source gives the same delays. The jitter keeps writers that failed together from coming back
/// together.</remarks>
public sealed class RetryDelay
{
    private readonly TimeSpan _first;
    private readonly TimeSpan _cap;
    private readonly Random _random;

    public RetryDelay(TimeSpan first, TimeSpan cap, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(cap, first);
        _first = first;
        _cap = cap;
        _random = random;
    }

    /// <summary>The delay before retry <paramref name="retry"/> (0 is the first): between half of and the whole of first × 2^retry,
    /// at most the cap.</summary>
    public TimeSpan Before(int retry)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(retry);
        double whole = Math.Min(_first.TotalMilliseconds * Math.Pow(2, Math.Min(retry, 62)), _cap.TotalMilliseconds);
        double chance;
        lock (_random)
        {
            chance = _random.NextDouble();
        }

        return TimeSpan.FromMilliseconds(whole * (0.5 + (0.5 * chance)));
    }
}
