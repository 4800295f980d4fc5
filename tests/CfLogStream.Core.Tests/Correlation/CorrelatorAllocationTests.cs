using CfLogStream.Core.Correlation;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Correlation;

public sealed class CorrelatorAllocationTests
{
    private static readonly LogEntry s_block = new("firewallcustom", "r1", "block", "ref1", "no browsers");
    private static readonly LogEntry s_log = new("firewallmanaged", "r2", "log", "", "sqli");

    /// <summary>
    /// A thousand records a second, with joins, kept requests and duplicates; measured when everything has turned over a few times.
    /// </summary>
    [Fact]
    public void Add_SteadyTraffic_AllocatesNothing()
    {
        var options = new CorrelationOptions
        {
            AllowedLateness = TimeSpan.FromSeconds(30),
            JoinHorizon = TimeSpan.FromSeconds(30),
            LostPerWindowHostRule = 20,
        };
        var correlator = new Correlator(options, new NullSink(), 0);
        TrafficBatch batch = Batch();
        var heads = new TrafficHead[1];
        Feed(correlator, batch, heads, 0, 365_000);
        long next = 365_000;
        long allocated = Allocations.Of(() =>
        {
            Feed(correlator, batch, heads, next, next + 50_000);
            next += 50_000;
        });
        Assert.Equal(0, allocated);
        CorrelationStatus status = correlator.Status;
        Assert.True(status is { Late: 0, WaitingRecords: > 0, KeptRequests: > 0, OpenRows: > 0, Duplicates: > 0 }, $"{status}");
    }

    private static void Feed(Correlator correlator, TrafficBatch batch, TrafficHead[] heads, long from, long to)
    {
        for (long i = from; i < to; i++)
        {
            TrafficRecord record = batch[(int)(i % batch.Count)];
            heads[0] = record.Head;
            heads[0].TimeNs = LogLine.Epoch + (i / 8 * 8_000_000);
            heads[0].Ray = (ulong)((i / 8 * 8) + (long)record.Head.Ray);
            correlator.Add(new TrafficRecord(in heads[0], record.Data), i);
        }
    }

    /// <summary>Records in eights: a request and its two events, one that waits in vain, three that pass, a duplicate.</summary>
    private static TrafficBatch Batch()
    {
        var batch = new TrafficBatch();
        for (int i = 0; i < 840; i++)
        {
            LogLine line = LogLine.Request($"{i % 8:x16}", LogLine.Epoch) with
            {
                Template = $"/t{i % 7}",
                ClientName = $"c{i / 8 % 3}",
                Caller = (ulong)(i % 300) + 1,
            };
            line = (i % 8) switch
            {
                0 => line with { Entries = [s_block, s_log], Announced = 2 },
                1 => LogLine.Event($"{0:x16}", LogLine.Epoch, s_log, 1),
                2 => LogLine.Event($"{0:x16}", LogLine.Epoch, s_block),
                3 => line with { Entries = [s_log], Announced = 1, Flags = RecordFlags.BrowserClient },
                7 => line with { Ray = $"{6:x16}" },
                _ => line,
            };
            LogWriter.Append(batch, line);
        }

        return batch;
    }

    private sealed class NullSink : IRowSink
    {
        public void Add(in RequestsRow row)
        {
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

        public void Add(in QualityRow row)
        {
        }
    }
}
