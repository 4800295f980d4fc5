using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Ledger;

/// <summary>Counts of lost requests per rule, action, host, client and network, apart by intent: labels for whoever judges stopped traffic.</summary>
internal sealed class StoppedByRule
{
    private readonly Dictionary<(Rule Rule, string Action, int Host, int Client, uint Asn), StoppedCount> _counts = [];

    /// <summary>Adds a request that was lost.</summary>
    public void Add(Request request)
    {
        ref RuleMatch last = ref request.Matches[request.MatchCount - 1];
        (Rule, string, int, int, uint) key = (last.Rule, last.Action.Name, request.Endpoint.Host.Index, request.Client.Index, request.Network.Asn);
        if (!_counts.TryGetValue(key, out StoppedCount? count))
        {
            _counts.Add(key, count = new StoppedCount(last.Rule, last.Action, request.Endpoint.Host, request.Client, request.Network.Asn));
        }

        if (request.Actor.Attack)
        {
            count.Attack++;
        }
        else
        {
            count.Legitimate++;
        }
    }

    /// <summary>Returns the counts in an order that does not depend on who came first.</summary>
    public IEnumerable<StoppedCount> Sorted() => _counts.Values
        .OrderBy(count => count.Host.Index)
        .ThenBy(count => count.Rule.Control.Name, StringComparer.Ordinal)
        .ThenBy(count => count.Rule.IdText, StringComparer.Ordinal)
        .ThenBy(count => count.Action.Name, StringComparer.Ordinal)
        .ThenBy(count => count.Client.Index)
        .ThenBy(count => count.Asn);
}
