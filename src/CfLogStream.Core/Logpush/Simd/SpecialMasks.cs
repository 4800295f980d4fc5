namespace CfLogStream.Core.Logpush.Simd;

/// <summary>Where 64 bytes hold what; bit i is byte i.</summary>
internal readonly record struct SpecialMasks(
    ulong Quotes, ulong Colons, ulong Backslashes, ulong Controls, ulong LineEnds, ulong NonAscii);
