using System.Net;

namespace CfLogStream.ClickHouse.Embedded;

/// <summary>Options of <see cref="EmbeddedClickHouse"/>.</summary>
public sealed record EmbeddedClickHouseOptions
{
    /// <summary>Gets the folder that holds the data.</summary>
    /// <value>A path, or <c>:memory:</c> for a temporary folder that is removed at the end. Default <c>:memory:</c>.</value>
    /// <remarks>One process at a time can use a folder, and one process can use one folder.</remarks>
    public string DataFolder { get; init; } = EmbeddedClickHouseDefaults.Memory;

    /// <summary>Gets how much is going to be written at most, if that is known.</summary>
    /// <value>Bytes on disk, or null. Default null.</value>
    /// <remarks><c>:memory:</c> then really lies in memory (/dev/shm) when that much surely fits; else in the temporary directory.</remarks>
    public long? ExpectedBytes { get; init; }

    /// <summary>Gets a value indicating whether other processes can connect.</summary>
    /// <value>Default true.</value>
    /// <remarks>Without it only <see cref="EmbeddedClickHouse.CreateHandler"/> reaches the engine, and no web server is started.</remarks>
    public bool Listen { get; init; } = true;

    /// <summary>Gets the address to listen on.</summary>
    /// <value>Default 127.0.0.1.</value>
    /// <remarks>The interface is plain HTTP. Put a reverse proxy with TLS before it if others shall reach it.</remarks>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Gets the port to listen on.</summary>
    /// <value>A port, or 0 for any free one. Default 0.</value>
    public int Port { get; init; }

    /// <summary>Gets the users.</summary>
    /// <value>Default: the user <c>default</c> without a password, who may do everything.</value>
    public IReadOnlyList<EmbeddedUser> Users { get; init; } = [new EmbeddedUser("default", "", ReadOnly: false)];

    /// <summary>Gets the number of statements that run at the same time; more wait.</summary>
    /// <value>Default 8.</value>
    /// <remarks>Each running statement occupies one thread of this program besides the engine's own.</remarks>
    public int Connections { get; init; } = EmbeddedClickHouseDefaults.Connections;

    /// <summary>Gets how long a statement waits for its turn before it is refused with ClickHouse's error 202 and status 503.</summary>
    /// <value>Default 30 s.</value>
    public TimeSpan WaitTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the largest request body, after decompression.</summary>
    /// <value>Bytes, default 16 GiB.</value>
    public long MaxBodyBytes { get; init; } = EmbeddedClickHouseDefaults.BodyBytes;

    /// <summary>Gets the largest statement; the inline data of an INSERT does not count.</summary>
    /// <value>Bytes, default 1 MiB. ClickHouse's own default (max_query_size) is 256 KiB.</value>
    public int MaxQueryBytes { get; init; } = EmbeddedClickHouseDefaults.QueryBytes;

    /// <summary>Gets the longest time that a statement may run; requests can ask for less.</summary>
    /// <value>Default 5 minutes.</value>
    public TimeSpan MaxExecutionTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets the memory that the engine may use over all statements and caches.</summary>
    /// <value>Bytes, default 1 GiB.</value>
    public long MaxMemoryBytes { get; init; } = EmbeddedClickHouseDefaults.MemoryBytes;

    /// <summary>Gets the memory that one statement may use.</summary>
    /// <value>Bytes, default 512 MiB.</value>
    /// <remarks>Results in formats that cannot be streamed (JSON, XML, Parquet, Pretty and the like) are held in it as a whole.</remarks>
    public long MaxStatementMemoryBytes { get; init; } = EmbeddedClickHouseDefaults.StatementMemoryBytes;

    /// <summary>Gets the number of threads one statement may use.</summary>
    /// <value>Default: the number of processors.</value>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">One is out of its range.</exception>
    internal void Validate()
    {
        Require(DataFolder.Length > 0, nameof(DataFolder), DataFolder, $"a path or '{EmbeddedClickHouseDefaults.Memory}'");
        Require(Port is >= 0 and <= ushort.MaxValue, nameof(Port), Port, "0 to 65535");
        Require(Connections is >= 1 and <= 256, nameof(Connections), Connections, "1 to 256");
        Require(Threads is >= 1 and <= 1024, nameof(Threads), Threads, "1 to 1024");
        Require(MaxBodyBytes > 0, nameof(MaxBodyBytes), MaxBodyBytes, "more than 0");
        Require(MaxQueryBytes is >= 1024 and <= 64 << 20, nameof(MaxQueryBytes), MaxQueryBytes, "1 KiB to 64 MiB");
        Require(MaxMemoryBytes >= 256 << 20, nameof(MaxMemoryBytes), MaxMemoryBytes, "at least 256 MiB");
        Require(
            MaxStatementMemoryBytes > 0 && MaxStatementMemoryBytes <= MaxMemoryBytes, nameof(MaxStatementMemoryBytes),
            MaxStatementMemoryBytes, $"more than 0 and at most {nameof(MaxMemoryBytes)} ({MaxMemoryBytes})");
        Require(MaxExecutionTime > TimeSpan.Zero, nameof(MaxExecutionTime), MaxExecutionTime, "more than 0");
        Require(WaitTimeout >= TimeSpan.Zero, nameof(WaitTimeout), WaitTimeout, "0 or more");
        Require(Users.Count > 0, nameof(Users), Users.Count, "at least one user");
        Require(
            Users.Select(static user => user.Name).Distinct(StringComparer.Ordinal).Count() == Users.Count,
            nameof(Users), string.Join(", ", Users.Select(static user => user.Name)), "each name once");
    }

    private static void Require(bool met, string name, object value, string expected)
    {
        if (!met)
        {
            Throw.BadOption(name, value, expected);
        }
    }
}
