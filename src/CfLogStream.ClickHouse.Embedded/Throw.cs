using System.Diagnostics.CodeAnalysis;

namespace CfLogStream.ClickHouse.Embedded;

internal static class Throw
{
    [DoesNotReturn]
    public static void EngineDidNotStart(string folder) => throw new InvalidOperationException(
        $"Cannot start the ClickHouse engine on the folder '{folder}': the engine refused and wrote the reason to standard error. "
        + "Check that the folder is writable and was not written by a newer version.");

    [DoesNotReturn]
    public static void OtherFolderInUse(string folder, string other) => throw new InvalidOperationException(
        $"Cannot start the ClickHouse engine on the folder '{folder}': this process already uses it on '{other}', "
        + "and the engine serves one folder per process. Dispose of the first one, or start another process.");
}
