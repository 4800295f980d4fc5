using CfLogStream.Core.Insight.Ownership;

namespace CfLogStream.Server.Insight.Ownership;

/// <summary>How much of what acts on APIs, and of the APIs, has an owner.</summary>
/// <param name="Rules">Rules that act on API surfaces.</param>
/// <param name="RulesOwned">Of those, with an owner.</param>
/// <param name="Lost">Requests that they lost.</param>
/// <param name="LostOwned">Of those, by a rule with an owner.</param>
/// <param name="Endpoints">Endpoints of API surfaces.</param>
/// <param name="EndpointsOwned">Of those, with an owner.</param>
/// <param name="UnownedRules">The rules without an owner, the one that lost most first, each with the endpoint it lost most at.</param>
/// <param name="UnownedEndpoints">The endpoints without an owner, the one that lost most first.</param>
public sealed record OwnerCoverage(
    int Rules,
    int RulesOwned,
    long Lost,
    long LostOwned,
    int Endpoints,
    int EndpointsOwned,
    IReadOnlyList<SeenRule> UnownedRules,
    IReadOnlyList<SeenEndpoint> UnownedEndpoints)
{
    /// <summary>Works it out. A rule has an owner by itself or by its zone: that of an endpoint it acts on is not its own.</summary>
    public static OwnerCoverage Of(OwnerBook book, IReadOnlyList<SeenRule> rules, IReadOnlyList<SeenEndpoint> endpoints)
    {
        ArgumentNullException.ThrowIfNull(book);
        SeenRule[] totals =
        [
            .. from rule in rules
               group rule by (rule.Rule.Zone, rule.Rule.Control, rule.Rule.Id, rule.Rule.Action) into one
               let worst = one.First()
               let total = worst with { Count = one.Sum(row => row.Count), Lost = one.Sum(row => row.Lost) }
               orderby total.Lost descending, total.Count descending
               select total,
        ];
        SeenRule[] unownedRules = [.. totals.Where(rule => book.Find(rule.Rule, null) is null)];
        SeenEndpoint[] unownedEndpoints = [.. endpoints.Where(endpoint => book.Find(null, endpoint.Endpoint) is null)];
        long lost = totals.Sum(rule => rule.Lost);
        return new OwnerCoverage(
            totals.Length,
            totals.Length - unownedRules.Length,
            lost,
            lost - unownedRules.Sum(rule => rule.Lost),
            endpoints.Count,
            endpoints.Count - unownedEndpoints.Length,
            unownedRules,
            unownedEndpoints);
    }
}
