using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.Intrinsics;

namespace CfLogStream.Core.Logpush.Simd;

/// <summary>Chooses the vector width of this process, once.</summary>
public static class SimdSelection
{
    /// <summary>The environment variable that forces a width: <c>scalar</c>, <c>128</c>, <c>256</c> or <c>512</c>.</summary>
    public const string EnvironmentVariable = "CFLOGSTREAM_SIMD";

    /// <summary>The widths that this machine runs in hardware, and the scalar reference.</summary>
    public static IReadOnlyList<SimdWidth> Available { get; } =
    [
        SimdWidth.Scalar,
        .. Vector128.IsHardwareAccelerated ? [SimdWidth.Vector128] : Array.Empty<SimdWidth>(),
        .. Vector256.IsHardwareAccelerated ? [SimdWidth.Vector256] : Array.Empty<SimdWidth>(),
        .. Vector512.IsHardwareAccelerated ? [SimdWidth.Vector512] : Array.Empty<SimdWidth>(),
    ];

    /// <summary>The width in use: the forced one where this machine has it, else the widest.</summary>
    public static SimdWidth Selected { get; } =
        TryChoose(Environment.GetEnvironmentVariable(EnvironmentVariable), out SimdWidth width, out _) ? width : Widest();

    /// <summary>Says which width a forced value means; nothing means the widest.</summary>
    /// <param name="problem">What is wrong with the value when it cannot be used.</param>
    public static bool TryChoose(string? forced, out SimdWidth width, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        SimdWidth? named = forced switch
        {
            null or "" => Widest(),
            "scalar" => SimdWidth.Scalar,
            "128" => SimdWidth.Vector128,
            "256" => SimdWidth.Vector256,
            "512" => SimdWidth.Vector512,
            _ => null,
        };
        width = named ?? SimdWidth.Scalar;
        if (named is null)
        {
            problem = $"{EnvironmentVariable} is '{forced}'; it must be scalar, 128, 256 or 512.";
        }
        else if (!Available.Contains(width))
        {
            problem = $"{EnvironmentVariable} is '{forced}', but this machine runs only {string.Join(", ", Available.Select(Name))}.";
        }

        return problem is null;
    }

    /// <summary>Returns a width as it is written in the environment variable.</summary>
    public static string Name(SimdWidth width) =>
        width == SimdWidth.Scalar ? "scalar" : ((int)width).ToString(CultureInfo.InvariantCulture);

    private static SimdWidth Widest() => Available[^1];
}
