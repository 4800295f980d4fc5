using CfLogStream.Core.Logpush;

namespace CfLogStream.Server.Sources;

/// <summary>How files are cut into batches of lines.</summary>
public sealed record LineBatchOptions
{
    /// <summary>The size a batch is filled up to.</summary>
    /// <value>1 MiB; a batch's buffer is never smaller than the longest line.</value>
    /// <remarks>Larger batches cost memory per thread, smaller ones more hand-overs. A batch should fit the processor's second-level
    /// cache
    /// beside all else that is touched: what was inflated is hashed, counted and parsed from there.</remarks>
    public int BatchBytes { get; init; } = 1024 * 1024;

    /// <summary>Batches kept for reuse.</summary>
    /// <value>32.</value>
    public int PooledBatches { get; init; } = 32;

    /// <summary>The limits of lines and dead letters.</summary>
    public ReaderOptions Reader { get; init; } = new();

    /// <summary>Bytes of a batch's buffer: the longest line with its 0x0A always fits.</summary>
    internal int BufferBytes => Math.Max(BatchBytes, Reader.MaxLineBytes + 1);
}
