using System.Runtime.CompilerServices;

namespace CfLogStream.Core.Traffic;

/// <summary>Zone, host and method of an endpoint: where their texts end, and what the method is.</summary>
internal struct Site
{
    /// <summary>A number that no other texts ever have, by which caches refer to them; 0 for an empty slot.</summary>
    public ulong Serial;
    public ushort ZoneEnd;
    public ushort HostEnd;
    public ushort MethodEnd;
    public RequestMethod Method;

    /// <summary>Zone, host and method, one behind the other.</summary>
    public SiteTexts Texts;

    [InlineArray(MaxBytes)]
    internal struct SiteTexts
    {
        /// <summary>The most bytes of texts that are remembered.</summary>
        public const int MaxBytes = 136;

        private byte _first;
    }
}
