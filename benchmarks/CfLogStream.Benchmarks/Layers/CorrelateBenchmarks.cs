using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using CfLogStream.Benchmarks.Layers.Input;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Benchmarks.Layers;

/// <summary>Duplicates, the join of both datasets, windows and rows; on records in order of time.</summary>
public class CorrelateBenchmarks : LayerBenchmark
{
    private const long NsPerMinute = 60_000_000_000;

    private readonly Dictionary<(long Minute, ulong Endpoint, ulong Client), (long Requests, long Lost, long Bytes)> _groups = [];
    private readonly HashSet<(ulong Ray, ulong Dataset)> _rays = [];
    private readonly HashSet<(long Minute, ulong Endpoint, ulong Client, ulong Caller)> _callers = [];
    private readonly CountingSink _sink = new();
    private ClassifiedInput _records = null!;
    private Correlator _correlator = null!;
    private ClassifiedInput.Consumer _correlate = null!;
    private ClassifiedInput.Consumer _group = null!;
    private long _offset;

    public override IEnumerable<InputKind> Inputs => [InputKind.Both];

    /// <summary>A group by with the platform's collections: duplicates and callers in sets, counts in a dictionary.</summary>
    /// <remarks>It does less: no join, no hours, no rules, nothing kept.</remarks>
    [Benchmark(Baseline = true)]
    public long Dictionaries()
    {
        _groups.Clear();
        _rays.Clear();
        _callers.Clear();
        _records.Play(_group);
        return _groups.Count;
    }

    [Benchmark]
    public long Correlate()
    {
        _records.Play(_correlate);
        return _sink.Rows;
    }

    protected override void Prepare()
    {
        _records = new ClassifiedInput(Log);
        _correlator = new Correlator(new CorrelationOptions(), _sink, partition: 1);
        _correlate = (in TrafficRecord record) => _correlator.Add(in record, _offset++);
        _group = Group;
    }

    private void Group(in TrafficRecord record)
    {
        ref readonly TrafficHead head = ref record.Head;
        if (!_rays.Add((head.Ray, (ulong)head.Dataset)) || (head.Flags & (RecordFlags.Internal | RecordFlags.WorkerSubrequest)) != 0)
        {
            return;
        }

        long minute = head.TimeNs / NsPerMinute;
        ref (long Requests, long Lost, long Bytes) group =
            ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, (minute, head.EndpointHash, head.ClientHash), out _);
        group.Requests++;
        group.Lost += head.Outcome is Outcome.Blocked or Outcome.RateLimited or Outcome.Dropped or Outcome.Challenged ? 1 : 0;
        group.Bytes += head.ResponseBytes;
        _callers.Add((minute, head.EndpointHash, head.ClientHash, head.CallerHash));
    }
}
