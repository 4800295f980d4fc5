using System.Collections.Concurrent;
using CfLogStream.ClickHouse.Rows;

namespace CfLogStream.ClickHouse.Writing;

/// <summary>Gathers the blocks that many writers have for one table, and writes them with one insert.</summary>
/// <remarks>
/// An insert makes a part of its table on disk, however small it is; making it and merging it later is most of what a small insert costs.
/// The pipelines of a log cut at the same time, so that their blocks meet here. Rows have keys and versions: which of them share an
/// insert, and in which order they come, makes no difference. A table has one insert under way; blocks that come meanwhile are the next.
/// Who waits no longer (its partition was lost) leaves at once; its block is kept until nobody reads it.
/// </remarks>
public sealed class GatheredWriter : IBlockWriter
{
    private readonly ClickHouseWriter _writer;
    private readonly GatherOptions _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    public GatheredWriter(ClickHouseWriter writer, GatherOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(options);
        _writer = writer;
        _options = options;
        _time = time;
    }

    /// <inheritdoc/>
    public async Task<WriteResult> WriteAsync(EncodedBlock block, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(block);
        cancellationToken.ThrowIfCancellationRequested();
        var waiting = new GatheredBlock(block, cancellationToken);
        Lane lane = _lanes.GetOrAdd(block.InsertStatement, static _ => new Lane());
        if (lane.Add(waiting))
        {
            _ = Task.Run(() => RunAsync(lane), CancellationToken.None);
        }

        return await waiting.Result.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task RunAsync(Lane lane)
    {
        do
        {
            if (lane.Bytes < _options.MaxBytes)
            {
                await Task.Delay(_options.Linger, _time).ConfigureAwait(false);
            }

            List<GatheredBlock> group = lane.Take(_options.MaxBytes);
            try
            {
                await WriteAsync(group).ConfigureAwait(false);
            }
            finally
            {
                group.ForEach(block => block.Dispose());
            }
        }
        while (lane.GoesOn());
    }

    private async Task WriteAsync(List<GatheredBlock> group)
    {
        if (group.Count > 1 && await TryTogetherAsync(group).ConfigureAwait(false))
        {
            return;
        }

        // One block, or something in it is bad: alone each of them is judged by itself.
        foreach (GatheredBlock block in group.Where(block => !block.IsEnded))
        {
            try
            {
                block.End(await _writer.WriteAsync(block.Block, block.Cancellation).ConfigureAwait(false));
            }
            catch (Exception problem)
            {
                block.Fail(problem);
            }
        }
    }

    private async Task<bool> TryTogetherAsync(List<GatheredBlock> group)
    {
        try
        {
            return await _writer.TryWriteTogetherAsync(group).ConfigureAwait(false);
        }
        catch (Exception problem)
        {
            group.ForEach(block => block.Fail(problem));
            return true;
        }
    }

    /// <summary>The blocks that wait for one table.</summary>
    private sealed class Lane
    {
        private readonly Lock _gate = new();
        private readonly Queue<GatheredBlock> _waiting = new();
        private long _bytes;
        private bool _isRunning;

        public long Bytes => Volatile.Read(ref _bytes);

        /// <summary>Adds a block; returns whether nobody runs, so that the caller must begin to.</summary>
        public bool Add(GatheredBlock block)
        {
            lock (_gate)
            {
                _waiting.Enqueue(block);
                _bytes += block.Block.Bytes;
                bool begins = !_isRunning;
                _isRunning = true;
                return begins;
            }
        }

        /// <summary>Takes the blocks of the next insert: the first, and more until there are enough bytes.</summary>
        public List<GatheredBlock> Take(long maxBytes)
        {
            var group = new List<GatheredBlock>();
            lock (_gate)
            {
                long taken = 0;
                while (_waiting.TryPeek(out GatheredBlock? next) && (group.Count == 0 || taken + next.Block.Bytes <= maxBytes))
                {
                    taken += next.Block.Bytes;
                    group.Add(_waiting.Dequeue());
                }

                _bytes -= taken;
            }

            return group;
        }

        /// <summary>Whether there is more to write; if not, the next block begins anew.</summary>
        public bool GoesOn()
        {
            lock (_gate)
            {
                _isRunning = _waiting.Count > 0;
                return _isRunning;
            }
        }
    }
}
