namespace CfLogStream.Benchmarks;

/// <summary>The programs that are measured: this one, started again as a process of its own, and the product.</summary>
internal static class Programs
{
    /// <summary>Returns this program and the arguments that run it with some arguments.</summary>
    public static (string Program, string[] Arguments) This(params string[] arguments)
    {
        string host = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path.");
        return (host, Path.GetFileNameWithoutExtension(host) == "dotnet" ? [typeof(Programs).Assembly.Location, .. arguments] : arguments);
    }

    /// <summary>Returns the program to measure: the one that was named; or the one that was built with this one, precompiled as it is shipped;
    /// or, where only this one is, the copy beside it, which is compiled at run time.</summary>
    public static string Product(string? named)
    {
        if (named is not null)
        {
            return named;
        }

        // artifacts/bin/PROJECT/CONFIGURATION
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string shipped = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "CfLogStream.Cli", configuration, "cflogstream"));
        return File.Exists(shipped) ? shipped : Path.Combine(AppContext.BaseDirectory, "cflogstream");
    }
}
