namespace CfLogStream.Core.Logpush;

/// <summary>Limits of reading, and what is read beside the fields the product needs.</summary>
public sealed record ReaderOptions
{
    /// <summary>The longest line that is read as a record.</summary>
    /// <value>1 MiB.</value>
    public int MaxLineBytes { get; init; } = 1024 * 1024;

    /// <summary>The deepest nesting of objects and arrays; the record itself is depth 1.</summary>
    /// <value>64.</value>
    public int MaxDepth { get; init; } = 64;

    /// <summary>How much of a rejected line is kept in the dead letters.</summary>
    /// <value>4,096 bytes.</value>
    public int DeadLetterBytes { get; init; } = 4096;

    /// <summary>Logpush fields carried with kept requests beside the known ones, at most 32.</summary>
    public IReadOnlyList<string> ExtraFields { get; init; } = [];
}
