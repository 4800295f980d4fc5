namespace CfLogStream.Kafka.Slices;

/// <summary>How large a slice may become.</summary>
public sealed record SlicerOptions
{
    /// <summary>The most records of a slice, at most <see cref="SliceFormat.MaxRecords"/>.</summary>
    /// <value>4,096.</value>
    public int MaxRecords { get; init; } = SliceFormat.MaxRecords;

    /// <summary>The most bytes of a slice; a record that is larger on its own is a slice of its own.</summary>
    /// <value>900,000: below the broker's default limit of a message, 1,048,588.</value>
    public int MaxBytes { get; init; } = 900_000;
}
