namespace CfLogStream.Core.Insight.Detection;

/// <summary>What the callers of a network that a rule stopped did before.</summary>
/// <param name="Network">The network as callers have it, for instance <c>AS64500 198.51.100.7/32</c>.</param>
/// <param name="Judged">Requests that the rule stopped, of the clients that look legitimate, weighted.</param>
/// <param name="GoodBefore">Good answers that the same callers had on the same hosts before their first loss.</param>
public sealed record NetworkPast(string Network, double Judged, long GoodBefore)
{
    /// <summary>The network without its address: <c>AS64500</c>.</summary>
    public string System => Network.Split(' ')[0];
}
