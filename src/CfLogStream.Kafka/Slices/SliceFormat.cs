namespace CfLogStream.Kafka.Slices;

/// <summary>Limits of the format that no option moves.</summary>
public static class SliceFormat
{
    /// <summary>The most records of a slice: a record's offset is its message's times this, and its index.</summary>
    public const int MaxRecords = 4096;
}
