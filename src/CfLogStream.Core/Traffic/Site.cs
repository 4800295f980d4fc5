namespace CfLogStream.Core.Traffic;

/// <summary>Zone, host and method of an endpoint: where their texts end, and what the method is.</summary>
internal struct Site
{
    /// <summary>A hash of the texts, for caches.</summary>
    public ulong Hash;
    public int TextStart;

    /// <summary>Lengths as logged; all 0 for an empty slot too, whose texts are empty as well.</summary>
    public int LoggedHost;
    public int LoggedZone;
    public int LoggedMethod;
    public ushort ZoneEnd;
    public ushort HostEnd;
    public ushort MethodEnd;
    public RequestMethod Method;

    /// <summary>The three ends as one number: what parts equal bytes into equal texts.</summary>
    public readonly ulong Ends => ZoneEnd | ((ulong)HostEnd << 16) | ((ulong)MethodEnd << 32);
}
