using System.Globalization;
using System.Security.Cryptography;

namespace CfLogStream.ClickHouse.Embedded;

/// <summary>
/// The folder of one embedded ClickHouse, locked for as long as this object lives. The lock is the operating system's on the open file
/// <c>lock</c>, so it ends with its process however that ends; the file <c>pid</c> beside it only tells whom to ask.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "lock";
    private const string PidName = "pid";
    private const string TemporaryPrefix = "cflogstream-memory-";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly bool _temporary;
    private readonly FileStream _lock;

    private DataFolder(string path, bool temporary, FileStream held)
    {
        Path = path;
        _temporary = temporary;
        _lock = held;
    }

    /// <summary>Gets the full path.</summary>
    public string Path { get; }

    /// <summary>Gets a value indicating whether it is removed at the end.</summary>
    public bool IsTemporary => _temporary;

    /// <summary>Gets the folder that the engine writes.</summary>
    public string Storage => System.IO.Path.Combine(Path, "engine");

    /// <summary>Opens and locks a folder, making it if need be.</summary>
    /// <exception cref="InvalidOperationException">Another process uses it.</exception>
    public static DataFolder Open(string path, long? expectedBytes = null)
    {
        bool temporary = path == EmbeddedClickHouseDefaults.Memory;
        if (temporary)
        {
            foreach (string parent in TemporaryPlace.All)
            {
                RemoveLeftovers(parent);
            }
        }

        string full = temporary ? MakeTemporary(expectedBytes) : System.IO.Path.GetFullPath(path);
        if (!temporary)
        {
            Make(full);
        }

        FileStream? held = TryLock(full, FileMode.OpenOrCreate);
        if (held is null)
        {
            Throw.FolderInUse(full, ReadPid(full));
        }

        File.WriteAllText(System.IO.Path.Combine(full, PidName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new DataFolder(full, temporary, held);
    }

    /// <summary>Unlocks the folder, and removes it if it was a temporary one.</summary>
    public void Dispose()
    {
        File.Delete(System.IO.Path.Combine(Path, PidName));
        if (_temporary)
        {
            Directory.Delete(Path, recursive: true);
        }

        _lock.Dispose();
    }

    /// <summary>Removes the temporary folders of processes that were killed.</summary>
    internal static void RemoveLeftovers(string parent)
    {
        foreach (string folder in Directory.EnumerateDirectories(parent, TemporaryPrefix + "*"))
        {
            try
            {
                // A folder without a lock file is one that is just being made.
                using FileStream? held = TryLock(folder, FileMode.Open);
                if (held is not null && File.Exists(System.IO.Path.Combine(folder, PidName)))
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another user's, or one that another process removes at this moment.
            }
        }
    }

    private static string MakeTemporary(long? expectedBytes)
    {
        string parent = TemporaryPlace.For(expectedBytes);
        if (parent == TemporaryPlace.Memory)
        {
            try
            {
                string folder = System.IO.Path.Combine(parent, TemporaryPrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
                Make(folder);
                return folder;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Not for us to write; the temporary directory then.
            }
        }

        return Directory.CreateTempSubdirectory(TemporaryPrefix).FullName;
    }

    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            // What a log says of visitors is nobody else's business.
            Directory.CreateDirectory(folder, OwnerOnly);
        }
    }

    private static FileStream? TryLock(string folder, FileMode mode)
    {
        string path = System.IO.Path.Combine(folder, LockName);
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    private static string ReadPid(string folder)
    {
        string path = System.IO.Path.Combine(folder, PidName);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }
}
