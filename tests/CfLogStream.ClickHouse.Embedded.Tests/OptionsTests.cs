namespace CfLogStream.ClickHouse.Embedded.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Defaults_AreThese()
    {
        var options = new EmbeddedClickHouseOptions();
        options.Validate();
        Assert.Equal(":memory:", options.DataFolder);
        Assert.Null(options.ExpectedBytes);
        Assert.True(options.Listen);
        Assert.Equal(System.Net.IPAddress.Loopback, options.Address);
        Assert.Equal(0, options.Port);
        Assert.Equal([new EmbeddedUser("default", "", ReadOnly: false)], options.Users);
        Assert.Equal(8, options.Connections);
        Assert.Equal(TimeSpan.FromSeconds(30), options.WaitTimeout);
        Assert.Equal(16L << 30, options.MaxBodyBytes);
        Assert.Equal(1 << 20, options.MaxQueryBytes);
        Assert.Equal(TimeSpan.FromMinutes(5), options.MaxExecutionTime);
        Assert.Equal(1L << 30, options.MaxMemoryBytes);
        Assert.Equal(512L << 20, options.MaxStatementMemoryBytes);
        Assert.Equal(Environment.ProcessorCount, options.Threads);
    }

    [Fact]
    public void Validate_OutOfRange_SaysWhatIsExpected()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new EmbeddedClickHouseOptions { Connections = 0 }.Validate());
        Assert.StartsWith("The option Connections is '0'; expected 1 to 256.", exception.Message, StringComparison.Ordinal);
        exception = Assert.Throws<ArgumentException>(() => new EmbeddedClickHouseOptions { MaxMemoryBytes = 300 << 20 }.Validate());
        Assert.StartsWith(
            "The option MaxStatementMemoryBytes is '536870912'; expected more than 0 and at most MaxMemoryBytes (314572800).",
            exception.Message, StringComparison.Ordinal);
        exception = Assert.Throws<ArgumentException>(() => new EmbeddedClickHouseOptions
        {
            Users = [new EmbeddedUser("a", "x", ReadOnly: true), new EmbeddedUser("a", "y", ReadOnly: true)],
        }.Validate());
        Assert.StartsWith("The option Users is 'a, a'; expected each name once.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void User_AsText_HidesThePassword() =>
        Assert.Equal("reader (read-only, password ***)", new EmbeddedUser("reader", "secret", ReadOnly: true).ToString());

    [Fact]
    public async Task Start_SecondInOneProcess_IsRefused()
    {
        InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(() => EmbeddedClickHouse.StartAsync(
            new EmbeddedClickHouseOptions(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
            TestContext.Current.CancellationToken));
        Assert.Contains("and the engine serves one folder per process.", exception.Message, StringComparison.Ordinal);
    }
}
