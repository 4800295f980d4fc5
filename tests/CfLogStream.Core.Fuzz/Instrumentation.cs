using SharpFuzz;

namespace CfLogStream.Core.Fuzz;

/// <summary>Makes a copy of the product's assembly report which branches it takes.</summary>
internal static class Instrumentation
{
    /// <summary>Rewrites the assembly in place: what reads lines, and nothing else.</summary>
    public static void Apply(string assembly) =>
        Fuzzer.Instrument(assembly, type => type.StartsWith("CfLogStream.Core.Logpush.", StringComparison.Ordinal), Options.Value);
}
