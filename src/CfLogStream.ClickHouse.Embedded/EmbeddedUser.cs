namespace CfLogStream.ClickHouse.Embedded;

/// <summary>A user of the embedded ClickHouse.</summary>
/// <param name="Name">Name as it is sent with each request.</param>
/// <param name="Password">Password; the empty one means that none is asked for.</param>
/// <param name="ReadOnly">Whether the user can only read tables: no writes, no files, no URLs, no other servers.</param>
public sealed record EmbeddedUser(string Name, string Password, bool ReadOnly)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({(ReadOnly ? "read-only" : "read and write")}, password ***)";
}
