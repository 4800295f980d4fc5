namespace CfLogStream.Core.Insight.Requests;

/// <summary>A rule that matched a request. Texts are log text.</summary>
/// <param name="Control">The folded control; empty when not logged.</param>
/// <param name="Action">The folded action.</param>
/// <param name="Reference">The rule's stable reference; empty or the id where it has none.</param>
/// <param name="Index">Cloudflare's match index: 0 is the last that matched; -1 when not logged.</param>
/// <param name="OriginatorRay">The ray that issued the challenge it tells of; empty when there is none.</param>
/// <param name="EndedRequest">Whether it ended the request.</param>
public sealed record MatchedControl(
    string Control, string Action, string RuleId, string Reference, string Description, int Index, string OriginatorRay, bool EndedRequest);
