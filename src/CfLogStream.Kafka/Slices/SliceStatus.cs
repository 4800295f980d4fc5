namespace CfLogStream.Kafka.Slices;

/// <summary>Says whether a message is a slice that can be read, and if not, why.</summary>
public enum SliceStatus : byte
{
    /// <summary>A slice: every byte of it was checked.</summary>
    Ok = 0,

    /// <summary>The headers are missing or wrong.</summary>
    NoSlice,

    /// <summary>The headers name a schema that this version does not know.</summary>
    UnknownSchema,

    /// <summary>The schema is known, but is one of another dataset than the headers name.</summary>
    WrongSchema,

    /// <summary>The bytes end before the slice does.</summary>
    Truncated,

    /// <summary>A length or a count that cannot be: negative, or more than there is.</summary>
    BadLength,

    /// <summary>A number of more than 64 bits.</summary>
    BadNumber,

    /// <summary>A union's branch that the schema does not have.</summary>
    BadBranch,

    /// <summary>A text that is not UTF-8.</summary>
    BadText,

    /// <summary>An array or object that is not JSON.</summary>
    BadJson,

    /// <summary>A value that its field cannot have.</summary>
    BadValue,

    /// <summary>Bytes behind the slice.</summary>
    TrailingBytes,

    /// <summary>Another number of records than the headers say.</summary>
    CountMismatch,

    /// <summary>More records than a slice can have.</summary>
    TooManyRecords,
}
