using System.Runtime.CompilerServices;

namespace CfLogStream.Core.Correlation;

/// <summary>What only rays have that wait, had security events, have subrequests or are kept.</summary>
internal struct RayDetail
{
    /// <summary>The number of the ray's text when it is not hexadecimal, else -1; a reference is held.</summary>
    public int Text;

    /// <summary>The copy of the waiting http record; 0 when none waits.</summary>
    public int Request;

    /// <summary>Whether the ray is in the list of those waiting (for its events, for its request, for a solved challenge).</summary>
    public bool Waits;

    /// <summary>When the wait ends, and the offset that began it.</summary>
    public long DeadlineNs;
    public long JoinOffset;

    /// <summary>The neighbours in the list of waiting rays, oldest first; -1 at its ends.</summary>
    public int PreviousWaiting;
    public int NextWaiting;

    /// <summary>The remembered events, and the first of those that belong to the current wait; -1 when none.</summary>
    public int FirstEvent;
    public int LastEvent;
    public int FirstWaitingEvent;

    /// <summary>The remembered events; past <see cref="RayTable.MostUnindexed"/> they are in an index.</summary>
    public int EventCount;

    /// <summary>Copies of events held for the current wait.</summary>
    public int HeldEvents;

    /// <summary>Announced entries whose event has come, and which.</summary>
    public int Matched;
    public EntryBits MatchedEntries;

    /// <summary>The solved challenges that name this ray; -1 when none.</summary>
    public int FirstSolve;

    /// <summary>The kept item that counts this ray's further subrequests; -1 when none.</summary>
    public int Kept;
    public int Subrequests;

    /// <summary>One bit per security entry of an http record.</summary>
    [InlineArray(4)]
    internal struct EntryBits
    {
        private ulong _first;
    }
}
