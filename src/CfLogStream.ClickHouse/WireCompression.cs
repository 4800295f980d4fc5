namespace CfLogStream.ClickHouse;

/// <summary>When bodies are compressed on the wire: inserts with zstd, answers with gzip.</summary>
public enum WireCompression
{
    /// <summary>Unless the server is on this machine.</summary>
    Auto = 0,
    Always,
    Never,
}
