namespace CfLogStream.Core.Traffic;

/// <summary>Zone, host and method of an endpoint: where their texts end, and what the method is.</summary>
internal struct Site
{
    /// <summary>A number that no other texts ever have, by which caches refer to them; 0 for an empty slot.</summary>
    public ulong Serial;

    /// <summary>The lengths as logged, of which no two parts of the same bytes have the same.</summary>
    public ulong LoggedLengths;
    public int TextStart;
    public ushort ZoneEnd;
    public ushort HostEnd;
    public ushort MethodEnd;
    public RequestMethod Method;
}
