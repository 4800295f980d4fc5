using CfLogStream.Core.Logpush.Simd;

namespace CfLogStream.Core.Tests.Logpush.Simd;

/// <summary>The widths that theories run over.</summary>
internal static class Widths
{
    /// <summary>Every width of this machine, the scalar reference among them.</summary>
    public static TheoryData<SimdWidth> All { get; } = [.. SimdSelection.Available];

    /// <summary>Every width that has vectors; where the machine has none, one that is made of smaller parts.</summary>
    public static TheoryData<SimdWidth> Vectors { get; } =
        [.. SimdSelection.Available.Where(width => width != SimdWidth.Scalar).DefaultIfEmpty(SimdWidth.Vector128)];
}
