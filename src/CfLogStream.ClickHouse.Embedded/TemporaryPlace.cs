namespace CfLogStream.ClickHouse.Embedded;

/// <summary>
/// Where a temporary folder goes. The engine makes a dozen small files per insert and table, and making and removing files costs a disk's file
/// system more than the engine's own work on them; in memory it costs nearly nothing. So a folder lies in memory when it surely fits there.
/// </summary>
internal static class TemporaryPlace
{
    /// <summary>The folder that Linux keeps in memory.</summary>
    public const string Memory = "/dev/shm";

    /// <summary>Gets the folders in which temporary ones may lie.</summary>
    public static IEnumerable<string> All => OperatingSystem.IsLinux() && Directory.Exists(Memory) ? [Path.GetTempPath(), Memory] : [Path.GetTempPath()];

    /// <summary>Chooses the folder in which to make a temporary one.</summary>
    /// <param name="expectedBytes">How much is going to be written at most; null when nobody knows.</param>
    public static string For(long? expectedBytes) => expectedBytes <= RoomInMemory() ? Memory : Path.GetTempPath();

    /// <summary>Returns how much may be put into memory: half of what is free there, and no more than an eighth of the memory.</summary>
    private static long RoomInMemory()
    {
        try
        {
            if (!OperatingSystem.IsLinux() || new DriveInfo(Memory) is not { IsReady: true, DriveFormat: "tmpfs" } drive)
            {
                return -1;
            }

            return Math.Min(drive.AvailableFreeSpace / 2, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return -1;
        }
    }
}
