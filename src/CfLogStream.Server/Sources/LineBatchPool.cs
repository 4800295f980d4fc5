using System.Collections.Concurrent;

namespace CfLogStream.Server.Sources;

/// <summary>Keeps batches for reuse, for any number of readers and threads.</summary>
public sealed class LineBatchPool
{
    private readonly ConcurrentQueue<LineBatch> _free = new();

    public LineBatchPool(LineBatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.BatchBytes);
        Options = options;
    }

    /// <summary>What the batches are made by.</summary>
    public LineBatchOptions Options { get; }

    internal LineBatch Rent() => _free.TryDequeue(out LineBatch? batch) ? batch : new LineBatch(this, Options.BufferBytes);

    internal void Return(LineBatch batch)
    {
        if (_free.Count < Options.PooledBatches)
        {
            _free.Enqueue(batch);
        }
    }
}
