using CfLogStream.Benchmarks.Log;

namespace CfLogStream.Benchmarks.Tests.Log;

public sealed class LogOptionsTests
{
    [Fact]
    public void Parse_Nothing_GivesTheDefaults()
    {
        LogOptions options = LogOptions.Parse([]);

        Assert.Equal((300_000_000, 1000, 3), (options.Input.Bytes, options.Input.Rate, options.Input.Rounds));
        Assert.Equal((24, 500_000), (options.Partitions, options.MessageBytes));
        Assert.True(options.Input is { Program: null, Results: null });
    }

    [Fact]
    public void Parse_All_AreTaken()
    {
        LogOptions options = LogOptions.Parse(
            [.. "--bytes 5000000 --rate 200.5 --rounds 2 --partitions 6 --message-bytes 100000 --program /p --data d --results r".Split(' ')]);

        Assert.Equal((5_000_000, 200.5, 2), (options.Input.Bytes, options.Input.Rate, options.Input.Rounds));
        Assert.Equal((6, 100_000), (options.Partitions, options.MessageBytes));
        Assert.True(options.Input is { Program: "/p", Data: "d", Results: "r" });
    }

    [Fact]
    public void Parse_TooLittle_IsTheLeastThatCanBe()
    {
        LogOptions options = LogOptions.Parse([.. "--rounds 0 --partitions -1 --message-bytes 5".Split(' ')]);

        Assert.Equal((1, 1, 20_000), (options.Input.Rounds, options.Partitions, options.MessageBytes));
    }

    [Theory]
    [InlineData("'--bytes' needs a value.", "--bytes")]
    [InlineData("'many' is no number, which '--partitions' needs.", "--partitions", "many")]
    [InlineData("'--senders 3' is not understood.", "--senders", "3")]
    public void Parse_Wrong_SaysWhat(string message, params string[] arguments) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => LogOptions.Parse(arguments)).Message, StringComparison.Ordinal);
}
