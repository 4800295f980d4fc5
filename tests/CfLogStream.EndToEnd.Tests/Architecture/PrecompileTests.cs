using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace CfLogStream.EndToEnd.Tests.Architecture;

/// <summary>What `dotnet build -c Release` puts into the program's output (src/CfLogStream.Cli/Precompile.targets).</summary>
public sealed class PrecompileTests
{
    [Fact]
    public void ReleaseOutput_OnAPlatformWithACompiler_HoldsMachineCode()
    {
        string output = Path.Combine(Repository.Root, "artifacts", "bin", "CfLogStream.Cli", "release");
        Assert.SkipUnless(AppContext.BaseDirectory.TrimEnd('/').EndsWith("release", StringComparison.Ordinal), "Only Release builds are precompiled.");
        Assert.SkipUnless(
            RuntimeInformation.RuntimeIdentifier is "linux-x64" or "linux-arm64" or "osx-x64" or "osx-arm64", "There is no compiler for this platform.");

        string[] il = [.. Directory.EnumerateFiles(output, "*.dll").Where(file => !HasMachineCode(file)).Select(Path.GetFileName).Order()!];

        Assert.Empty(il);
    }

    private static bool HasMachineCode(string assembly)
    {
        using var reader = new PEReader(File.OpenRead(assembly));
        return reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }
}
