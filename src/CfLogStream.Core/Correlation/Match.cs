namespace CfLogStream.Core.Correlation;

/// <summary>A matched rule of a request being resolved or kept, by the numbers of its interned texts; each holds a reference.</summary>
internal struct Match
{
    public int Rule;
    public int Reference;
    public int Description;
    public int Originator;

    /// <summary>0 is the last matching rule; -1 when not logged.</summary>
    public int MatchIndex;

    /// <summary>The place among the http record's entries, then among the events in their canonical order.</summary>
    public int Order;
    public bool IsTerminating;

    /// <summary>The http record describes it: it is the one that SecurityAction and SecurityRuleID name.</summary>
    public bool IsNamed;

    /// <summary>An event has been joined to it.</summary>
    public bool HasEvent;
}
