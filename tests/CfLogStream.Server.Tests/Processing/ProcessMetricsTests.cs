using System.Diagnostics.Metrics;
using System.Globalization;
using CfLogStream.Core.Logpush;
using CfLogStream.Server.Processing;
using Microsoft.Extensions.Time.Testing;

namespace CfLogStream.Server.Tests.Processing;

public sealed class ProcessMetricsTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Counts_AreShownWithTheirTags()
    {
        using var metrics = new ProcessMetrics(new FakeTimeProvider(s_now));
        var shown = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == ProcessMetrics.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        void Show(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            // Tests of pipelines run at the same time; this partition is nobody else's.
            if (tags.Length > 0 && tags[0].Key == "partition" && (string?)tags[0].Value == "4711")
            {
                string name = string.Join(' ', [instrument.Name, .. tags[1..].ToArray().Select(tag => $"{tag.Key}={tag.Value}")]);
                shown[name] = shown.GetValueOrDefault(name) + value;
            }
        }

        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Show(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Show(instrument, value, tags));
        listener.Start();
        var gauges = new PartitionGauges { OpenWindows = 3, WaitingJoins = 4, QueuedBlocks = 5, QueuedBytes = 6, IsStopped = true };
        gauges.NewestTimeNs = (s_now.AddSeconds(-90).ToUnixTimeSeconds() * 1_000_000_000) + 500_000_000;
        metrics.Open(4711, gauges);
        var tally = new RecordTally { Late = 2 };
        tally.Received[(int)Dataset.HttpRequests] = 10;
        tally.Counted[(int)Dataset.HttpRequests] = 8;
        tally.Duplicates[(int)Dataset.HttpRequests] = 2;
        tally.DeadLetter(Dataset.Unknown, "bad_slice");
        metrics.Receive(4711, tally);
        metrics.Receive(4711, tally);
        metrics.Acknowledge(4711, tally);
        metrics.Lose(4711, 7);
        listener.RecordObservableInstruments();

        Assert.Equal(
            [
                "cflogstream.process.blocks.queued: 5",
                "cflogstream.process.joins.waiting: 4",
                "cflogstream.process.offsets.lost: 7",
                "cflogstream.process.queue.bytes: 6",
                "cflogstream.process.records.counted dataset=http_requests: 8",
                "cflogstream.process.records.dead_lettered reason=bad_slice: 1",
                "cflogstream.process.records.duplicate dataset=http_requests: 2",
                "cflogstream.process.records.in_flight: 11",
                "cflogstream.process.records.late: 2",
                "cflogstream.process.records.received dataset=http_requests: 20",
                "cflogstream.process.records.received dataset=unknown: 2",
                "cflogstream.process.stopped: 1",
                "cflogstream.process.watermark.delay: 89.5",
                "cflogstream.process.windows.open: 3",
            ],
            shown.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}: {pair.Value}")).Order(StringComparer.Ordinal));
        Assert.Equal(22, metrics.Received);
        Assert.Equal(11, metrics.InFlight);
        metrics.Abandon(4711, tally);
        Assert.Equal(metrics.Received, metrics.Counted + metrics.Duplicates + metrics.DeadLettered + metrics.Abandoned + metrics.InFlight);
        metrics.Close(4711, gauges);
        Assert.Empty(metrics.Partitions);
    }
}
