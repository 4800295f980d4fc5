namespace CfLogStream.Server.Processing;

/// <summary>What a pipeline shows of its state; written by it, read by whoever looks at metrics.</summary>
public sealed class PartitionGauges
{
    private long _newestTimeNs = long.MinValue;
    private int _openWindows;
    private int _waitingJoins;
    private int _queuedBlocks;
    private long _queuedBytes;
    private int _isStopped;

    /// <summary>The newest event time in nanoseconds since 1970-01-01 UTC; <see cref="long.MinValue"/> before the first record.</summary>
    public long NewestTimeNs
    {
        get => Volatile.Read(ref _newestTimeNs);
        internal set => Volatile.Write(ref _newestTimeNs, value);
    }

    /// <summary>Open minutes, hours and late chunks.</summary>
    public int OpenWindows
    {
        get => Volatile.Read(ref _openWindows);
        internal set => Volatile.Write(ref _openWindows, value);
    }

    /// <summary>Rays that wait for their join.</summary>
    public int WaitingJoins
    {
        get => Volatile.Read(ref _waitingJoins);
        internal set => Volatile.Write(ref _waitingJoins, value);
    }

    /// <summary>Blocks that wait for ClickHouse or are being inserted.</summary>
    public int QueuedBlocks
    {
        get => Volatile.Read(ref _queuedBlocks);
        internal set => Volatile.Write(ref _queuedBlocks, value);
    }

    /// <summary>Bytes of messages that wait to be processed.</summary>
    public long QueuedBytes
    {
        get => Volatile.Read(ref _queuedBytes);
        internal set => Volatile.Write(ref _queuedBytes, value);
    }

    /// <summary>Whether the circuit breaker has stopped the partition: an alert.</summary>
    public bool IsStopped
    {
        get => Volatile.Read(ref _isStopped) != 0;
        internal set => Volatile.Write(ref _isStopped, value ? 1 : 0);
    }
}
