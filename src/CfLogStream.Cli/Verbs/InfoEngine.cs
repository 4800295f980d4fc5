namespace CfLogStream.Cli.Verbs;

/// <summary>The engine inside this program, as far as <c>info</c> asks for it: whether it is there.</summary>
/// <remarks>Its version is known only once it runs, which takes longer than the rest of <c>info</c>.</remarks>
internal static class InfoEngine
{
    /// <summary>The file name of the library, the same on every platform.</summary>
    public const string FileName = "libchdb.so";

    /// <summary>The environment variable that names a library elsewhere.</summary>
    public const string Variable = "CFLOGSTREAM_LIBCHDB";

    /// <summary>Returns the path of the library without loading it; null when it is not installed.</summary>
    public static string? FindLibrary(Func<string, string?> environment)
    {
        string? named = environment(Variable);
        string path = string.IsNullOrEmpty(named) ? Path.Combine(AppContext.BaseDirectory, FileName) : Path.GetFullPath(named);
        return File.Exists(path) ? path : null;
    }
}
