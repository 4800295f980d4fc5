namespace CfLogStream.Server.Storage;

/// <summary>Where the rows are kept.</summary>
public sealed record StoreOptions
{
    /// <summary>The data folder when none is given.</summary>
    public const string DefaultFolder = "cflogstream-data";

    /// <summary>The HTTP interface of a ClickHouse server; null for the engine inside this program.</summary>
    public Uri? Url { get; init; }

    /// <summary>The folder of the embedded engine, or <c>:memory:</c>.</summary>
    /// <value><c>cflogstream-data</c>.</value>
    public string DataFolder { get; init; } = DefaultFolder;

    /// <summary>Whether a folder that is not there is an error: who only asks makes none.</summary>
    public bool MustExist { get; init; }

    /// <summary>The port of 127.0.0.1 on which the embedded engine answers other programs, 0 for any free one; null when only this
    /// process reaches it.</summary>
    /// <value>null.</value>
    public int? Port { get; init; }

    /// <summary>How much is going to be written at most, in bytes; null when nobody knows.</summary>
    /// <remarks>The embedded engine keeps a <c>:memory:</c> folder in memory when that much surely fits.</remarks>
    public long? ExpectedBytes { get; init; }
}
