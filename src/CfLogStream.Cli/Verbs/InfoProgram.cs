using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CfLogStream.Core.Logpush.Simd;

namespace CfLogStream.Cli.Verbs;

/// <summary>What the program knows of itself and its machine.</summary>
internal sealed record InfoProgram
{
    public required string Version { get; init; }

    /// <summary>The commit it was built from; empty when the build did not know.</summary>
    public required string Commit { get; init; }

    public required string Runtime { get; init; }

    public required string RuntimeIdentifier { get; init; }

    public required string System { get; init; }

    public required int Cores { get; init; }

    public required long MemoryBytes { get; init; }

    /// <summary>Vector widths in bits for which the processor and the runtime have instructions, widest first.</summary>
    public required IReadOnlyList<int> SimdWidths { get; init; }

    /// <summary>How log lines are scanned: <c>scalar</c>, or a width in bits.</summary>
    public required string Reader { get; init; }

    /// <summary>The library of the engine inside this program; null when it is not installed.</summary>
    public required string? EngineLibrary { get; init; }

    public static InfoProgram Collect(string? engineLibrary)
    {
        string version = typeof(InfoProgram).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        int plus = version.IndexOf('+', StringComparison.Ordinal);
        return new InfoProgram
        {
            Version = plus < 0 ? version : version[..plus],
            Commit = plus < 0 ? "" : version[(plus + 1)..],
            Runtime = RuntimeInformation.FrameworkDescription,
            RuntimeIdentifier = RuntimeInformation.RuntimeIdentifier,
            System = RuntimeInformation.OSDescription,
            Cores = Environment.ProcessorCount,
            MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            SimdWidths = [.. Widths()],
            Reader = SimdSelection.Name(SimdSelection.Selected),
            EngineLibrary = engineLibrary,
        };
    }

    private static IEnumerable<int> Widths()
    {
        if (Vector512.IsHardwareAccelerated)
        {
            yield return 512;
        }

        if (Vector256.IsHardwareAccelerated)
        {
            yield return 256;
        }

        if (Vector128.IsHardwareAccelerated)
        {
            yield return 128;
        }
    }
}
