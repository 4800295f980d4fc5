using System.Threading.Channels;
using CfLogStream.ClickHouse.Rows;
using CfLogStream.ClickHouse.Writing;

namespace CfLogStream.Server.Processing;

/// <summary>Writes a partition's blocks, and the progress of each cut once all blocks before it are acknowledged.</summary>
/// <remarks>
/// One task sends and seals; some insert; one waits for the cuts in their order and writes progress, of several finished cuts only the last.
/// Channels are bounded: while ClickHouse does not answer, the sender waits.
/// </remarks>
internal sealed class CutWriter
{
    /// <summary>Sealed cuts that may wait for their blocks.</summary>
    private const int WaitingCuts = 4;

    private readonly int _partition;
    private readonly IBlockWriter _writer;
    private readonly ProgressStore _store;
    private readonly CrashPoints _crashPoints;
    private readonly Action<PartitionProgress?, RecordTally> _written;
    private readonly Channel<(EncodedBlock Block, Cut Cut)> _blocks;
    private readonly Channel<Cut> _cuts;
    private Cut _cut = new();
    private int _queued;

    /// <param name="written">Called with the progress that is written (null: unchanged) and the records that it covers.</param>
    public CutWriter(
        ProcessOptions options,
        int partition,
        IBlockWriter writer,
        ProgressStore store,
        CrashPoints crashPoints,
        Action<PartitionProgress?, RecordTally> written)
    {
        _partition = partition;
        _writer = writer;
        _store = store;
        _crashPoints = crashPoints;
        _written = written;
        _blocks = Channel.CreateBounded<(EncodedBlock, Cut)>(new BoundedChannelOptions(options.WaitingBlocks) { SingleWriter = true });
        _cuts = Channel.CreateBounded<Cut>(new BoundedChannelOptions(WaitingCuts) { SingleWriter = true, SingleReader = true });
    }

    /// <summary>Blocks that wait or are being inserted.</summary>
    public int Queued => Volatile.Read(ref _queued);

    /// <summary>Hands over blocks; waits while too many are on their way.</summary>
    public async ValueTask SendAsync(IReadOnlyList<EncodedBlock> blocks, CancellationToken ct)
    {
        foreach (EncodedBlock block in blocks)
        {
            _cut.Begin();
            Interlocked.Increment(ref _queued);
            await _blocks.Writer.WriteAsync((block, _cut), ct).ConfigureAwait(false);
        }
    }

    /// <summary>Ends a cut: all rows of the log up to its progress were sent.</summary>
    public ValueTask SealAsync(PartitionProgress? progress, IReadOnlyList<KnownBatch> batches, RecordTally tally, CancellationToken ct)
    {
        Cut sealedCut = _cut;
        _cut = new Cut();
        sealedCut.Seal(progress, batches, tally);
        return _cuts.Writer.WriteAsync(sealedCut, ct);
    }

    /// <summary>Nothing more is sent; <see cref="InsertAsync"/> and <see cref="CommitAsync"/> end when all is written.</summary>
    public void Complete()
    {
        _blocks.Writer.TryComplete();
        _cuts.Writer.TryComplete();
    }

    /// <summary>Inserts blocks; several may run.</summary>
    public async Task InsertAsync(CancellationToken ct)
    {
        await foreach ((EncodedBlock block, Cut cut) in _blocks.Reader.ReadAllAsync(ct).ConfigureAwait(false))
        {
            using (block)
            {
                _crashPoints.Reach(CrashPoints.BeforeInsert);
                await _writer.WriteAsync(block, ct).ConfigureAwait(false);
            }

            Interlocked.Decrement(ref _queued);
            cut.End();
        }
    }

    /// <summary>Writes the progress of cuts; one may run.</summary>
    public async Task CommitAsync(CancellationToken ct)
    {
        await foreach (Cut first in _cuts.Reader.ReadAllAsync(ct).ConfigureAwait(false))
        {
            await first.Written.WaitAsync(ct).ConfigureAwait(false);
            PartitionProgress? progress = first.Progress;
            var batches = new List<KnownBatch>(first.Batches);
            RecordTally tally = first.Tally;
            while (_cuts.Reader.TryPeek(out Cut? next) && next.Written.IsCompleted && _cuts.Reader.TryRead(out _))
            {
                progress = next.Progress ?? progress;
                batches.AddRange(next.Batches);
                tally.Add(next.Tally);
            }

            _crashPoints.Reach(CrashPoints.AfterInsert);
            if (progress is not null)
            {
                await _store.WriteAsync(_partition, progress, batches, ct).ConfigureAwait(false);
            }

            _crashPoints.Reach(CrashPoints.AfterProgress);
            _written(progress, tally);
        }
    }
}
