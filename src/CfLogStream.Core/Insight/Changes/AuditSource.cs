using System.Text.RegularExpressions;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Insight.Changes;

/// <summary>The values of an audit record of either version, and what they say.</summary>
internal sealed partial class AuditSource
{
    private const string Prefix = "/client/v4";

    private AuditSource(JsonFacts old, JsonFacts @new, JsonFacts metadata)
    {
        Old = old;
        New = @new;
        Metadata = metadata;
    }

    public JsonFacts Old { get; }

    public JsonFacts New { get; }

    public JsonFacts Metadata { get; }

    /// <summary>The values with secrets masked; empty where the record has none.</summary>
    public byte[] OldJson { get; private init; } = [];

    public byte[] NewJson { get; private init; } = [];

    /// <summary>The path of the API call without its prefix; empty when the record does not have it.</summary>
    public string ApiPath { get; private init; } = "";

    public string ApiMethod { get; private init; } = "";

    /// <summary>The phase of the ruleset; empty when the record does not tell.</summary>
    public string Phase { get; private init; } = "";

    /// <summary>The rule that the API call's path names.</summary>
    public string ApiRule { get; private init; } = "";

    /// <summary>Whether the API call was about a setting of the zone.</summary>
    public bool IsSetting => SettingInPath().IsMatch(ApiPath);

    /// <summary>Whether a value is a ruleset with its rules.</summary>
    public bool HasRules => Old.Has("rules") || New.Has("rules");

    /// <summary>Whether only the rule's switch was sent.</summary>
    public bool IsOnlyEnabled => New.Names.SequenceEqual(["enabled"]);

    /// <summary>Whether a value mentions a setting that stops requests.</summary>
    public bool MentionsSecurity { get; private init; }

    public static AuditSource Of(LogRecord record)
    {
        bool isFirst = record.Dataset == Dataset.AuditLogs;
        ReadOnlySpan<byte> old = record.Text(LogField.OldValue);
        ReadOnlySpan<byte> @new = record.Text(isFirst ? LogField.NewValue : LogField.ResourceRequest);
        if (!isFirst && @new is [] or [(byte)'{', (byte)'}'])
        {
            @new = record.Text(LogField.ResourceValue);
        }

        var raw = JsonFacts.Read(record.Text(LogField.Raw));
        string path = raw.Text("uri");
        path = path.Split('?', 2)[0];
        path = path.StartsWith(Prefix, StringComparison.Ordinal) ? path[Prefix.Length..] : path;
        var oldFacts = JsonFacts.Read(old);
        var newFacts = JsonFacts.Read(@new);
        var metadata = JsonFacts.Read(record.Text(LogField.Metadata));
        string[] phases = [newFacts.Text("phase"), oldFacts.Text("phase"), metadata.Text("phase"), PhaseInPath().Match(path).Groups[1].Value];
        return new AuditSource(oldFacts, newFacts, metadata)
        {
            OldJson = IsNothing(old) ? [] : SecretMask.Apply(old),
            NewJson = IsNothing(@new) ? [] : SecretMask.Apply(@new),
            ApiPath = path.Length > 512 ? path[..512] : path,
            ApiMethod = raw.Text("method") is { Length: <= 16 } method ? method : "",
            Phase = phases.FirstOrDefault(phase => phase.Length > 0) ?? "",
            ApiRule = RuleInPath().Match(path).Groups[1].Value,
            MentionsSecurity = SecuritySetting().IsMatch(newFacts.Written) || SecuritySetting().IsMatch(oldFacts.Written),
        };
    }

    /// <summary>Returns a member's text from the new value, or else the old one.</summary>
    public string Text(params ReadOnlySpan<string> path) => New.Text(path) is { Length: > 0 } text ? text : Old.Text(path);

    /// <summary>Whether either value has a member.</summary>
    public bool Has(params ReadOnlySpan<string> path) => New.Has(path) || Old.Has(path);

    /// <summary>Whether a member was set, to something else than before.</summary>
    public bool Differs(string name) => New.Has(name) && New.Text(name) != Old.Text(name);

    /// <summary>Finds the zone setting that was changed among those that stop requests.</summary>
    public bool TryFindSetting(string resource, out ChangeSubject subject)
    {
        string inPath = SettingInPath().Match(ApiPath).Groups[1].Value;
        string[] candidates = [resource, New.Text("id"), Old.Text("id"), Metadata.Text("setting"), Metadata.Text("name"), inPath];
        foreach (string candidate in candidates)
        {
            if (ChangeSubject.TryFindSetting(candidate.ToLowerInvariant(), out subject))
            {
                return true;
            }
        }

        subject = default;
        return false;
    }

    /// <summary>Finds the only rule that differs between the old and the new ruleset.</summary>
    public bool TryFindOnlyDifference(out string id, out string reference)
    {
        id = "";
        reference = "";
        IReadOnlyDictionary<string, RuleFacts> before = Old.Rules();
        IReadOnlyDictionary<string, RuleFacts> after = New.Rules();
        if (before.Count == 0 && after.Count != 1)
        {
            // Without the old ones every rule would be new.
            return false;
        }

        string[] differing =
        [
            .. before.Keys.Union(after.Keys).Where(key => !before.TryGetValue(key, out RuleFacts old)
                || !after.TryGetValue(key, out RuleFacts now) || old.Content != now.Content).Take(2),
        ];
        if (differing.Length != 1)
        {
            return false;
        }

        id = differing[0];
        reference = after.TryGetValue(id, out RuleFacts rule) ? rule.Reference : before[id].Reference;
        return true;
    }

    private static bool IsNothing(ReadOnlySpan<byte> json) => json is [] or [(byte)'{', (byte)'}'];

    [GeneratedRegex(@"/phases/([a-z0-9_]{1,64})(?:/|$)", RegexOptions.CultureInvariant, 250)]
    private static partial Regex PhaseInPath();

    [GeneratedRegex(@"/(?:rules|lockdowns|ua_rules|rate_limits)/([\w-]{1,64})$", RegexOptions.CultureInvariant, 250)]
    private static partial Regex RuleInPath();

    [GeneratedRegex(@"^/zones/[^/]{1,64}/settings/([a-z0-9_]{1,64})$", RegexOptions.CultureInvariant, 250)]
    private static partial Regex SettingInPath();

    [GeneratedRegex("security_level|browser_check|disable_security|\"waf\"", RegexOptions.CultureInvariant, 250)]
    private static partial Regex SecuritySetting();
}
