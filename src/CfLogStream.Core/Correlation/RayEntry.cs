namespace CfLogStream.Core.Correlation;

/// <summary>What is remembered of one ray: 32 bytes for a request that had nothing to wait for.</summary>
internal struct RayEntry
{
    /// <summary>The bit of <see cref="BlockAndKind"/> that is set when the ray is not hexadecimal; its text is in the detail.</summary>
    public const uint IsText = 1U << 31;

    public ulong Ray;

    /// <summary>Forgotten when the watermark reaches this: the newest of all that was said of the ray, plus the horizon.</summary>
    public long ExpiryNs;

    /// <summary>Time of its http record, or <see cref="long.MinValue"/> when none has come.</summary>
    public long RequestNs;

    /// <summary>Its <see cref="RayDetail"/>, or -1.</summary>
    public int Detail;

    /// <summary>Block of 4,096 offsets in which it was first heard of, and whether its RayID is a text.</summary>
    public uint BlockAndKind;

    public readonly uint Block => BlockAndKind & ~IsText;
}
