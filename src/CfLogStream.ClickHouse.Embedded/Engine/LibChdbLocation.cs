using System.Reflection;
using System.Runtime.InteropServices;

namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>
/// Finds libchdb: where the environment variable says, else beside the program (a published one), else where the file libchdb.path
/// beside the program says (a built one, which does not copy the 540 MB).
/// </summary>
internal static class LibChdbLocation
{
    public const string Variable = "CFLOGSTREAM_LIBCHDB";

    /// <summary>The file name of the library; its packages name it so on every platform.</summary>
    public const string FileName = "libchdb.so";

    private const string PathFileName = "libchdb.path";

    private static readonly Lock s_gate = new();
    private static bool s_registered;

    /// <summary>Makes calls to libchdb find the library. May be called more than once.</summary>
    /// <exception cref="DllNotFoundException">The library is in none of the places.</exception>
    public static void Register()
    {
        _ = Find(Environment.GetEnvironmentVariable(Variable), AppContext.BaseDirectory);
        lock (s_gate)
        {
            if (!s_registered)
            {
                NativeLibrary.SetDllImportResolver(typeof(LibChdb).Assembly, Resolve);
                s_registered = true;
            }
        }
    }

    /// <summary>Returns the path of the library.</summary>
    /// <param name="configured">Value of the environment variable.</param>
    /// <param name="folder">Folder of the program.</param>
    /// <exception cref="DllNotFoundException">The library is in none of the places.</exception>
    public static string Find(string? configured, string folder)
    {
        if (!string.IsNullOrEmpty(configured))
        {
            return File.Exists(configured)
                ? Path.GetFullPath(configured)
                : throw new DllNotFoundException(
                    $"Cannot find the ClickHouse engine: the environment variable {Variable} names '{configured}', which does not exist. "
                    + $"Set it to the path of '{FileName}', or unset it.");
        }

        string beside = Path.Combine(folder, FileName);
        if (File.Exists(beside))
        {
            return beside;
        }

        string pathFile = Path.Combine(folder, PathFileName);
        string? built = File.Exists(pathFile) ? File.ReadAllText(pathFile).Trim() : null;
        return File.Exists(built)
            ? built
            : throw new DllNotFoundException(
                $"Cannot find the ClickHouse engine: '{beside}' does not exist"
                + (built is null ? "" : $", and neither does '{built}', where the build put it")
                + $". Build again (the build fetches it with npm), or set the environment variable {Variable} "
                + $"to the path of '{FileName}'.");
    }

    /// <summary>Loads the library on a thread of its own: a second time it is there at once.</summary>
    public static void Preload()
    {
        string? configured = Environment.GetEnvironmentVariable(Variable);
        var thread = new Thread(() =>
        {
            try
            {
                NativeLibrary.Load(Find(configured, AppContext.BaseDirectory));
            }
            catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
            {
                // The start says it.
            }
        })
        { Name = "clickhouse-load", IsBackground = true };
        thread.Start();
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) => name == LibChdb.Name
        ? NativeLibrary.Load(Find(Environment.GetEnvironmentVariable(Variable), AppContext.BaseDirectory))
        : 0;
}
