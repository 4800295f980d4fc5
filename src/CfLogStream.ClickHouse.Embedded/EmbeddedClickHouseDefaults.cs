namespace CfLogStream.ClickHouse.Embedded;

/// <summary>Defaults of <see cref="EmbeddedClickHouseOptions"/>.</summary>
public static class EmbeddedClickHouseDefaults
{
    /// <summary>The data folder that means a temporary one, removed at the end.</summary>
    public const string Memory = ":memory:";

    /// <summary>Statements that run at the same time.</summary>
    public const int Connections = 8;

    /// <summary>Size of a request body, inflated.</summary>
    public const long BodyBytes = 16L << 30;

    /// <summary>Size of a statement; inline data of an INSERT does not count.</summary>
    public const int QueryBytes = 1 << 20;

    /// <summary>Memory of the engine over all statements and caches.</summary>
    public const long MemoryBytes = 1L << 30;

    /// <summary>Memory of one statement.</summary>
    public const long StatementMemoryBytes = 512L << 20;
}
