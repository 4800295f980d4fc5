using System.Text;
using CfLogStream.Core.Insight.Controls;
using CfLogStream.Core.Traffic;
using CfLogStream.Core.Traffic.Controls;

namespace CfLogStream.Core.Insight.Requests;

/// <summary>Puts the matched rules of a request, stored with the one that ended it first, into the order of evaluation.</summary>
public static class MatchOrder
{
    /// <summary>
    /// Returns the matches in the order of evaluation, and whether the log itself says that order: only security events have match
    /// indexes. Without them it is that of Cloudflare's phases.
    /// </summary>
    public static (IReadOnlyList<MatchedControl> Matches, bool IsLogged) Of(IReadOnlyList<MatchedControl> stored, string outcome)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var matches = new List<MatchedControl>(stored);
        if (matches.Count > 0 && IsStopped(outcome) && MayEnd(matches[0].Action))
        {
            matches[0] = matches[0] with { EndedRequest = true };
        }

        bool isLogged = matches.TrueForAll(static match => match.Index >= 0);
        IEnumerable<MatchedControl> ordered = isLogged
            ? matches.OrderBy(static match => match.EndedRequest).ThenByDescending(static match => match.Index)
            : matches.OrderBy(static match => match.EndedRequest).ThenBy(static match => OrderOf(match.Control));
        return ([.. ordered], isLogged || matches.Count < 2);
    }

    /// <summary>Whether an outcome, as rows show it, means that the request was stopped.</summary>
    public static bool IsStopped(string outcome) => outcome is "blocked" or "rate_limited" or "dropped" or "challenged";

    // An action that is not understood ended the request where the edge refused it.
    private static bool MayEnd(string action)
    {
        byte[] folded = Encoding.UTF8.GetBytes(action);
        return Mitigation.IsTerminating(folded) || !Mitigation.IsKnown(folded);
    }

    private static int OrderOf(string control) => ControlCatalog.Of(control) is { Order: > 0 } facts ? facts.Order : int.MaxValue;
}
