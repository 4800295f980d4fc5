using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>A request kept for the <c>requests</c> table until its window closes.</summary>
internal struct KeptItem
{
    /// <summary>The sampling hash of its ray: in a full group the smallest stay.</summary>
    public ulong Hash;
    public ulong Version;

    /// <summary>Its record's time and offset, the further order of equal hashes.</summary>
    public long TimeNs;
    public long Offset;

    /// <summary>The copy of its record.</summary>
    public int Record;

    /// <summary>The block with its matches, each holding references; 0 when it has none.</summary>
    public int Matches;
    public int MatchCount;

    /// <summary>The <see cref="RayDetail"/> of its ray, told when this item goes away; -1 when none.</summary>
    public int Detail;
    public int Subrequests;

    /// <summary>The next item of the same group, or -1.</summary>
    public int Next;
    public Outcome Outcome;
    public bool Lost;
    public bool HasRequest;
    public bool HasEvents;

    /// <summary>Whether it was written while its window was open.</summary>
    public bool IsWrittenEarly;
}
