namespace CfLogStream.Benchmarks.Judge;

/// <summary>What the ledger says of an incident.</summary>
/// <param name="Pattern">The ledger's word; empty when nothing goes wrong.</param>
/// <param name="Stopped">Endpoints and clients that the incident's rule stopped, or let pass.</param>
/// <param name="Labels">By rule, host, client and network: lost requests that were attacks, and that were not.</param>
internal sealed record Truth(
    string Pattern, string Zone, string Control, string RuleId, string SkipRuleId, string Host, string Class, string Name,
    IReadOnlyList<TruthRow> Stopped, IReadOnlyList<TruthLabel> Labels)
{
    /// <summary>Whether someone is misjudged, or too much let pass.</summary>
    public bool IsIncident => Pattern.Length > 0 && !Pattern.Contains("rightly", StringComparison.Ordinal);
}

/// <summary>What the incident did to one client on one endpoint.</summary>
internal sealed record TruthRow(string Host, string Method, string Template, string Class, string Name, long Lost, long Requests);

/// <summary>What a rule stopped of one client from one network on one host, by intent.</summary>
internal sealed record TruthLabel(string Control, string RuleId, string Host, string Class, string Name, long Legitimate, long Attack, uint Asn = 0);
