namespace CfLogStream.Kafka.Slices.Schemas;

/// <summary>What is done with a field of a record in a slice.</summary>
internal enum RecordOp : byte
{
    /// <summary>It is not known, or not any more.</summary>
    Skip = 0,

    /// <summary>It is a <see cref="Core.Logpush.LogField"/>.</summary>
    Value,
    Extras,
    TimeNs,
    Position,
    IsCopy,

    // Of dead letters.
    Reason,
    LetterTimeNs,
    Dataset,
    LineNumber,
    ByteOffset,
    ErrorColumn,
    FirstBytes,
    ContentHash,
    Length,
}
