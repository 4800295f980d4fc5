using System.Runtime.CompilerServices;

namespace CfLogStream.Core.Traffic;

/// <summary>The bytes of a text inside a slot of a cache.</summary>
[InlineArray(WideText.Width)]
internal struct TextBytes
{
    private byte _first;
}
