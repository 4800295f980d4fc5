namespace CfLogStream.Core.Correlation;

/// <summary>The counters of one row of <c>rules</c>.</summary>
internal struct RulesAggregate
{
    public int Zone;
    public int Rule;
    public int Reference;
    public int Description;
    public long ReferenceNs;
    public long DescriptionNs;
    public ulong Version;
    public ulong Written;
    public ulong Count;
    public long FirstSeenNs;
    public long LastSeenNs;
}
