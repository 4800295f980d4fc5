using CfLogStream.Benchmarks.Receive;

namespace CfLogStream.Benchmarks.Tests.Receive;

public sealed class ReceiveOptionsTests
{
    [Fact]
    public void Parse_Nothing_GivesTheDefaults()
    {
        ReceiveOptions options = ReceiveOptions.Parse([]);

        Assert.Equal((1_000_000_000, 1000, 3), (options.Input.Bytes, options.Input.Rate, options.Input.Rounds));
        Assert.Equal(4, options.Senders);
        Assert.True(options.Input is { Program: null, Results: null });
        Assert.Equal(Path.Combine("artifacts", "peer-data"), options.Input.Data);
    }

    [Fact]
    public void Parse_All_AreTaken()
    {
        ReceiveOptions options = ReceiveOptions.Parse(
            [.. "--bytes 5000000 --rate 200.5 --senders 8 --rounds 2 --program /p --data d --results r".Split(' ')]);

        Assert.Equal((5_000_000, 200.5, 2), (options.Input.Bytes, options.Input.Rate, options.Input.Rounds));
        Assert.Equal(8, options.Senders);
        Assert.True(options.Input is { Program: "/p", Data: "d", Results: "r" });
    }

    [Theory]
    [InlineData("--senders", "0", 1, 3)]
    [InlineData("--senders", "1000", 64, 3)]
    [InlineData("--rounds", "0", 4, 1)]
    public void Parse_OutOfRange_IsTheNearestThatCanBe(string name, string value, int senders, int rounds)
    {
        ReceiveOptions options = ReceiveOptions.Parse([name, value]);

        Assert.Equal((senders, rounds), (options.Senders, options.Input.Rounds));
    }

    [Theory]
    [InlineData("'--bytes' needs a value.", "--bytes")]
    [InlineData("'much' is no number, which '--rate' needs.", "--rate", "much")]
    [InlineData("'99999999999' is no number, which '--senders' needs.", "--senders", "99999999999")]
    [InlineData("'--partitions 3' is not understood.", "--partitions", "3")]
    public void Parse_Wrong_SaysWhat(string message, params string[] arguments) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => ReceiveOptions.Parse(arguments)).Message, StringComparison.Ordinal);
}
