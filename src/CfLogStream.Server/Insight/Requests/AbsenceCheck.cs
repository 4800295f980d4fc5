namespace CfLogStream.Server.Insight.Requests;

/// <summary>A reason why a ray may be absent, and what looking for it gave.</summary>
/// <param name="Name">A stable word for it, for instance <c>dead_letters</c>.</param>
/// <param name="Finding">What was found.</param>
/// <param name="Text">The sentence for people, with its numbers. Quotes log text.</param>
public sealed record AbsenceCheck(string Name, AbsenceFinding Finding, string Text);

/// <summary>What looking for a reason gave.</summary>
public enum AbsenceFinding
{
    /// <summary>It is the reason, or part of it: there is a trace of this very ray.</summary>
    Trace,

    /// <summary>It can be the reason.</summary>
    Possible,

    /// <summary>It was looked for and is not the reason.</summary>
    Excluded,

    /// <summary>Nothing here can tell.</summary>
    NotCheckable,
}
