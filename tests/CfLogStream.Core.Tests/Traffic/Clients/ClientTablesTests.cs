using System.Text;
using System.Text.RegularExpressions;
using CfLogStream.Core.Traffic;
using CfLogStream.Core.Traffic.Clients;

namespace CfLogStream.Core.Tests.Traffic.Clients;

public sealed partial class ClientTablesTests
{
    [Fact]
    public void BuiltIn_EveryRow_HasTokenNameAndSource()
    {
        Assert.True(ClientTables.BuiltIn.Count > 320);
        Assert.All(ClientTables.BuiltIn, row =>
        {
            Assert.NotEmpty(row.Token);
            Assert.Matches(NameShape(), Encoding.UTF8.GetString(row.Name));
            Assert.True(row.Source.Length > 5, Encoding.UTF8.GetString(row.Token));
            Assert.True(ClientClasses.TryGetLevel(row.Class, out _));
        });
    }

    [Fact]
    public void BuiltIn_Tokens_AreUnique()
    {
        Assert.Empty(ClientTables.BuiltIn
            .GroupBy(row => row.Anchor + Encoding.UTF8.GetString(row.Token).ToUpperInvariant())
            .Where(group => group.Count() > 1)
            .Select(group => group.Key));
    }

    [Fact]
    public void Webhooks_EveryRow_IsWellFormed()
    {
        Assert.True(ClientTables.Webhooks.Count >= 140);
        Assert.All(ClientTables.Webhooks, row =>
        {
            Assert.Matches(NameShape(), row.Name);
            Assert.NotEmpty(row.Provider);
            Assert.True(row.Source.Length > 5, row.Provider);
            Assert.All(row.Headers, header => Assert.Matches(HeaderShape(), header));
        });
    }

    [Theory]
    [InlineData("authorization")]
    [InlineData("x-signature")]
    [InlineData("content-type")]
    public void Headers_OfOrdinaryApiClients_AreNoWebhookHeaders(string header) =>
        Assert.Equal(-1, ClientTables.Headers.Find(Encoding.ASCII.GetBytes(header)));

    [Fact]
    public void Headers_AnyCase_AreFound()
    {
        int id = ClientTables.Headers.Find("Stripe-SIGNATURE"u8);
        Assert.True(id >= 0);
        Assert.True(ClientTables.Headers.IsOf(id, "stripe"u8));
        Assert.True(ClientTables.Headers.IsIdentifying(id));
        int shared = ClientTables.Headers.Find("x-hub-signature-256"u8);
        Assert.False(ClientTables.Headers.IsIdentifying(shared));
        Assert.Equal("hub_signature"u8, ClientTables.Headers.NameOf(shared));
    }

    [Theory]
    [InlineData("1.179.112.0", "brevo")]
    [InlineData("1.179.127.255", "brevo")]
    [InlineData("1.179.128.0", "")]
    [InlineData("1.179.111.255", "")]
    [InlineData("3.135.57.98", "fireblocks")]
    [InlineData("0.0.0.0", "")]
    public void Addresses_PublishedRanges_AreFound(string address, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(ClientTables.Addresses.Find(IpPrefix.Parse(Encoding.ASCII.GetBytes(address)))));

    [Theory]
    [InlineData(24940u, 1)]
    [InlineData(16509u, 1)]
    [InlineData(7922u, 2)]
    [InlineData(21928u, 2)]
    [InlineData(13335u, 0)]
    [InlineData(0u, 0)]
    [InlineData(4200000000u, 0)]
    public void KindOf_Network_IsAsListed(uint asn, int expected) => Assert.Equal((NetworkKind)expected, NetworkTable.KindOf(asn));

    [Fact]
    public void With_UserToken_NamesItsClient()
    {
        var settings = new ClassificationSettings { Clients = [new ClientToken("^billing-sync/", "webhook", "billing", "own")] };
        Assert.Equal("webhook/billing", Logs.Http(Logs.Agent("billing-sync/3.1.0"), settings).Client);
        Assert.Equal("sdk/billing_sync", Logs.Http(Logs.Agent("billing-sync/3.1.0")).Client);
    }

    [Fact]
    public void With_ClassThatNoUserAgentNames_IsRefused()
    {
        var settings = new ClassificationSettings { Clients = [new ClientToken("x", "cf_internal", "x", "own")] };
        ArgumentException error = Assert.Throws<ArgumentException>(() => new TrafficClassifier(settings));
        Assert.Equal(
            "The client token 'x' has the class 'cf_internal'; a user agent can name webhook, monitoring, ai_agent, crawler, preview, feed, scanner, "
            + "headless, load_test, api_tool, mobile_app, sdk, cli, infra.",
            error.Message);
    }

    [Fact]
    public void With_EmptyToken_IsRefused()
    {
        var settings = new ClassificationSettings { Clients = [new ClientToken("^", "sdk", "x", "own")] };
        ArgumentException error = Assert.Throws<ArgumentException>(() => new TrafficClassifier(settings));
        Assert.Equal("The client token '^' for 'x' is empty; name a part of the user agent.", error.Message);
    }

    [GeneratedRegex("^[a-z0-9]+(_[a-z0-9]+)*$")]
    private static partial Regex NameShape();

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)+$")]
    private static partial Regex HeaderShape();
}
