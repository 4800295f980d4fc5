namespace CfLogStream.Generator;

/// <summary>Faults and peculiarities that are mixed in for robustness tests; each is counted in the ledger.</summary>
[Flags]
public enum Oddities
{
    None = 0,

    /// <summary>Extra lines that are no record: no JSON, control characters, invalid UTF-8, nesting without end, no RayID, no
    /// time.</summary>
    DeadLines = 1,

    /// <summary>Extra lines that are the first part of a record.</summary>
    CutLines = 2,

    /// <summary>Extra lines <c>{"content":"test"}</c>, as an upload that validates the destination.</summary>
    ValidationBodies = 4,

    /// <summary>Numbers written as strings.</summary>
    StringsForNumbers = 8,

    /// <summary>Times of one file in several forms.</summary>
    MixedTimestamps = 16,

    /// <summary>Fields that no documentation names.</summary>
    UnknownFields = 32,

    /// <summary>Actions and sources that no documentation names: on log-only matches, so that outcomes do not change.</summary>
    UnknownValues = 64,

    /// <summary>All of them.</summary>
    All = 127,
}
