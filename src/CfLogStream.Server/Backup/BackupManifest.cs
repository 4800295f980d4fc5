namespace CfLogStream.Server.Backup;

/// <summary>Everything that is in a backup; its last entry, so that a backup without it is unfinished.</summary>
/// <param name="Head">The same as at the beginning.</param>
/// <param name="Folders">Paths of folders in the data folder, a folder before what is in it.</param>
/// <param name="Files">All files.</param>
public sealed record BackupManifest(BackupHead Head, IReadOnlyList<string> Folders, IReadOnlyList<BackupFile> Files)
{
    /// <summary>Bytes of all files.</summary>
    public long Bytes => Files.Sum(static file => file.Bytes);
}
