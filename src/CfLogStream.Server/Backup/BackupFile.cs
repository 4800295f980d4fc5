namespace CfLogStream.Server.Backup;

/// <summary>A file of a backup.</summary>
/// <param name="Path">Its path in the data folder, with <c>/</c> between names.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">The hash of its content, in lower-case hex.</param>
public sealed record BackupFile(string Path, long Bytes, string Sha256);
