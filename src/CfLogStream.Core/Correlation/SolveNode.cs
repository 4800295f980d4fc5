namespace CfLogStream.Core.Correlation;

/// <summary>A solved challenge that names a ray as the one that was challenged.</summary>
internal struct SolveNode
{
    public long JoinNs;
    public int Next;
}
