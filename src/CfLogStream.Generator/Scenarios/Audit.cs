using System.Text.Json;
using CfLogStream.Generator.Simulation;

namespace CfLogStream.Generator.Scenarios;

/// <summary>Makes the audit records of an incident's changes.</summary>
internal static class Audit
{
    public static ConfigurationChange RuleCreated(Rule rule, string zone, string expression, long ms, string role) => new()
    {
        Ms = ms,
        ActionType = "rule_create",
        ResourceType = "ruleset.rule",
        ResourceId = rule.IdText,
        Description = "Create rule: " + rule.DescriptionText,
        Zone = zone,
        NewValue = Value(rule, expression, true),
        InVersion2 = true,
        Role = role,
    };

    public static ConfigurationChange RuleUpdated(Rule rule, string zone, string oldExpression, string newExpression, bool enabled,
        long ms, string role) => new()
        {
            Ms = ms,
            ActionType = "rule_update",
            ResourceType = "ruleset.rule",
            ResourceId = rule.IdText,
            Description = "Update rule: " + rule.DescriptionText,
            Zone = zone,
            OldValue = Value(rule, oldExpression, true),
            NewValue = Value(rule, newExpression, enabled),
            InVersion2 = true,
            Role = role,
        };

    public static ConfigurationChange Setting(string setting, string zone, string oldValue, string newValue, long ms, string role) => new()
    {
        Ms = ms,
        ActionType = "change_setting",
        ResourceType = "zone",
        ResourceId = setting,
        Description = "Change setting " + setting,
        Zone = zone,
        OldValue = $$"""{"id":"{{setting}}","value":"{{oldValue}}"}""",
        NewValue = $$"""{"id":"{{setting}}","value":"{{newValue}}"}""",
        InVersion2 = true,
        Role = role,
    };

    /// <summary>An IP Access rule or a rule of User Agent Blocking, made at <paramref name="ms"/>.</summary>
    public static ConfigurationChange AccessRule(Rule rule, string zone, string target, string value, long ms, string role) => new()
    {
        Ms = ms,
        ActionType = "add",
        ResourceType = target == "ua" ? "firewall.ua_rule" : "firewall.access_rule",
        ResourceId = rule.IdText,
        Description = target == "ua" ? "Create user agent rule" : "Create access rule",
        Zone = zone,
        NewValue = $$"""{"configuration":{"target":"{{target}}","value":{{Json(value)}}},"id":"{{rule.IdText}}","mode":"{{rule.Action.Name}}","notes":""}""",
        InVersion2 = true,
        Role = role,
    };

    private static string Value(Rule rule, string expression, bool enabled) =>
        $$"""{"action":"{{rule.Action.Name}}","description":{{Json(rule.DescriptionText)}},"enabled":{{(enabled ? "true" : "false")}},"expression":{{Json(expression)}},"id":"{{rule.IdText}}","ref":"{{rule.IdText}}"}""";

    private static string Json(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
