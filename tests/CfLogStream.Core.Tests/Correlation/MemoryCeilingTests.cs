using System.Text;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Correlation;

/// <summary>What is held stays under the ceilings of docs/memory.md, whatever is sent.</summary>
public sealed class MemoryCeilingTests
{
    private const int Million = 1_000_000;

    /// <summary>Bytes per remembered ray, tables at their emptiest after growing.</summary>
    private const long RayBytes = 96;

    /// <summary>Bytes per caller of an hour and host.</summary>
    private const long CallerBytes = 200;

    /// <summary>Everything that does not grow with rays and callers, with the default caps.</summary>
    private const long FixedBytes = 32L * 1024 * 1024;

    /// <summary>A million requests of one minute, each with a path, host, client, caller and ray of its own, read from lines.</summary>
    [Fact]
    public void Add_AMillionOfEverything_StaysUnderTheCeilingAndCountsEach()
    {
        var options = new CorrelationOptions();
        var sink = new CountingSink();
        var correlator = new Correlator(options, sink, 0);
        var reader = new RecordReader(new ReaderOptions());
        LogRecord record = reader.CreateRecord();
        var classifier = new TrafficClassifier(new ClassificationSettings());
        var batch = new TrafficBatch();
        var buffer = new PaddedBuffer(1 << 20);
        long offset = 0;
        for (int first = 0; first < Million; first += 2_000)
        {
            var lines = new StringBuilder();
            for (int i = first; i < first + 2_000; i++)
            {
                lines.Append(
                    $$"""{"ClientIP":"10.{{i >> 16}}.{{(i >> 8) & 255}}.{{i & 255}}","ClientRequestHost":"h{{i}}.example","ClientRequestMethod":"GET","ClientRequestPath":"/word{{Letters(i)}}","ClientRequestUserAgent":"Tool{{Letters(i)}}/1.0","EdgeResponseStatus":200,"EdgeStartTimestamp":{{LogLine.Epoch + (i * 50_000L)}},"OriginResponseStatus":200,"RayID":"{{i + 1:x16}}","SecurityActions":[],"SecurityRuleIDs":[],"SecuritySources":[],"ZoneName":"zone.example"}""")
                    .Append('\n');
            }

            buffer.End(Encoding.UTF8.GetBytes(lines.ToString(), buffer.Room));
            int position = PaddedBuffer.Padding;
            while (reader.TryReadNext(buffer, ref position, record, out _, out ReadStatus status, out _))
            {
                Assert.Equal(ReadStatus.Record, status);
                classifier.Classify(record, batch);
            }

            for (int i = 0; i < batch.Count; i++)
            {
                correlator.Add(batch[i], offset++);
            }

            batch.Clear();
        }

        CorrelationStatus held = correlator.Status;
        long ceiling = FixedBytes + (held.RememberedRays * RayBytes) + (options.CallersPerHourHost * CallerBytes);
        Assert.Equal(Million, held.RememberedRays);
        Assert.InRange(held.BytesHeld, 1, ceiling);

        correlator.Complete();
        Assert.Equal(Million, sink.Requests);

        // Hosts with rows of their own, and under {other}: templates with rows of their own, clients with rows of their own, and the rest.
        Assert.InRange(sink.RequestsRows, 1, options.HostsPerWindowZone + options.TemplatesPerWindowHost + options.ClientsPerWindowHost + 10);
    }

    /// <summary>Ten thousand events of one ray, all before or all behind their request, which announces none, some or all of them.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(3, false)]
    [InlineData(10_000, true)]
    [InlineData(10_000, false)]
    [InlineData(short.MaxValue, false)]
    public void Add_TenThousandEventsOfOneRay_StaysUnderTheCeiling(int announced, bool eventsFirst)
    {
        const int Events = 10_000;
        var sink = new CountingSink();
        var correlator = new Correlator(new CorrelationOptions(), sink, 0);
        var batch = new TrafficBatch();
        LogLine request = LogLine.Request("00000000000000aa", LogLine.Epoch) with { Announced = (short)announced };
        LogLine[] events =
        [
            .. Enumerable.Range(0, Events).Select(i =>
                LogLine.Event("00000000000000aa", LogLine.Epoch, new LogEntry("firewallmanaged", $"rule{i}", "log"), i)),
        ];
        long offset = 0;
        foreach (LogLine line in eventsFirst ? events.Append(request) : events.Prepend(request))
        {
            batch.Clear();
            LogWriter.Append(batch, line);
            correlator.Add(batch[0], offset++);
        }

        Assert.InRange(correlator.Status.BytesHeld, 1, FixedBytes);
        correlator.Complete();
        Assert.Equal(1, sink.Requests);
        Assert.Equal(Events + 1, sink.Received);
        Assert.Equal(0, correlator.Status.WaitingRecords);
    }

    private static string Letters(int number) => string.Create(6, number, static (text, rest) =>
    {
        for (int i = text.Length - 1; i >= 0; i--, rest /= 26)
        {
            text[i] = (char)('a' + (rest % 26));
        }
    });

    private sealed class CountingSink : IRowSink
    {
        public long Requests { get; private set; }

        public long RequestsRows { get; private set; }

        public long Received { get; private set; }

        public void Add(in RequestsRow row)
        {
            Requests += (long)row.Requests;
            RequestsRows++;
        }

        public void Add(in MitigationsRow row)
        {
        }

        public void Add(in CallersRow row)
        {
        }

        public void Add(in RuleRow row)
        {
        }

        public void Add(in RequestRow row)
        {
        }

        public void Add(in QualityRow row) => Received += (long)row.Received;
    }
}
