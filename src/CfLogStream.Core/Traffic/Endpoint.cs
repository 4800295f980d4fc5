using System.Runtime.CompilerServices;

namespace CfLogStream.Core.Traffic;

/// <summary>What is known of an endpoint.</summary>
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

    /// <summary>Zone, host, method and template, one behind the other.</summary>
    public EndpointTexts Texts;

    [InlineArray(MaxBytes)]
    internal struct EndpointTexts
    {
        /// <summary>The most bytes of texts that are remembered.</summary>
        public const int MaxBytes = 160;

        private byte _first;
    }
}
