namespace CfLogStream.Server.Spool;

/// <summary>While a backup holds this, the service that owns the spool removes nothing of it. The lock is the operating system's, so it ends
/// with its process.</summary>
internal static class SpoolHold
{
    private const string Name = "backup.lock";
    private const UnixFileMode EverybodyThere =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Takes the lock in a folder; null when another process has it.</summary>
    public static FileStream? TryTake(string folder)
    {
        FileStream? hold = TryOpen(folder);
        if (hold is not null && !OperatingSystem.IsWindows())
        {
            try
            {
                // The folder is its owner's alone; in it, the service must be able to open what root has made, and the other way round.
                File.SetUnixFileMode(hold.SafeFileHandle, EverybodyThere);
            }
            catch (UnauthorizedAccessException)
            {
                // It is another's, who has done so.
            }
        }

        return hold;
    }

    /// <summary>Whether somebody holds it.</summary>
    public static bool IsTaken(string folder)
    {
        if (!File.Exists(Path.Combine(folder, Name)))
        {
            return false;
        }

        using FileStream? free = TryOpen(folder);
        return free is null;
    }

    private static FileStream? TryOpen(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, Name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(Path.Combine(folder, Name)))
        {
            return null;
        }
    }
}
