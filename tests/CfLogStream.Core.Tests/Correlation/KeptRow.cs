using System.Globalization;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Correlation;

/// <summary>A row of <c>requests</c> as a test sees it.</summary>
public sealed record KeptRow(
    string Ray,
    long TimeNs,
    Outcome Outcome,
    bool Lost,
    bool HasRequest,
    bool HasEvents,
    double Weight,
    int Subrequests,
    IReadOnlyList<MatchedRule> Matches,
    string Parent,
    string Host)
{
    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"{Outcome} lost={Lost} req={HasRequest} ev={HasEvents} w={Weight:R} sub={Subrequests} parent={Parent} host={Host} m=[{Rules}]");

    private string Rules => string.Join(" | ", Matches.Select(
        m => $"{m.Control}/{m.RuleId}/{m.Action}/{m.RuleRef}/{m.Description}/{m.MatchIndex}/{m.OriginatorRay}"));
}
