namespace CfLogStream.Core.Correlation;

/// <summary>What is remembered of one ray: 40 bytes for a request that had nothing to wait for.</summary>
internal struct RayEntry
{
    public ulong Ray;

    /// <summary>Forgotten when the watermark reaches this: the newest of all that was said of the ray, plus the horizon.</summary>
    public long ExpiryNs;

    /// <summary>Time of its http record, or <see cref="long.MinValue"/> when none has come.</summary>
    public long RequestNs;

    /// <summary>Block of 4,096 offsets in which it was first heard of.</summary>
    public uint Block;

    /// <summary>Its <see cref="RayDetail"/>, or -1.</summary>
    public int Detail;

    /// <summary>The number of its text when it is not hexadecimal, else -1.</summary>
    public int Text;
}
