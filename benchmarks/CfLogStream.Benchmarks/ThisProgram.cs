namespace CfLogStream.Benchmarks;

/// <summary>This program, started again as a process of its own, so that what it does there can be measured.</summary>
internal static class ThisProgram
{
    /// <summary>Returns the program and the arguments that run it with some arguments.</summary>
    public static (string Program, string[] Arguments) With(params string[] arguments)
    {
        string host = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path.");
        return (host, Path.GetFileNameWithoutExtension(host) == "dotnet" ? [typeof(ThisProgram).Assembly.Location, .. arguments] : arguments);
    }
}
