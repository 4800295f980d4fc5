using System.Runtime.InteropServices;

namespace CfLogStream.Benchmarks;

/// <summary>CPU time as the kernel accounts it, to the microsecond.</summary>
internal static class ProcessorTime
{
    private const int Self = 0;
    private const int ChildrenWaitedFor = -1;

    /// <summary>Seconds that all threads of this process took.</summary>
    public static double OfSelf() => Seconds(Self);

    /// <summary>Seconds that all child processes took that have ended.</summary>
    public static double OfChildren() => Seconds(ChildrenWaitedFor);

    private static double Seconds(int who)
    {
        if (GetResourceUsage(who, out ResourceUsage usage) != 0)
        {
            throw new InvalidOperationException($"getrusage failed with error {Marshal.GetLastPInvokeError()}.");
        }

        return usage.UserSeconds + usage.SystemSeconds + ((usage.UserMicroseconds + usage.SystemMicroseconds) / 1e6);
    }

    [DllImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    private static extern int GetResourceUsage(int who, out ResourceUsage usage);

    /// <summary>The kernel's rusage: two times, then 14 numbers that are not used here.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 18 * sizeof(long))]
    private readonly struct ResourceUsage
    {
        public readonly long UserSeconds;
        public readonly long UserMicroseconds;
        public readonly long SystemSeconds;
        public readonly long SystemMicroseconds;
    }
}
