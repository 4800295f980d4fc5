using System.Runtime.InteropServices;

namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>
/// Puts this process's signal handlers back to what they were before the engine booted. Even with its own handlers switched off the
/// engine takes SIGRTMIN (for system.stack_trace), with which the .NET runtime stops busy threads for a garbage collection: without
/// it a collection would wait until the busiest loop ends.
/// </summary>
internal sealed unsafe partial class SignalHandlers : IDisposable
{
    private const int Count = 64;

    // struct sigaction has 152 bytes on 64-bit Linux and 16 on macOS.
    private const int ActionBytes = 256;

    private readonly byte[] _actions = new byte[(Count + 1) * ActionBytes];
    private readonly bool[] _known = new bool[Count + 1];

    private SignalHandlers()
    {
        fixed (byte* actions = _actions)
        {
            for (int signal = 1; signal <= Count; signal++)
            {
                _known[signal] = Exchange(signal, null, actions + (signal * ActionBytes)) == 0;
            }
        }
    }

    /// <summary>Remembers the handlers; disposing of the answer puts them back.</summary>
    public static SignalHandlers Keep() => new();

    public void Dispose()
    {
        fixed (byte* actions = _actions)
        {
            byte* current = stackalloc byte[ActionBytes];
            for (int signal = 1; signal <= Count; signal++)
            {
                byte* kept = actions + (signal * ActionBytes);
                if (_known[signal] && Exchange(signal, null, current) == 0
                    && !new ReadOnlySpan<byte>(current, sizeof(nint)).SequenceEqual(new ReadOnlySpan<byte>(kept, sizeof(nint))))
                {
                    _ = Exchange(signal, kept, null);
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int Exchange(int signal, byte* action, byte* previous);
}
