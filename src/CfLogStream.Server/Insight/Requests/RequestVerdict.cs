using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Ownership;

namespace CfLogStream.Server.Insight.Requests;

/// <summary>What a diagnosis of a lost request's host says of its client, and of the rule that ended it.</summary>
/// <param name="Legitimacy">Whether the client, by class and name on this host, is legitimate.</param>
/// <param name="Finding">What the rule does to that client on the request's endpoint, and what to change where that is wrong.</param>
/// <param name="Owner">Who owns the rule or the endpoint; null when nobody is known.</param>
public sealed record RequestVerdict(LegitimacyEstimate Legitimacy, Finding Finding, Owner? Owner)
{
    /// <summary>Whether the rule stops this client wrongly, as it looks.</summary>
    public bool IsMisjudged => Finding.Kind != FindingKind.RightlyStopped;
}
