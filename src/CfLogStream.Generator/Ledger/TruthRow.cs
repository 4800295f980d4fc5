namespace CfLogStream.Generator.Ledger;

/// <summary>Counts of one endpoint, method and client in one minute (or in the whole incident).</summary>
internal struct TruthRow
{
    public int Key;
    public int Requests;
    public int Lost;

    /// <summary>Of the lost: those of attackers.</summary>
    public int AttackLost;
    public int Edge5xx;
    public int Origin5xx;
    public OutcomeCounts Outcomes;
}
