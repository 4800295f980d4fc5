using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CfLogStream.Server.Spool;

/// <summary>Tells the kernel what of a file need not stay in memory.</summary>
/// <remarks>It is advice: where the system does not take it, or what it is about is not on disk yet, nothing happens.</remarks>
internal static partial class PageCache
{
    private const int PageBytes = 4096;

    // The cache may hold a file in pieces of up to this size, and lets go of a piece only as a whole: one that began before the last call
    // ended goes with this one.
    private const int LargestBytes = 2 * 1024 * 1024;
    private const int DontNeed = 4;

    /// <summary>Lets go of a part of a file that is on disk, and of the last that was let go of before it; the next read of it comes
    /// from the disk.</summary>
    public static void Drop(SafeFileHandle file, long start, long end)
    {
        if (OperatingSystem.IsLinux())
        {
            long first = Math.Max(0, start - LargestBytes) & -PageBytes;
            _ = Advise(file, first, end - first, DontNeed);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
