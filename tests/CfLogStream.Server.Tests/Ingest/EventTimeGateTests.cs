using CfLogStream.Server.Ingest;
using Microsoft.Extensions.Time.Testing;

namespace CfLogStream.Server.Tests.Ingest;

public sealed class EventTimeGateTests
{
    private const long Minute = 60_000_000_000;

    private readonly FakeTimeProvider _time = new();
    private readonly EventTimeGate _gate;

    public EventTimeGateTests()
    {
        _gate = new EventTimeGate(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(2), _time);
    }

    [Fact]
    public async Task WaitAsync_AloneOrLast_PassesAtOnce()
    {
        using EventTimeGate.Source one = _gate.Open();
        await PassAsync(one, 100 * Minute);
        using EventTimeGate.Source other = _gate.Open();
        await PassAsync(other, 5 * Minute);
        await PassAsync(other, 6 * Minute);
    }

    [Fact]
    public async Task WaitAsync_FarAheadOfAnother_WaitsUntilThatFollows()
    {
        using EventTimeGate.Source fast = _gate.Open();
        using EventTimeGate.Source slow = _gate.Open();
        Task waits = fast.WaitAsync(10 * Minute, TestContext.Current.CancellationToken);
        await slow.WaitAsync(5 * Minute, TestContext.Current.CancellationToken);
        Assert.False(waits.IsCompleted);
        slow.Pass(7 * Minute);
        Assert.False(waits.IsCompleted);
        await PassAsync(slow, 8 * Minute);
        await waits.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WaitAsync_TheOtherIsIdle_WaitsForItNoMore()
    {
        using EventTimeGate.Source fast = _gate.Open();
        using EventTimeGate.Source silent = _gate.Open();
        Task waits = fast.WaitAsync(10 * Minute, TestContext.Current.CancellationToken);
        Assert.False(waits.IsCompleted);
        await AdvanceUntilAsync(waits);
    }

    [Fact]
    public async Task WaitAsync_TheOtherEnds_WaitsForItNoMore()
    {
        using EventTimeGate.Source fast = _gate.Open();
        EventTimeGate.Source leaving = _gate.Open();
        Task waits = fast.WaitAsync(10 * Minute, TestContext.Current.CancellationToken);
        Assert.False(waits.IsCompleted);
        leaving.Dispose();
        await waits.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WaitAsync_OldBatchAmongNewOnes_PassesAndHoldsBackNobody()
    {
        using EventTimeGate.Source one = _gate.Open();
        using EventTimeGate.Source other = _gate.Open();
        Task first = one.WaitAsync(10 * Minute, TestContext.Current.CancellationToken);
        await PassAsync(other, 10 * Minute);
        await first.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        one.Pass(10 * Minute);
        await PassAsync(one, 1 * Minute);
        await PassAsync(other, 12 * Minute);
    }

    [Fact]
    public async Task WaitAsync_Cancelled_Throws()
    {
        using EventTimeGate.Source fast = _gate.Open();
        using EventTimeGate.Source silent = _gate.Open();
        using var cancel = new CancellationTokenSource();
        Task waits = fast.WaitAsync(10 * Minute, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
    }

    [Fact]
    public async Task ManySources_ReadAtRandom_StayWithinTheTolerance()
    {
        const int Sources = 5;
        var random = new Random(11);
        long[] at = new long[Sources];
        EventTimeGate.Source[] sources = [.. Enumerable.Range(0, Sources).Select(_ => _gate.Open())];
        Task[] readers = [.. Enumerable.Range(0, Sources).Select(i => Task.Run(async () =>
        {
            long now = random.Next(0, 3) * Minute;
            while (now < 200 * Minute)
            {
                await sources[i].WaitAsync(now, TestContext.Current.CancellationToken);
                Volatile.Write(ref at[i], now);
                long slowest = Enumerable.Range(0, Sources).Min(other => Volatile.Read(ref at[other]));

                // The tolerance, and the batch of the slowest that may be on its way.
                Assert.True(now - slowest <= 4 * Minute, $"{now / Minute} against {slowest / Minute} (seed 11)");
                long newest = now + (Minute / 2);
                sources[i].Pass(newest);
                now = newest;
            }

            Volatile.Write(ref at[i], long.MaxValue);
            sources[i].Dispose();
        }, TestContext.Current.CancellationToken))];

        // Time stands still, so nobody becomes idle.
        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    private async Task AdvanceUntilAsync(Task task)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!task.IsCompleted)
        {
            Assert.False(late.IsCancellationRequested, "It waits for ever.");
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await task;
    }

    private static async Task PassAsync(EventTimeGate.Source source, long oldestNs)
    {
        await source.WaitAsync(oldestNs, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10));
        source.Pass(oldestNs);
    }
}
