using System.Text.RegularExpressions;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Changes;

/// <summary>Which way a change moves what is stopped, as far as its kind and values tell.</summary>
internal static partial class ChangeEffect
{
    /// <summary>Returns the direction; unknown for an edit that may go either way.</summary>
    public static ChangeDirection Of(Change change)
    {
        bool? on = change.Kind switch
        {
            _ when change.Kind.EndsWith("_created", StringComparison.Ordinal) => true,
            _ when change.Kind.EndsWith("_enabled", StringComparison.Ordinal) => true,
            _ when change.Kind.EndsWith("_deleted", StringComparison.Ordinal) => false,
            _ when change.Kind.EndsWith("_disabled", StringComparison.Ordinal) => false,
            _ when change.Kind.StartsWith("setting_", StringComparison.Ordinal) => Setting(change),
            _ => null,
        };
        if (on is not { } isOn)
        {
            return ChangeDirection.Unknown;
        }

        string value = change.NewValue.Length > 0 ? change.NewValue : change.OldValue;
        bool frees = Freeing().IsMatch(value);
        return isOn == frees ? ChangeDirection.Looser : ChangeDirection.Stricter;
    }

    private static bool? Setting(Change change) => SettingValue().Match(change.NewValue).Groups[1].Value switch
    {
        "on" or "true" or "under_attack" or "high" => true,
        "off" or "false" or "essentially_off" => false,
        _ => null,
    };

    [GeneratedRegex("\"(?:action|mode)\"\\s*:\\s*\"(?:skip|allow|bypass|whitelist|log)\"", RegexOptions.CultureInvariant, 250)]
    private static partial Regex Freeing();

    [GeneratedRegex("\"value\"\\s*:\\s*\"?([a-z_]{1,32})", RegexOptions.CultureInvariant, 250)]
    private static partial Regex SettingValue();
}
