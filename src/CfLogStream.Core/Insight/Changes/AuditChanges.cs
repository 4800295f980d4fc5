using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Insight.Changes;

/// <summary>Reads changes out of records of <c>audit_logs</c> and <c>audit_logs_v2</c>.</summary>
/// <remarks>
/// Cloudflare's words for actions and resources are open, so a record is recognised by what its words mention: type, product, action and the
/// path of the API call. What mentions no control, no ruleset and no setting that stops requests is no change; nor is what failed, or only
/// looked. A pure function of the record: it does not depend on the line's form, so that it gives the same from a file and from the log.
/// </remarks>
public static class AuditChanges
{
    private const long LastTimeNs = ((uint.MaxValue / 3600L) - 1) * 3_600_000_000_000;
    private const int WordBytes = 512;

    /// <summary>Reads a record; false when it is no change that matters for requests.</summary>
    public static bool TryRead(LogRecord record, [NotNullWhen(true)] out ChangeEntry? change)
    {
        ArgumentNullException.ThrowIfNull(record);
        change = null;
        if (record.Dataset is not (Dataset.AuditLogs or Dataset.AuditLogsV2) || HasFailed(record))
        {
            return false;
        }

        string action = Word(record, LogField.ActionType);
        if (IsLooking(action))
        {
            return false;
        }

        var source = AuditSource.Of(record);
        if (!TryFindSubject(record, source, action, out ChangeSubject subject))
        {
            return false;
        }

        (string id, string reference) = RuleOf(record, source, subject);
        change = new ChangeEntry
        {
            TimeNs = Math.Clamp(record.TimeNs, 0, LastTimeNs),
            Id = IdOf(record),
            Zone = ChangeLimits.CutName(Encoding.UTF8.GetBytes(ZoneOf(record, source).ToLowerInvariant())),
            Source = DatasetNames.Of(record.Dataset),
            Kind = ChangeLimits.CutName(Encoding.UTF8.GetBytes(KindOf(subject, action, source))),
            Control = ControlOf(subject, source),
            RuleId = ChangeLimits.CutName(Encoding.UTF8.GetBytes(id)),
            RuleReference = ChangeLimits.CutName(Encoding.UTF8.GetBytes(reference)),
            Actor = ActorOf(record),
            ActorKind = ActorKindOf(record),
            Summary = ChangeLimits.Cut(SummaryOf(record, source), ChangeLimits.SummaryBytes),
            OldValue = ChangeLimits.Cut(source.OldJson, ChangeLimits.ValueBytes),
            NewValue = ChangeLimits.Cut(source.NewJson, ChangeLimits.ValueBytes),
        };
        return true;
    }

    private static bool HasFailed(LogRecord record)
    {
        ReadOnlySpan<byte> result = record.Text(LogField.ActionResult);
        return Ascii.EqualsIgnoreCase(result, "false"u8) || Ascii.EqualsIgnoreCase(result, "failure"u8)
            || Ascii.EqualsIgnoreCase(result, "failed"u8) || Ascii.EqualsIgnoreCase(result, "error"u8);
    }

    private static bool IsLooking(string action) =>
        action is "view" or "read" or "list" or "get" or "login" or "logout" or "export" or "purge";

    private static bool TryFindSubject(LogRecord record, AuditSource source, string action, out ChangeSubject subject)
    {
        if (source.Phase.Length > 0 && ChangeSubject.TryFindPhase(source.Phase, out subject))
        {
            return true;
        }

        string resource = Word(record, LogField.ResourceID);
        if (source.IsSetting || action.Contains("setting", StringComparison.Ordinal))
        {
            return source.TryFindSetting(resource, out subject);
        }

        string type = Word(record, LogField.ResourceType);
        if (!ChangeSubject.TryFind(ChangeSubject.WordsOf(type, action, source.ApiPath), out subject)
            && !(IsGeneric(type) && ChangeSubject.TryFind(ChangeSubject.WordsOf(Word(record, LogField.ResourceProduct), type), out subject)))
        {
            return source.TryFindSetting(resource, out subject);
        }

        if (subject.Thing == "ruleset" && source.ApiRule.Length > 0)
        {
            subject = subject with { Thing = "rule" };
        }

        return subject.Thing != "page_rule" || source.MentionsSecurity;
    }

    /// <summary>Whether a type of resource means something only together with its product.</summary>
    private static bool IsGeneric(string type) =>
        type is "" or "rule" or "rules" or "setting" or "settings" or "config" or "configuration" or "override" or "operation" or "entrypoint";

    /// <summary>The folded control, as exactly as the values tell it.</summary>
    private static string ControlOf(ChangeSubject subject, AuditSource source) => subject switch
    {
        { Control.Length: > 0 } when subject.Control != "botmanagement" => subject.Control,
        { Control: "botmanagement" } => source.Differs("fight_mode") ? "botfight" : "botmanagement",
        { Thing: "access_rule" } => source.Text("configuration", "target") switch
        {
            "ip" or "ip6" => "ip",
            "ip_range" => "iprange",
            "asn" => "asn",
            "country" => "country",
            _ => "",
        },
        _ when source.Has("ratelimit") => "ratelimit",
        _ when source.Has("action_parameters", "bic") => "bic",
        _ when source.Has("action_parameters", "security_level") => "securitylevel",
        _ when source.Has("action_parameters", "hotlink_protection") => "hot",
        _ => "",
    };

    private static string KindOf(ChangeSubject subject, string action, AuditSource source)
    {
        string words = ChangeSubject.WordsOf(action, source.ApiMethod);
        string verb = Mentions(words, "create", "add", "new", "insert") ? "created"
            : Mentions(words, "delete", "remove", "destroy") ? "deleted"
            : (source.Old.Flag("enabled"), source.New.Flag("enabled")) switch
            {
                (not false, false) when source.Old.Has("enabled") || source.IsOnlyEnabled => "disabled",
                (false, true) => "enabled",
                _ => Mentions(words, "update", "change", "set", "edit", "patch", "put", "modify", "enable", "disable", "deploy", "post")
                    ? "updated" : action.Length > 0 ? action : "changed",
            };
        return $"{subject.Thing}_{verb}";
    }

    private static bool Mentions(string words, params ReadOnlySpan<string> stems)
    {
        foreach (string stem in stems)
        {
            if (words.Contains($"_{stem}", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Which rule it is about: the one the record names, or the only one that differs between the old and the new ruleset.</summary>
    private static (string Id, string Reference) RuleOf(LogRecord record, AuditSource source, ChangeSubject subject)
    {
        if (source.TryFindOnlyDifference(out string only, out string onlyReference))
        {
            return (only, onlyReference);
        }

        string reference = source.Text("ref");
        if (subject.Thing is "setting" or "bot_settings" or "list" || source.HasRules)
        {
            return ("", "");
        }

        string resource = Encoding.UTF8.GetString(record.Text(LogField.ResourceID));
        string id = source.ApiRule.Length > 0 ? source.ApiRule : source.Text("id") is { Length: > 0 } named ? named
            : subject.Thing == "ruleset" ? "" : resource;
        return (id, reference.Length > 0 ? reference : "");
    }

    private static string ZoneOf(LogRecord record, AuditSource source)
    {
        ReadOnlySpan<byte> zone = record.Text(LogField.ZoneName);
        return zone.IsEmpty ? source.Metadata.Text("zone_name") : Encoding.UTF8.GetString(zone);
    }

    private static Utf8Text ActorOf(LogRecord record)
    {
        ReadOnlySpan<byte> email = record.Text(LogField.ActorEmail);
        return ChangeLimits.CutName(email.IsEmpty ? record.Text(LogField.ActorID) : email);
    }

    /// <summary>The kind of actor, and by which way: <c>user/UI</c>, <c>user/api_token</c>.</summary>
    private static Utf8Text ActorKindOf(LogRecord record)
    {
        ReadOnlySpan<byte> kind = record.Text(LogField.ActorType);
        ReadOnlySpan<byte> way = record.Text(record.Dataset == Dataset.AuditLogs ? LogField.Interface : LogField.ActorContext);
        return ChangeLimits.CutName(way.IsEmpty ? kind : [.. kind, (byte)'/', .. way]);
    }

    private static byte[] SummaryOf(LogRecord record, AuditSource source)
    {
        ReadOnlySpan<byte> description = record.Text(LogField.ActionDescription);
        string text = description.IsEmpty ? source.Metadata.Text("description") : Encoding.UTF8.GetString(description);
        if (text.Length == 0)
        {
            text = string.Join(
                ' ',
                ((LogField[])[LogField.ActionType, LogField.ResourceType, LogField.ResourceID])
                    .Select(field => Encoding.UTF8.GetString(record.Text(field))).Where(word => word.Length > 0));
        }

        return Encoding.UTF8.GetBytes(SecretText.Apply(text));
    }

    /// <summary>The audit log's id; without one, a hash over what tells records apart.</summary>
    private static Utf8Text IdOf(LogRecord record)
    {
        ReadOnlySpan<byte> id = record.Text(record.Dataset == Dataset.AuditLogs ? LogField.ID : LogField.AuditLogID);
        if (!id.IsEmpty)
        {
            return ChangeLimits.CutName(id);
        }

        ulong hash = StableHash.Of((ulong)record.TimeNs);
        foreach (LogField field in (LogField[])
            [LogField.ActionType, LogField.ActorEmail, LogField.ActorID, LogField.ResourceType, LogField.ResourceID, LogField.OldValue,
            LogField.NewValue, LogField.ResourceRequest, LogField.Raw])
        {
            hash = StableHash.Combine(hash, StableHash.Of(record.Text(field)));
        }

        return string.Create(CultureInfo.InvariantCulture, $"no-id-{hash:x16}");
    }

    private static string Word(LogRecord record, LogField field)
    {
        ReadOnlySpan<byte> text = record.Text(field);
        return Encoding.UTF8.GetString(text[..Math.Min(text.Length, WordBytes)]).ToLowerInvariant();
    }
}
