namespace CfLogStream.Core.Correlation;

/// <summary>A security event of a ray: remembered as a duplicate key, and its copy while it waits.</summary>
internal struct EventNode
{
    /// <summary>The <see cref="RayDetail"/> of its ray.</summary>
    public int Detail;
    public int Next;

    /// <summary>The number of its control, rule and action; a reference is held.</summary>
    public int Rule;
    public int MatchIndex;
    public long JoinNs;
    public long Offset;

    /// <summary>The copy of the record, or 0 once it is resolved.</summary>
    public int Record;

    /// <summary>The announced entry it matched, or -1.</summary>
    public int Entry;
}
