using CfLogStream.Benchmarks.Layers;

namespace CfLogStream.Benchmarks.Tests.Layers;

/// <summary>Every layer runs, on a little of every input; that all parsers read the same is checked on the way.</summary>
public sealed class QuickRunTests
{
    [Fact]
    public void Quick_LittleInput_MeasuresEveryLayer()
    {
        using var output = new StringWriter();

        Assert.Equal(0, QuickRun.Run(["--bytes", "400000", "--seconds", "0.01"], output));

        string text = output.ToString();
        Assert.All(
            (string[])["line", "parse", "classify", "correlate", "encode", "gzip", "whole"],
            layer => Assert.Contains($"\n{layer} ", text, StringComparison.Ordinal));
        Assert.All(
            (string[])["HttpRequests", "FirewallEvents", "Minimal", "Ugly", "Both"],
            input => Assert.Contains(input, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Quick_UnknownOption_IsRefused()
    {
        using var output = new StringWriter();

        Assert.Equal(2, QuickRun.Run(["--fast", "1"], output));
        Assert.StartsWith("'--fast 1' is not understood.", output.ToString(), StringComparison.Ordinal);
    }
}
