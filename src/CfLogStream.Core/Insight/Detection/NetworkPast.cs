namespace CfLogStream.Core.Insight.Detection;

/// <summary>What the callers of one client in a network did before a rule stopped them.</summary>
/// <param name="Client">Class and name of the client, for instance <c>sdk/okhttp</c>.</param>
/// <param name="Network">The network as callers have it, for instance <c>AS64500 198.51.100.7/32</c>.</param>
/// <param name="Judged">Requests that the rule stopped, weighted.</param>
/// <param name="GoodBefore">Good answers that the same callers had on the same hosts before their first loss.</param>
public sealed record NetworkPast(string Client, string Network, double Judged, long GoodBefore)
{
    /// <summary>The JA4 fingerprint of most of them; empty when none was logged.</summary>
    public string Ja4 { get; init; } = "";

    /// <summary>From how many addresses it came; 0 when that was not read.</summary>
    public long Addresses { get; init; }

    /// <summary>In how many minutes each address was seen, summed.</summary>
    public long AddressMinutes { get; init; }

    /// <summary>The network without its address: <c>AS64500</c>.</summary>
    public string System() => Network.Split(' ')[0];
}
