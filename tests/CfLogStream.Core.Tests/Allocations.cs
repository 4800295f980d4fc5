namespace CfLogStream.Core.Tests;

/// <summary>Measures what code allocates.</summary>
internal static class Allocations
{
    private const int Rounds = 30;

    /// <summary>
    /// Returns the bytes that a call of <paramref name="act"/> allocates on this thread: the least of several calls, because a collection on another
    /// thread moves this thread's count by what it retires of its allocation context (up to 8 kB), and code that allocates does so in every call.
    /// </summary>
    public static long Of(Action act)
    {
        long least = long.MaxValue;
        for (int round = 0; round < Rounds && least != 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            act();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
