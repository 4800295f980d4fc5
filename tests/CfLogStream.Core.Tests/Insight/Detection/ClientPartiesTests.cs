using CfLogStream.Core.Insight.Detection;

namespace CfLogStream.Core.Tests.Insight.Detection;

/// <summary>Who is told from the client whose name they borrow.</summary>
public sealed class ClientPartiesTests
{
    [Fact]
    public void IsDoubted_NoPastAndAnotherProgram_EvenWhenTheyAreTheMany()
    {
        var parties = new ClientParties([Past("AS100", judged: 35, good: 33, "own"), Past("AS200", judged: 375, good: 0, "other")]);
        Assert.True(parties.IsDoubted("sdk", "python_requests", 200));
        Assert.False(parties.IsDoubted("sdk", "python_requests", 100));
        Assert.Equal(["AS200"], parties.DoubtedSystems);
    }

    [Fact]
    public void IsDoubted_NoPastButTheSameProgram_OnlyBesideALargerKnownPart()
    {
        Assert.Empty(new ClientParties([Past("AS100", 35, 33, "own"), Past("AS200", 375, 0, "own")]).DoubtedSystems);
        Assert.Equal(["AS200"], new ClientParties([Past("AS100", 375, 33, "own"), Past("AS200", 35, 0, "own")]).DoubtedSystems);
    }

    [Fact]
    public void IsDoubted_APastButFromEachAddressForAMinute_ThoughNotWhenTheClientItselfIsLikeThat()
    {
        NetworkPast steady = Past("AS100", 500, 397, "own", addresses: 3, minutes: 54);
        NetworkPast fleeting = Past("AS200", 589, 255, "other", addresses: 11, minutes: 16);
        Assert.Equal(["AS200"], new ClientParties([steady, fleeting]).DoubtedSystems);
        Assert.Equal(["AS200"], new ClientParties([steady, fleeting with { GoodBefore = 900 }]).DoubtedSystems);
        Assert.Empty(new ClientParties([steady with { Addresses = 54 }, fleeting]).DoubtedSystems);
        Assert.Empty(new ClientParties([steady, fleeting with { AddressMinutes = 110 }]).DoubtedSystems);
        Assert.Empty(new ClientParties([steady, fleeting with { Addresses = 0 }]).DoubtedSystems);
    }

    [Fact]
    public void IsDoubted_TheSameLibraryInAnAppAndInAScript_IsComparedByName()
    {
        var parties = new ClientParties(
            [Past("AS100", 78, 141, "own", client: "mobile_app/okhttp"), Past("AS200", 252, 0, "other", client: "sdk/okhttp")]);
        Assert.True(parties.IsDoubted("sdk", "okhttp", 200));
        Assert.False(parties.IsDoubted("mobile_app", "okhttp", 100));
    }

    [Fact]
    public void IsDoubted_NobodyElseByThatNameButFleetingAndSeldomServed()
    {
        NetworkPast passingBy = Past("AS100", 264, 0, "own", addresses: 5, minutes: 7);
        Assert.Equal(["AS100"], new ClientParties([passingBy]).DoubtedSystems);
        NetworkPast another = Past("AS200", 34, 0, "own", addresses: 1, minutes: 1);
        Assert.Equal(["AS100", "AS200"], new ClientParties([passingBy, another]).DoubtedSystems.Order());
        Assert.Empty(new ClientParties([passingBy with { GoodBefore = 300 }]).DoubtedSystems);
        Assert.Empty(new ClientParties([passingBy with { AddressMinutes = 100 }]).DoubtedSystems);
    }

    [Theory]
    [InlineData("browser_xhr/chrome")]
    [InlineData("webhook/stripe")]
    [InlineData("mobile_app/shopapp")]
    [InlineData("mobile_app/okhttp")]
    public void IsDoubted_PeopleAndWebhooks_Never(string client) => Assert.Empty(
        new ClientParties([Past("AS100", 300, 40, "own", client: client), Past("AS200", 65, 0, "other", client: client)]).DoubtedSystems);

    [Fact]
    public void DoubtedSystems_ATrustedClientCallsFromThereToo_IsNotDoubtedAsAWhole()
    {
        var parties = new ClientParties(
            [Past("AS100", 300, 40, "own"), Past("AS200", 65, 0, "other"), Past("AS200", 20, 20, "third", client: "sdk/guzzle")]);
        Assert.Empty(parties.DoubtedSystems);
        Assert.True(parties.IsDoubted("sdk", "python_requests", 200));
        Assert.False(parties.IsDoubted("sdk", "guzzle", 200));
    }

    private static NetworkPast Past(
        string system, double judged, long good, string ja4, string client = "sdk/python_requests", long addresses = 3, long minutes = 300) =>
        new(client, system + " 198.51.100.7/32", judged, good) { Ja4 = ja4, Addresses = addresses, AddressMinutes = minutes };
}
