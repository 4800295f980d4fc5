using CfLogStream.Core;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Requests;

/// <summary>Gives rejected lines to the log again, those that are records by now: this program, or its limits, may have changed since.</summary>
/// <remarks>
/// Each line is a batch of its own that is known by its content, and is marked once the log has it. So a line counts once, however often it is
/// replayed: between the log's acknowledgement and the mark, the process role knows the batch again. Not safe for several threads.
/// </remarks>
public sealed class DeadLetterReplay
{
    private const int LinesAtATime = 200;

    private readonly DeadLetterLookup _lookup;
    private readonly ILogWriter? _log;
    private readonly BatchSlicer _slicer;
    private readonly TimeProvider _time;

    /// <param name="log">The log; null only counts what would be done.</param>
    public DeadLetterReplay(DeadLetterLookup lookup, ILogWriter? log, ReaderOptions reader, SlicerOptions slicer, TimeProvider time)
    {
        _lookup = lookup;
        _log = log;
        _slicer = new BatchSlicer(reader, log?.Partitions ?? 1, slicer);
        _time = time;
    }

    /// <summary>Replays the lines that pass a filter and were not replayed before.</summary>
    /// <exception cref="Kafka.Client.LogAppendException">The log did not acknowledge; what was acknowledged before is marked.</exception>
    public async Task<ReplayCounts> RunAsync(DeadLetterFilter filter, int limit, CancellationToken ct)
    {
        var counts = new ReplayCounts();
        var slices = new List<Slice>();
        var replayed = new List<ulong>();
        var lines = new List<KeptLine>();
        await foreach (KeptLine line in _lookup.LinesAsync(filter with { OfLog = true }, limit, ct).ConfigureAwait(false))
        {
            lines.Add(line);
        }

        foreach (KeptLine line in lines)
        {
            if (!line.IsWhole)
            {
                counts.Cut++;
            }
            else if (Slice(line) is { Count: > 0 } made)
            {
                counts.Records++;
                slices.AddRange(made);
                replayed.Add(line.ContentHash);
            }
            else
            {
                counts.Rejected++;
            }

            if (replayed.Count == LinesAtATime)
            {
                await GiveAsync(slices, replayed, ct).ConfigureAwait(false);
            }
        }

        await GiveAsync(slices, replayed, ct).ConfigureAwait(false);
        return counts;
    }

    /// <summary>The slices of a line; none when it is no record.</summary>
    private List<Slice> Slice(KeptLine line)
    {
        var buffer = new PaddedBuffer(line.Bytes.Length);
        line.Bytes.CopyTo(buffer.Room);
        buffer.End(line.Bytes.Length);
        long now = (_time.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) * 100;
        _slicer.Begin(new BatchSource(line.Source, now, Math.Max(1, StableHash.Of(line.ContentHash))));
        _slicer.Add(buffer, 0, Math.Max(1, line.LineNumber), line.ByteOffset);
        return
        [
            .. _slicer.End().Where(slice => slice.Header.Kind != SliceKind.DeadLetters)
                .Select(slice => slice with { Value = slice.Value.ToArray() }),
        ];
    }

    private async Task GiveAsync(List<Slice> slices, List<ulong> replayed, CancellationToken ct)
    {
        if (_log is not null && replayed.Count > 0)
        {
            await _log.AppendAsync(slices, ct).ConfigureAwait(false);
            await _lookup.MarkReplayedAsync(replayed, ct).ConfigureAwait(false);
        }

        slices.Clear();
        replayed.Clear();
    }
}
