namespace CfLogStream.ClickHouse.Tests;

public sealed class ClickHouseOptionsTests
{
    [Fact]
    public void Defaults()
    {
        var options = new ClickHouseOptions();

        Assert.Equal(new Uri("http://127.0.0.1:8123/"), options.Endpoint);
        Assert.Equal("cflogstream", options.Database);
        Assert.Equal("default", options.User);
        Assert.Equal(string.Empty, options.Password);
        Assert.Null(options.Cluster);
        Assert.Equal(TimeSpan.FromSeconds(60), options.QueryTimeout);
        Assert.Equal(TimeSpan.FromMinutes(5), options.InsertTimeout);
        Assert.Equal(TimeSpan.FromSeconds(10), options.ConnectTimeout);
        Assert.Equal(WireCompression.Auto, options.Compression);
        Assert.Empty(options.Validate());
    }

    [Fact]
    public void ToString_Password_IsNotShown()
    {
        var options = new ClickHouseOptions { User = "writer", Password = "correct horse" };
        using var connection = new ClickHouseConnection(options);

        Assert.DoesNotContain("correct horse", options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("correct horse", connection.ToString(), StringComparison.Ordinal);
        Assert.Contains("User = writer, Password = ***, ", options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_EverythingWrong_NamesEverything()
    {
        var options = new ClickHouseOptions
        {
            Endpoint = new Uri("tcp://db:9000"),
            Database = "my-logs",
            Cluster = "a'b",
            User = string.Empty,
            QueryTimeout = TimeSpan.Zero,
            InsertTimeout = TimeSpan.FromDays(2),
            ConnectTimeout = TimeSpan.FromSeconds(-1),
        };

        Assert.Equal(
            [
                "The endpoint 'tcp://db:9000' is no http or https address.",
                "The database 'my-logs' must start with a letter or '_' and have only letters, digits and '_'.",
                "The cluster 'a'b' must start with a letter or '_' and have only letters, digits and '_'.",
                "The user must not be empty.",
                "The query timeout (00:00:00) must be above zero and at most a day.",
                "The insert timeout (2.00:00:00) must be above zero and at most a day.",
                "The connect timeout (-00:00:01) must be above zero and at most a day.",
            ],
            options.Validate());
        Assert.Throws<ArgumentException>(() => new ClickHouseConnection(options));
    }

    [Fact]
    public void Validate_CredentialsInTheEndpoint_RefusesWithoutShowingThem()
    {
        string problem = Assert.Single(new ClickHouseOptions { Endpoint = new Uri("https://me:secret@db:8443/") }.Validate());

        Assert.Equal("The endpoint must hold neither user and password nor a query; they have options of their own.", problem);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8123/", WireCompression.Auto, false)]
    [InlineData("http://[::1]:8123/", WireCompression.Auto, false)]
    [InlineData("http://localhost:8123/", WireCompression.Auto, false)]
    [InlineData("https://db.example.com/", WireCompression.Auto, true)]
    [InlineData("https://db.example.com/", WireCompression.Never, false)]
    [InlineData("http://127.0.0.1:8123/", WireCompression.Always, true)]
    public void Compresses_Auto_OnlyTowardsOtherMachines(string endpoint, WireCompression compression, bool expected) =>
        Assert.Equal(expected, new ClickHouseOptions { Endpoint = new Uri(endpoint), Compression = compression }.Compresses);
}
