using System.ComponentModel;
using System.Runtime.InteropServices;

namespace CfLogStream.Server.Spool;

/// <summary>Brings a folder's list of files to disk: a new file is safe only when its name is.</summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0;

    /// <summary>Comes back when the names in the folder are on disk; does nothing on Windows, where the file's own flush covers its
    /// name.</summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"Cannot open the folder '{folder}': {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
        }

        bool isFlushed = Sync(descriptor) == 0;
        int error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (!isFlushed)
        {
            throw new IOException($"Cannot flush the folder '{folder}': {new Win32Exception(error).Message}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
