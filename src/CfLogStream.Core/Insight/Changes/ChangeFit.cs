using System.Globalization;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Changes;

/// <summary>Says which changes fit an onset, and whether Cloudflare changed something itself. Pure.</summary>
/// <remarks>
/// A change fits in the half hour before the onset, and up to two minutes after it: events are counted by the minute, and an audit log's
/// time is that of the answer. The score is what the change is about (1 the same rule, 0.6 the same control of the zone, 0.25 the zone)
/// times how near in time it is, and a third of that where the change goes the other way.
/// </remarks>
public static class ChangeFit
{
    /// <summary>How long before the onset a change may be.</summary>
    public static readonly TimeSpan Before = TimeSpan.FromMinutes(30);

    /// <summary>How long after it.</summary>
    public static readonly TimeSpan After = TimeSpan.FromMinutes(2);

    private const double SameRule = 1;
    private const double SameControl = 0.6;
    private const double SameZone = 0.25;
    private const double AccountWide = 0.8;
    private const double WrongWay = 1.0 / 3;
    private const double LowestTime = 0.5;

    // Their rules and thresholds are Cloudflare's: they change without an entry in anybody's audit log.
    private static readonly HashSet<string> s_managed = new(StringComparer.Ordinal)
    {
        "firewallmanaged", "waf", "botmanagement", "botfight", "l7ddos", "securitylevel", "bic", "validation", "sanitycheck", "dlp", "unknown",
    };

    /// <summary>Returns the changes that fit, the best first; of a change that both versions of the audit log tell, one.</summary>
    public static IReadOnlyList<ChangeMatch> Rank(ChangeQuestion question, IEnumerable<Change> changes)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(changes);
        IEnumerable<ChangeMatch> matches =
            from change in changes
            let match = Match(question, change)
            where match is not null
            orderby match.Score descending, (question.Onset - change.Time).Duration(), Preference(change), change.Id
            select match;
        var kept = new List<ChangeMatch>();
        foreach (ChangeMatch match in matches)
        {
            if (!kept.Any(other => AreTheSame(other.Change, match.Change)))
            {
                kept.Add(match);
            }
        }

        return kept;
    }

    /// <summary>Says what explains an onset.</summary>
    /// <param name="hasAuditLogs">Whether audit logs are read at that time: without them no change is no evidence.</param>
    public static ChangeExplanation Explain(ChangeQuestion question, IEnumerable<Change> changes, bool hasAuditLogs)
    {
        IReadOnlyList<ChangeMatch> matches = Rank(question, changes);
        ChangeMatch? best = matches.Count > 0 ? matches[0] : null;
        bool isManaged = question.Rule is { } rule && s_managed.Contains(rule.Control);
        if (best is not null && IsByCloudflare(best.Change))
        {
            return new(ChangeCause.CloudflareChange, matches, "Cloudflare itself made a change that fits: " + best.Reason);
        }

        if (best is not null && (best.Score > SameZone || !isManaged))
        {
            return new(ChangeCause.OwnChange, matches, best.Reason);
        }

        if (!hasAuditLogs)
        {
            return new(ChangeCause.Unknown, matches, "No audit logs are read for that time, so it is not known who changed what.");
        }

        // What else was changed in the zone is no change that fits: named as one, it would be taken for the cause.
        return isManaged
            ? new(ChangeCause.CloudflareChange, [], "No change of your own touches this control at that time, and its rules are Cloudflare's: "
                + "a managed rule was probably released or tuned." + (best is null ? "" : " " + best.Reason))
            : new(ChangeCause.NoChange, matches, "No change is logged that fits; what the clients send has probably changed.");
    }

    private static ChangeMatch? Match(ChangeQuestion question, Change change)
    {
        TimeSpan lead = question.Onset - change.Time;
        if (lead > Before || lead < -After)
        {
            return null;
        }

        (double about, string what) = About(question, change);
        if (about == 0)
        {
            return null;
        }

        double near = 1 - ((1 - LowestTime) * (lead >= TimeSpan.Zero ? lead / Before : -lead / After));
        ChangeDirection effect = ChangeEffect.Of(change);
        bool isOpposite = effect != ChangeDirection.Unknown && question.Direction != ChangeDirection.Unknown && effect != question.Direction;
        string reason = $"{what}, {Span(lead)}" + (isOpposite ? ", but it goes the other way" : "") + ".";
        return new ChangeMatch(change, about * near * (isOpposite ? WrongWay : 1), char.ToUpperInvariant(reason[0]) + reason[1..]);
    }

    private static (double Score, string What) About(ChangeQuestion question, Change change)
    {
        string zone = question.Rule is { Zone.Length: > 0 } of ? of.Zone : question.Zone;
        bool isAccountWide = change.Zone.Length == 0;
        bool isSameZone = isAccountWide || zone.Length == 0 || string.Equals(change.Zone, zone, StringComparison.OrdinalIgnoreCase);
        if (question.Rule is { } rule && IsSameRule(rule, change))
        {
            return (SameRule, "the same rule was changed");
        }

        double wide = isAccountWide ? AccountWide : 1;
        return !isSameZone ? (0, "")
            : question.Rule is { } other && change.Control.Length > 0 && change.Control == other.Control
                ? (SameControl * wide, "the same control was changed" + (isAccountWide ? " for the account" : " in the zone"))
                : (SameZone * wide, isAccountWide ? "something was changed for the account" : "something else was changed in the zone");
    }

    private static bool IsSameRule(RuleIdentity rule, Change change) =>
        IsOneOf(change.RuleId, rule) || IsOneOf(change.RuleReference, rule);

    private static bool IsOneOf(string id, RuleIdentity rule) => id.Length > 0 && (id == rule.Id || id == rule.Reference);

    private static bool IsByCloudflare(Change change) =>
        change.ActorKind.StartsWith("Cloudflare_admin", StringComparison.OrdinalIgnoreCase)
        || change.ActorKind.StartsWith("system", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether both versions of the audit log tell one change.</summary>
    private static bool AreTheSame(Change one, Change other) =>
        one.Source != other.Source && one.Source.StartsWith("audit_logs", StringComparison.Ordinal)
        && other.Source.StartsWith("audit_logs", StringComparison.Ordinal)
        && (one.Time - other.Time).Duration() <= TimeSpan.FromSeconds(1)
        && one.Actor == other.Actor && one.Zone == other.Zone && one.RuleId == other.RuleId && one.Control == other.Control;

    /// <summary>The version that has the old value comes first.</summary>
    private static int Preference(Change change) => change.Source == "audit_logs" ? 0 : 1;

    private static string Span(TimeSpan lead)
    {
        TimeSpan length = lead.Duration();
        string text = length < TimeSpan.FromSeconds(1) ? "at the same second"
            : length < TimeSpan.FromMinutes(1) ? string.Create(CultureInfo.InvariantCulture, $"{length.TotalSeconds:0} s")
            : string.Create(CultureInfo.InvariantCulture, $"{length.TotalMinutes:0} min");
        return length < TimeSpan.FromSeconds(1) ? text : text + (lead > TimeSpan.Zero ? " before it began" : " after it was first seen");
    }
}
