namespace CfLogStream.Core.Correlation;

/// <summary>A row of <c>rules</c>: hour × zone × control × rule × action, with the newest description.</summary>
public struct RuleRow
{
    /// <summary>The hour's key; chunk as for minutes.</summary>
    public RowKey Key;
    public Utf8Text Zone;
    public Utf8Text Control;
    public Utf8Text RuleId;
    public Utf8Text Action;
    public Utf8Text RuleRef;

    /// <summary>The description with the latest event time (ties: the greatest text).</summary>
    public Utf8Text Description;
    public ulong Count;
    public long FirstSeenNs;
    public long LastSeenNs;
}
