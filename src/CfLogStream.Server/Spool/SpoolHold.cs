namespace CfLogStream.Server.Spool;

/// <summary>While a backup holds this, the service that owns the spool removes nothing of it. The lock is the operating system's, so it ends
/// with its process.</summary>
internal static class SpoolHold
{
    private const string Name = "backup.lock";

    /// <summary>Takes the lock in a folder; null when another process has it.</summary>
    public static FileStream? TryTake(string folder) => TryOpen(folder, FileMode.OpenOrCreate);

    /// <summary>Whether somebody holds it.</summary>
    public static bool IsTaken(string folder)
    {
        if (!File.Exists(Path.Combine(folder, Name)))
        {
            return false;
        }

        using FileStream? free = TryOpen(folder, FileMode.OpenOrCreate);
        return free is null;
    }

    private static FileStream? TryOpen(string folder, FileMode mode)
    {
        try
        {
            return new FileStream(Path.Combine(folder, Name), mode, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(Path.Combine(folder, Name)))
        {
            return null;
        }
    }
}
