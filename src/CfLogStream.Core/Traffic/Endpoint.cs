namespace CfLogStream.Core.Traffic;

/// <summary>What is known of an endpoint, beside its texts (zone, host, method, template, one behind the other).</summary>
internal struct Endpoint
{
    /// <summary>Hash of zone, host, method and template.</summary>
    public ulong Hash;
    public ushort ZoneEnd;
    public ushort HostEnd;
    public ushort MethodEnd;

    /// <summary>0 for an empty slot: no template is empty.</summary>
    public ushort TemplateEnd;
    public Surface Surface;
    public RequestMethod Method;

    /// <summary>The template is one of the settings.</summary>
    public bool IsKnown;
}
