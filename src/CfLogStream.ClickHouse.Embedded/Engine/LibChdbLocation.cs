using System.Reflection;
using System.Runtime.InteropServices;

namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>Finds libchdb: where CFLOGSTREAM_LIBCHDB says, else beside the program.</summary>
internal static class LibChdbLocation
{
    public const string Variable = "CFLOGSTREAM_LIBCHDB";

    private static readonly Lock s_gate = new();
    private static bool s_registered;

    /// <summary>Gets the file name of the library; the packages name it so on every platform.</summary>
    public const string FileName = "libchdb.so";

    /// <summary>Makes calls to libchdb find the library. May be called more than once.</summary>
    /// <exception cref="DllNotFoundException">The library is in none of the places.</exception>
    public static string Register()
    {
        string path = Find();
        lock (s_gate)
        {
            if (!s_registered)
            {
                NativeLibrary.SetDllImportResolver(typeof(LibChdb).Assembly, Resolve);
                s_registered = true;
            }
        }

        return path;
    }

    /// <summary>Returns the path of the library.</summary>
    /// <exception cref="DllNotFoundException">The library is in none of the places.</exception>
    public static string Find()
    {
        string? configured = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(configured))
        {
            return File.Exists(configured)
                ? Path.GetFullPath(configured)
                : throw new DllNotFoundException(
                    $"Cannot find the ClickHouse engine: the environment variable {Variable} names '{configured}', which does not exist. "
                    + $"Expected the path of '{FileName}'.");
        }

        string beside = Path.Combine(AppContext.BaseDirectory, FileName);
        return File.Exists(beside)
            ? beside
            : throw new DllNotFoundException(
                $"Cannot find the ClickHouse engine: '{beside}' does not exist. Build CfLogStream.ClickHouse.Embedded again "
                + $"(it fetches the library with npm), or set the environment variable {Variable} to the path of '{FileName}'.");
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == LibChdb.Name ? NativeLibrary.Load(Find()) : 0;
}
