using System.Diagnostics.CodeAnalysis;

namespace CfLogStream.ClickHouse.Embedded;

internal static class Throw
{
    [DoesNotReturn]
    public static void EngineDidNotStart(string folder) => throw new InvalidOperationException(
        $"Cannot start the ClickHouse engine on the folder '{folder}': the engine refused and wrote the reason to standard error. "
        + "Check that the folder is writable and was not written by a newer version.");

    [DoesNotReturn]
    public static void EngineInUse(string folder, string other) => throw new InvalidOperationException(
        $"Cannot start the ClickHouse engine on the folder '{folder}': this process already runs it on '{other}', and the engine serves "
        + "one folder per process. Dispose of the first one, or start another process.");

    [DoesNotReturn]
    public static void FolderInUse(string folder, string pid) => throw new InvalidOperationException(
        $"Cannot open the data folder '{folder}': the process {(pid.Length == 0 ? "that holds its lock" : $"with id {pid}")} uses it. "
        + "Stop that process, connect to its ClickHouse by URL, or choose another data folder.");

    [DoesNotReturn]
    public static void BadOption(string name, object value, string expected) => throw new ArgumentException(
        $"The option {name} is '{value}'; expected {expected}.", name);
}
