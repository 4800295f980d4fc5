using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Core.Insight.Remedies;
using CfLogStream.Core.Traffic.Controls;

namespace CfLogStream.Server.Insight.Reporting;

/// <summary>The sentences of a diagnosis, the same in every output.</summary>
/// <remarks>They hold log text as it is: whoever shows one escapes the whole of it for the medium.</remarks>
public static class FindingWording
{
    /// <summary>What kind of finding it is, in a few words.</summary>
    public static string Kind(FindingKind kind) => kind switch
    {
        FindingKind.Misjudged => "Legitimate clients stopped",
        FindingKind.FellSilent => "Fell silent after a block",
        FindingKind.BroadBypass => "Exemption too broad",
        FindingKind.MixedSurface => "Pages and API mixed",
        FindingKind.EdgeErrors => "Errors of the edge",
        FindingKind.OriginErrors => "Errors of the origin",
        FindingKind.RightlyStopped => "Rightly stopped",
        _ => kind.ToString(),
    };

    /// <summary>Why the control misjudged the client; empty where that is not decided.</summary>
    public static string Pattern(MisjudgementPattern pattern) => pattern switch
    {
        MisjudgementPattern.Unknown => "",
        MisjudgementPattern.BrowserRule => "A rule written for browsers acts on clients that are none.",
        MisjudgementPattern.UnsolvableChallenge => "The challenge goes to a client that cannot solve it.",
        MisjudgementPattern.RateLimitBelowBurst => "The rate limit is below the bursts of a legitimate client.",
        MisjudgementPattern.GeoOrNetworkRule => "A rule on countries or networks hits a partner.",
        MisjudgementPattern.BotThreshold => "A bot control or score threshold takes an API client for an unwanted bot.",
        MisjudgementPattern.ManagedRuleOnContent => "A managed rule takes an ordinary body or query for an attack.",
        MisjudgementPattern.FingerprintChange => "The client changed its fingerprint or user agent with an update.",
        MisjudgementPattern.PreflightBlocked => "The CORS preflight is stopped, so that the real request never comes.",
        MisjudgementPattern.UserAgentRule => "A library's default user agent, or none, is refused.",
        MisjudgementPattern.LoadTakenForFlood => "HTTP DDoS protection takes legitimate load for a flood.",
        MisjudgementPattern.SchemaOrToken => "API Shield refuses calls that its schema or token rules do not know.",
        MisjudgementPattern.AddressRule => "A list of addresses refuses an address that a legitimate client uses now.",
        MisjudgementPattern.ExemptionTooBroad => "The exemption covers more than it is there for.",
        _ => pattern.ToString(),
    };

    /// <summary>The verdict in one line.</summary>
    public static string Verdict(Finding finding)
    {
        string likely = Likely(finding.Legitimacy.Probability);
        return finding.Kind switch
        {
            FindingKind.Misjudged => $"A false positive: this traffic is {likely}, and it is stopped.",
            FindingKind.FellSilent => $"These clients stopped calling after they had been blocked; a falling block rate is no recovery. They were {likely}.",
            FindingKind.BroadBypass => $"The exemption lets more pass than it is there for: what rides on it is {likely}.",
            FindingKind.MixedSurface => "Browser pages and an API are under one rule: what is right for one breaks the other.",
            FindingKind.EdgeErrors => "The edge makes these errors by itself; the origin is fine.",
            FindingKind.OriginErrors => "The origin fails and Cloudflare only passes it on: no rule change helps.",
            FindingKind.RightlyStopped => $"Nothing to do: this traffic is {likely}.",
            _ => $"This traffic is {likely}.",
        };
    }

    /// <summary>A probability of being legitimate, in words with the figure.</summary>
    public static string Likely(double probability)
    {
        string words = probability switch
        {
            double.NaN => "of unknown legitimacy",
            >= 0.95 => "almost certainly legitimate",
            >= 0.8 => "very probably legitimate",
            >= 0.6 => "probably legitimate",
            > 0.4 => "as likely legitimate as not",
            > 0.2 => "probably not legitimate",
            > 0.05 => "very probably not legitimate",
            _ => "almost certainly not legitimate",
        };
        return double.IsNaN(probability) ? words : $"{words} ({ReportNumbers.Probability(probability)})";
    }

    /// <summary>What happened to the requests that a finding counts as lost, as a participle.</summary>
    public static string Lost(FindingKind kind) => kind switch
    {
        FindingKind.BroadBypass => "let through",
        FindingKind.EdgeErrors or FindingKind.OriginErrors => "failed",
        FindingKind.RightlyStopped => "stopped",
        _ => "lost",
    };

    /// <summary>How much is lost, by how many.</summary>
    public static string Loss(Finding finding) => Loss(finding.Loss, Lost(finding.Kind));

    /// <summary>How much is lost, by how many; <paramref name="lost"/> is the participle.</summary>
    public static string Loss(LossEstimate loss, string lost) =>
        $"{ReportNumbers.Count(loss.Lost)} of {ReportNumbers.Count(loss.Requests, "request")} {lost} ({ReportNumbers.Percent(loss.Share)}), "
        + ReportNumbers.Count(loss.Callers, "caller");

    /// <summary>The share of caller-minutes with its uncertainty; empty where there are none.</summary>
    public static string Interval(LossEstimate loss) => loss.CallerMinutes <= 0
        ? ""
        : $"{ReportNumbers.Count(loss.CallerMinutesLost)} of {ReportNumbers.Count(loss.CallerMinutes, "caller-minute")}, "
            + $"95 % interval {ReportNumbers.Range(loss.ShareLow, loss.ShareHigh)}";

    /// <summary>Since when, and whether it goes on.</summary>
    public static string Since(Finding finding)
    {
        string since = finding.Onset is { } onset ? $"since {ReportNumbers.Time(onset)} UTC" : "since before the data begins";
        return finding.Ongoing ? since + ", still going on"
            : finding.LastSeen == default ? since
            : $"{since}, last seen {ReportNumbers.Time(finding.LastSeen)} UTC";
    }

    /// <summary>Since when, and the change that fits best, in as few words as they can be said.</summary>
    public static string BriefSince(Finding finding)
    {
        string since = finding.Onset is { } onset ? $"since {ReportNumbers.Minute(onset)} UTC" : "since before the data begins";
        string ongoing = finding.Ongoing ? $"ongoing {since}" : since;
        return finding.Changes.Count == 0 ? ongoing : $"{ongoing}; {ChangeAndDistance(finding, finding.Changes[0], "")}";
    }

    /// <summary>One change, and how it lies to the onset.</summary>
    public static string Change(Finding finding, Change change)
    {
        string summary = change.Summary.Length > 0 ? $": {change.Summary}" : "";
        return ChangeAndDistance(finding, change, $" at {ReportNumbers.Time(change.Time)} UTC,") + summary;
    }

    /// <summary>A rule with its control and action.</summary>
    public static string Rule(RuleIdentity rule)
    {
        string name = rule.Description.Length > 0 ? $" \"{rule.Description}\"" : "";
        return $"{ControlNames.Of(rule.Control)}{name}, action {Action(rule.Action)}";
    }

    /// <summary>A rule's id, with its reference where that is another.</summary>
    public static string RuleId(RuleIdentity rule) =>
        rule.Id.Length == 0 ? "no rule id logged"
        : rule.Reference.Length == 0 || rule.Reference == rule.Id ? rule.Id
        : $"{rule.Id} (reference {rule.Reference})";

    /// <summary>A folded action in words; an unknown one as it was logged.</summary>
    public static string Action(string folded) => folded switch
    {
        "managedchallenge" => "managed challenge",
        "jschallenge" => "JavaScript challenge",
        "challenge" => "interactive challenge",
        "connectionclose" or "forceconnectionclose" => "connection close",
        "" => "not logged",
        _ => folded,
    };

    /// <summary>An endpoint as method, host and path.</summary>
    public static string Endpoint(EndpointIdentity endpoint) => $"{endpoint.Method} {endpoint.Host}{endpoint.Path}";

    /// <summary>A client with how well it is supported.</summary>
    public static string Client(ClientIdentity client)
    {
        string name = client.Name.Length > 0 && client.Name != client.Class ? $" {client.Name}" : "";
        return $"{client.Class.Replace('_', ' ')}{name} ({client.Trust})";
    }

    /// <summary>An owner with contact, reason and review day.</summary>
    public static string Owner(Owner owner)
    {
        string contact = owner.Contact.Length > 0 ? $", {owner.Contact}" : "";
        string why = owner.Why.Length > 0 ? $"; {owner.Why}" : "";
        string review = owner.ReviewBy is { } day ? $"; review by {day:yyyy-MM-dd}" : "";
        return $"{owner.Name}{contact}{why}{review}";
    }

    /// <summary>What kind of change a remedy is.</summary>
    public static string Kind(RemedyKind kind) => kind switch
    {
        RemedyKind.EditRule => "Edit the rule",
        RemedyKind.SkipRule => "Skip rule",
        RemedyKind.ManagedException => "Managed-rule exception",
        RemedyKind.RateLimit => "Rate limiting rule",
        RemedyKind.ConfigurationRule => "Configuration rule",
        RemedyKind.IpAccess => "IP Access rule",
        RemedyKind.ApiShield => "API Shield",
        RemedyKind.Override => "Managed ruleset override",
        RemedyKind.ZoneSetting => "Zone setting",
        RemedyKind.ClientChange => "Change of the client",
        RemedyKind.NarrowExemption => "Narrow the exemption",
        RemedyKind.Withheld => "No exemption yet",
        RemedyKind.Investigate => "Look first",
        _ => kind.ToString(),
    };

    /// <summary>The API call of a remedy with its whole address; empty when there is none.</summary>
    public static string ApiCall(Remedy remedy) =>
        remedy.ApiPath.Length == 0 ? "" : $"{remedy.ApiMethod} {(remedy.ApiPath[0] == '/' ? "https://api.cloudflare.com/client/v4" : "")}{remedy.ApiPath}";

    /// <summary>The command that shows a ray; null for what is no RayID, which must not reach anybody's shell.</summary>
    public static string? RayCommand(string ray) =>
        ray.Length is > 0 and <= 64 && ray.All(char.IsAsciiLetterOrDigit) ? $"cflogstream ray {ray}" : null;

    /// <summary>How many findings there are.</summary>
    public static string Counts(Diagnosis diagnosis) => diagnosis.Findings.Count == 0
        ? "nothing found that needs someone to act"
        : ReportNumbers.Count(diagnosis.Findings.Count, "finding");

    /// <summary>The requests of the span and what was lost of them.</summary>
    public static string Totals(Diagnosis diagnosis)
    {
        double share = diagnosis.Requests == 0 ? 0 : (double)diagnosis.Lost / diagnosis.Requests;
        return $"{ReportNumbers.Count(diagnosis.Requests, "client request")}, {ReportNumbers.Count(diagnosis.Lost)} lost ({ReportNumbers.Percent(share)})";
    }

    /// <summary>The text with a capital at its beginning.</summary>
    public static string Capital(string text) => text.Length == 0 ? "" : string.Concat(char.ToUpperInvariant(text[0]).ToString(), text.AsSpan(1));

    private static string ChangeAndDistance(Finding finding, Change change, string at)
    {
        string actor = change.Actor.Length > 0 ? $" by {change.Actor}" : "";
        string distance = finding.Onset is not { } onset ? ""
            : change.Time <= onset ? $" {ReportNumbers.Duration(onset - change.Time)} before"
            : $" {ReportNumbers.Duration(change.Time - onset)} after";
        return $"{change.Kind.Replace('_', ' ')}{actor}{at}{distance}{(distance.Length > 0 && at.Length > 0 ? " the onset" : "")}".TrimEnd(',');
    }
}
