namespace CfLogStream.Benchmarks.Judge;

/// <summary>The ledger's labels, looked up for single requests.</summary>
internal sealed class RequestLabels(IReadOnlyList<TruthLabel> labels)
{
    private readonly ILookup<(string, string, string), TruthLabel> _labels = labels.ToLookup(label => (label.Control, label.RuleId, label.Host));

    /// <summary>Returns the share of attacks among what a rule stopped of this client; null when the ledger does not tell.</summary>
    /// <remarks>
    /// The ledger knows a client as what it is, the analysis as what it looks like. By the client from the same network, by its name there, then by the client from anywhere;
    /// what looks like a scanner is one; a browser may go by another name of its class.
    /// </remarks>
    public double? AttackShare(LostRequest lost)
    {
        TruthLabel[] all = [.. _labels[(lost.Control, lost.RuleId, lost.Fields.Host)]];
        TruthLabel[] client = [.. all.Where(label => label.Class == lost.Class && label.Name == lost.Name)];
        return ShareOf(client.Where(label => label.Asn == lost.Fields.Asn))
            ?? ShareOf(all.Where(label => label.Name == lost.Name && label.Name.Length > 0 && label.Asn == lost.Fields.Asn))
            ?? ShareOf(client)
            ?? (lost.Class == "scanner" ? 1 : ShareOf(all.Where(label => label.Class == lost.Class)));
    }

    private static double? ShareOf(IEnumerable<TruthLabel> labels)
    {
        long attack = labels.Sum(label => label.Attack);
        long total = attack + labels.Sum(label => label.Legitimate);
        return total == 0 ? null : attack / (double)total;
    }
}
