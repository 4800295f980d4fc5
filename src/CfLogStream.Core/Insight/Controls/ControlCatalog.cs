using System.Text;
using CfLogStream.Core.Traffic.Controls;

namespace CfLogStream.Core.Insight.Controls;

/// <summary>The controls: their order, where they are changed, and what exempts from them.</summary>
/// <remarks>
/// The order is that of the request phases of the Ruleset Engine. Within a phase the account's rulesets come before the zone's. An action
/// that ends the request leaves everything after it unevaluated. Products outside the engine have no documented place among the phases, and
/// the catalogue says so instead of guessing.
/// </remarks>
public static class ControlCatalog
{
    private static readonly Dictionary<string, ControlFacts> s_facts =
        ControlTable.All.ToDictionary(static facts => facts.Control, StringComparer.Ordinal);

    /// <summary>All known controls: those with an order first, in it, then the others.</summary>
    public static IReadOnlyList<ControlFacts> All => ControlTable.All;

    /// <summary>
    /// Returns what is known of a control in any spelling of the datasets and the API; of one that is not known, facts that say so.
    /// </summary>
    public static ControlFacts Of(string control)
    {
        string folded = Fold(control);
        return s_facts.TryGetValue(folded == "sanitycheck" ? "validation" : folded, out ControlFacts? facts)
            ? facts
            : Unknown(folded);
    }

    /// <summary>Returns a control's folded name: lower case, without underscores, hyphens and blanks.</summary>
    public static string Fold(string control)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(control);
        return Encoding.UTF8.GetString(bytes, 0, Mitigation.Fold(bytes, bytes));
    }

    /// <summary>
    /// Returns the controls that had no say, or may have had none, because this one stopped the request: what may stop it next.
    /// </summary>
    /// <returns>First the rest of the same phase, then later ones in their order, then those whose order is not documented.</returns>
    public static IReadOnlyList<LaterControl> ControlsAfter(string control)
    {
        ControlFacts stopped = Of(control);
        var same = new List<LaterControl>();
        var later = new List<LaterControl>();
        var unknown = new List<LaterControl>();
        foreach (ControlFacts other in All)
        {
            if (!other.CanTerminate)
            {
                continue;
            }

            switch (Relate(stopped, other))
            {
                case LaterRelation.SamePhase:
                    same.Add(new LaterControl(other, LaterRelation.SamePhase));
                    break;
                case LaterRelation.Later:
                    later.Add(new LaterControl(other, LaterRelation.Later));
                    break;
                case LaterRelation.OrderUnknown:
                    unknown.Add(new LaterControl(other, LaterRelation.OrderUnknown));
                    break;
                default:
                    break;
            }
        }

        return [.. same, .. later, .. unknown];
    }

    private static LaterRelation? Relate(ControlFacts stopped, ControlFacts other)
    {
        if (stopped.Placement == ControlPlacement.BeforeAll)
        {
            return other.Control == stopped.Control ? null : LaterRelation.Later;
        }

        if (other.Placement == ControlPlacement.BeforeAll)
        {
            return null;
        }

        if (stopped.InRulesetEngine && stopped.Phase == other.Phase)
        {
            return LaterRelation.SamePhase;
        }

        if (stopped.InRulesetEngine && other.InRulesetEngine)
        {
            return other.Order > stopped.Order ? LaterRelation.Later : null;
        }

        if (stopped.Control == other.Control)
        {
            return LaterRelation.SamePhase;
        }

        // The one order that is documented outside the engine.
        return (stopped.Control, other.Control) switch
        {
            ("zonelockdown", "uablock") => LaterRelation.Later,
            ("uablock", "zonelockdown") => null,
            _ => LaterRelation.OrderUnknown,
        };
    }

    private static ControlFacts Unknown(string folded) => new()
    {
        Control = folded,
        Name = ControlNames.Of(folded),
        Placement = ControlPlacement.Unknown,
        Place = "Security › Events, filtered by the ray: it names the product",
        Note = "This program does not know the control; nothing is assumed about what exempts from it.",
    };
}
