using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using CfLogStream.Kafka.Client;
using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Ingest;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CfLogStream.Server.Tests.Ingest;

public sealed class TopicIntakeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Take_ALeapInTime_OnlyWhatIsAfterItWaitsForOtherSources()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
        var log = new RecordingLog();
        using var metrics = new IngestMetrics();
        string early = Line(1, 0);
        var ingest = new TopicIngest(
            new IngestOptions { BatchBytes = 2 * early.Length, Linger = TimeSpan.FromHours(1) }, log, metrics, time, NullLogger<TopicIngest>.Instance);
        ITopicSession one = await ingest.OpenAsync("topic", 0, Cancel);
        ITopicSession other = await ingest.OpenAsync("topic", 1, Cancel);

        Assert.True(one.TryTake(Message(0, 0, early)));
        Assert.True(one.TryTake(Message(0, 1, Line(2, 20))));
        Assert.True(other.TryTake(Message(1, 0, $"{Line(3, 1)}\n{Line(4, 1)}\n")));
        await log.UntilAsync(2);
        Assert.Equal([1, 2], log.Appended.Order());

        Assert.True(other.TryTake(Message(1, 1, $"{Line(5, 18)}\n{Line(6, 18)}\n{Line(7, 19)}\n")));
        await log.UntilAsync(4);
        Assert.Equal([1, 3], log.Appended.Skip(2).Order());
        await one.AbandonAsync();
        await other.AbandonAsync();
    }

    private static string Line(int ray, int minute) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"RayID":"{{ray:x16}}","EdgeStartTimestamp":"2026-10-01T12:{{minute:00}}:00Z","ClientRequestHost":"a.example","ClientRequestMethod":"GET","ClientRequestURI":"/","EdgeResponseStatus":200}""");

    private static RawMessage Message(int partition, long offset, string text)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(text.Length);
        int length = Encoding.UTF8.GetBytes(text, rented);
        return new RawMessage("topic", partition, offset, 0, rented, length);
    }

    /// <summary>A log of one partition that remembers how many records each batch had.</summary>
    private sealed class RecordingLog : ILogWriter
    {
        public int Partitions => 1;

        public ConcurrentQueue<int> Appended { get; } = new();

        public Task AppendAsync(IReadOnlyList<Slice> slices, CancellationToken ct)
        {
            Appended.Enqueue(slices.Sum(slice => slice.Header.Count));
            return Task.CompletedTask;
        }

        public async Task UntilAsync(int batches)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            limit.CancelAfter(TimeSpan.FromSeconds(20));
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
            while (Appended.Count < batches)
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
    }
}
