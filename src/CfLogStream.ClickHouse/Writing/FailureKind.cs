namespace CfLogStream.ClickHouse.Writing;

/// <summary>What to do about a failed insert.</summary>
public enum FailureKind
{
    /// <summary>Send it again after a while; it heals by itself.</summary>
    Transient = 0,

    /// <summary>Send it again after a while, and tell somebody: it heals when a person acts (rights, schema, disk). Nothing is
    /// dropped.</summary>
    WaitAndAlert,

    /// <summary>The server calls the data bad: halve the batch until the bad rows are alone.</summary>
    BadData,
}
