namespace CfLogStream.Core.Logpush;

/// <summary>Says what one line of a Logpush upload turned out to be.</summary>
/// <remarks>Values from <see cref="CutLine"/> on are no records: they go to the dead letters with this reason.</remarks>
public enum ReadStatus : byte
{
    /// <summary>A record of a known dataset with a RayID (where the dataset has one) and a usable time.</summary>
    Record = 0,

    /// <summary>A blank line: white space only.</summary>
    Blank,

    /// <summary>Cloudflare's validation upload: <c>{"content":"test"}</c>, <c>{"content":"tests"}</c> or the bare word
    /// <c>test</c>.</summary>
    Validation,

    /// <summary>An ownership challenge: a bare JWT.</summary>
    OwnershipChallenge,

    /// <summary>An empty object.</summary>
    EmptyObject,

    /// <summary>The line ends before its object does.</summary>
    CutLine,

    /// <summary>Not a JSON object, or broken JSON.</summary>
    BadJson,

    /// <summary>Bytes that are not UTF-8.</summary>
    BadUtf8,

    /// <summary>A raw control character below 0x20 inside a string.</summary>
    ControlCharacter,

    /// <summary>Longer than the limit for one line.</summary>
    LineTooLong,

    /// <summary>Nested deeper than the limit.</summary>
    TooDeep,

    /// <summary>A JSON object that is no record of a known dataset.</summary>
    UnknownDataset,

    /// <summary>A recognised record without a RayID.</summary>
    NoRayId,

    /// <summary>A recognised record without a usable time.</summary>
    NoTime,
}
