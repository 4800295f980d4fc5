using CfLogStream.Benchmarks.Peers;

namespace CfLogStream.Benchmarks.Tests.Peers;

public sealed class PeerOptionsTests
{
    [Fact]
    public void Parse_Nothing_GivesTheDefaults()
    {
        PeerOptions options = PeerOptions.Parse([]);

        Assert.Equal(1_000_000_000, options.Bytes);
        Assert.Null(options.Rate);
        Assert.Equal((5, 1), (options.Rounds, options.WarmUp));
        Assert.True(options is { Plain: true, Gzip: true, Program: null, Results: null });
    }

    [Fact]
    public void Parse_All_AreTaken()
    {
        PeerOptions options = PeerOptions.Parse(
            [.. "--bytes 5000000 --rate 2000.5 --rounds 3 --warm-up 0 --input gzip --data d --no-results".Split(' ')]);

        Assert.Equal(5_000_000, options.Bytes);
        Assert.Equal(2000.5, options.Rate);
        Assert.Equal((3, 0), (options.Rounds, options.WarmUp));
        Assert.True(options is { Plain: false, Gzip: true, Results: "", Data: "d" });
    }

    [Theory]
    [InlineData("'--bytes' needs a value.", "--bytes")]
    [InlineData("'much' is no number, which '--bytes' needs.", "--bytes", "much")]
    [InlineData("'--input zip' is not understood.", "--input", "zip")]
    [InlineData("'--speed 3' is not understood.", "--speed", "3")]
    public void Parse_Wrong_SaysWhat(string message, params string[] arguments) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => PeerOptions.Parse(arguments)).Message, StringComparison.Ordinal);
}
