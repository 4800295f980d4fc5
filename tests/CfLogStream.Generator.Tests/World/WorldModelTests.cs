using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Tests.World;

public sealed class WorldModelTests
{
    private static readonly WorldModel s_world = new(1, 1_785_974_400_000, 7_200_000, 100_000);

    [Fact]
    public void Endpoints_HostMethodTemplate_AreUnique()
    {
        var keys = s_world.Catalog.Endpoints.Select(endpoint => (endpoint.Host.Name, endpoint.Method, endpoint.Template)).ToList();

        Assert.Equal(keys.Count, keys.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, keys.Count), s_world.Catalog.Endpoints.Select(endpoint => endpoint.Index));
        Assert.Contains(s_world.Catalog.Endpoints, endpoint => endpoint.Surface == "asset");
    }

    [Fact]
    public void Actors_Shares_AddUpToAboutOne()
    {
        Assert.InRange(s_world.Actors.Sum(actor => actor.Share), 0.9, 1.15);
        Assert.All(s_world.Actors, actor => Assert.True(actor.Callers > 0));
        Assert.All(s_world.Actors, actor => Assert.Equal(actor.Fingerprints.Length, actor.Clients.Length));
        Assert.Equal(s_world.Actors.Length, s_world.Actors.Select(actor => actor.Name).Distinct().Count());
    }

    [Fact]
    public void Clients_Classes_AreThoseOfTheTaxonomy()
    {
        string[] classes =
        [
            "browser_nav", "browser_xhr", "browser_claimed", "mobile_app", "sdk", "no_ua", "webhook", "monitoring", "verified_bot",
                "crawler", "feed",
            "preview", "ai_agent", "cli", "api_tool", "scanner", "cf_internal",
        ];

        Assert.Equal(classes.Order(), s_world.Clients.Select(client => client.Class).Distinct().Order());
        Assert.All(s_world.Clients, client => Assert.Matches("^[a-z0-9_&]*$", client.Name));
        Assert.Contains(s_world.Clients, client => client is { Class: "browser_xhr", Name: "firefox" });
    }

    [Fact]
    public void Caller_SameNumber_IsTheSameCaller()
    {
        var callers = new CallerFactory(9);
        Actor actor = s_world.Actor("visitors of www.shop.example");
        var first = new Request();
        var second = new Request();
        var addresses = new HashSet<string>(StringComparer.Ordinal);
        for (int caller = 0; caller < 200; caller++)
        {
            callers.Fill(first, actor, caller);
            callers.Fill(second, actor, caller);
            Assert.Equal(first.Ip.Span.ToArray(), second.Ip.Span.ToArray());
            Assert.Same(first.Fingerprint, second.Fingerprint);
            string address = System.Text.Encoding.ASCII.GetString(first.Ip.Span);
            Assert.True(System.Net.IPAddress.TryParse(address, out _), address);
            addresses.Add(address);
        }

        Assert.True(addresses.Count > 195);
        Assert.Contains(addresses, address => address.Contains(':', StringComparison.Ordinal));
        Assert.Contains(addresses, address => address.Contains('.', StringComparison.Ordinal));
    }
}
