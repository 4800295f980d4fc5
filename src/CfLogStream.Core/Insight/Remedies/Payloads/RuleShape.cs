using System.Text.Json;
using CfLogStream.Core.Rules;

namespace CfLogStream.Core.Insight.Remedies.Payloads;

/// <summary>The shape of a rule of the Ruleset Engine.</summary>
internal static class RuleShape
{
    private static readonly string[] s_actions =
        ["block", "challenge", "js_challenge", "managed_challenge", "log", "skip", "execute", "set_config"];

    private static readonly string[] s_limitActions = ["block", "challenge", "js_challenge", "managed_challenge", "log"];

    private static readonly string[] s_sensitivities = ["default", "medium", "low", "eoff"];

    private static readonly string[] s_levels = ["off", "essentially_off", "low", "medium", "high", "under_attack"];

    public static void Check(JsonElement rule, List<string> problems)
    {
        string? action = rule.Text("action");
        if (action is null || !s_actions.Contains(action))
        {
            problems.Add($"action is {PayloadReading.Shown(action)}; expected one of {string.Join(", ", s_actions)}.");
            return;
        }

        CheckExpression(rule.Text("expression"), problems);
        JsonElement? parameters = rule.Member("action_parameters");
        switch (action)
        {
            case "skip":
                SkipShape.Check(rule, parameters, problems);
                break;
            case "execute":
                CheckExecute(parameters, problems);
                break;
            case "set_config":
                CheckConfiguration(parameters, problems);
                break;
            default:
                break;
        }

        if (rule.Member("ratelimit") is { } limit)
        {
            CheckLimit(action, limit, problems);
        }
    }

    private static void CheckExpression(string? expression, List<string> problems)
    {
        if (expression is null)
        {
            problems.Add("expression is missing; the API takes only whole rules.");
        }
        else if (!RuleExpression.TryParse(expression, out _, out RuleSyntaxError? error))
        {
            problems.Add(error.ToString());
        }
    }

    private static void CheckExecute(JsonElement? parameters, List<string> problems)
    {
        if (parameters is not { } given || !PayloadReading.IsId(given.Text("id")))
        {
            problems.Add("action_parameters.id is no ruleset id; expected 32 hexadecimal digits.");
            return;
        }

        if (given.Member("overrides") is not { } overrides)
        {
            return;
        }

        CheckOverride("overrides", overrides, problems);
        if (overrides.Member("rules") is not { } rules)
        {
            return;
        }

        if (rules.ValueKind != JsonValueKind.Array)
        {
            problems.Add("overrides.rules is no array.");
            return;
        }

        foreach (JsonElement rule in rules.EnumerateArray())
        {
            if (!PayloadReading.IsId(rule.Text("id")))
            {
                problems.Add($"overrides.rules has the id {PayloadReading.Shown(rule.Text("id"))}; expected 32 hexadecimal digits.");
            }

            CheckOverride("overrides.rules", rule, problems);
        }
    }

    private static void CheckOverride(string where, JsonElement given, List<string> problems)
    {
        if (given.Member("sensitivity_level") is not null && !s_sensitivities.Contains(given.Text("sensitivity_level")))
        {
            problems.Add(
                $"{where}.sensitivity_level is {PayloadReading.Shown(given.Text("sensitivity_level"))}; expected one of {string.Join(", ", s_sensitivities)}.");
        }

        if (given.Member("action") is not null && !s_limitActions.Contains(given.Text("action")))
        {
            problems.Add($"{where}.action is {PayloadReading.Shown(given.Text("action"))}; expected one of {string.Join(", ", s_limitActions)}.");
        }

        if (given.Member("score_threshold") is { } score
            && !(score.ValueKind == JsonValueKind.Number && score.TryGetInt32(out int threshold) && threshold is 25 or 40 or 60))
        {
            problems.Add($"{where}.score_threshold is no threshold of the OWASP ruleset; expected 25 (High), 40 (Medium) or 60 (Low).");
        }

        if (given.Has("sensitivity_level") && given.Member("enabled") is { ValueKind: JsonValueKind.False })
        {
            problems.Add($"{where} disables a DDoS rule, which cannot be disabled; use sensitivity_level eoff.");
        }
    }

    private static void CheckConfiguration(JsonElement? parameters, List<string> problems)
    {
        if (parameters is not { ValueKind: JsonValueKind.Object } given || !given.EnumerateObject().Any())
        {
            problems.Add("action_parameters is missing; a configuration rule sets at least one setting.");
            return;
        }

        foreach (JsonProperty setting in given.EnumerateObject())
        {
            bool fits = setting.Name switch
            {
                "bic" or "hotlink_protection" => setting.Value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                "security_level" => setting.Value.ValueKind == JsonValueKind.String && s_levels.Contains(setting.Value.GetString()),
                _ => false,
            };
            if (!fits)
            {
                problems.Add(
                    $"action_parameters has {PayloadReading.Shown(setting.Name)}, which is no setting or has no value of it; expected bic, hotlink_protection (true or false) or security_level ({string.Join(", ", s_levels)}).");
            }
        }
    }

    private static void CheckLimit(string action, JsonElement limit, List<string> problems)
    {
        if (!s_limitActions.Contains(action))
        {
            problems.Add($"A rate limiting rule has the action '{action}'; expected one of {string.Join(", ", s_limitActions)}.");
        }

        string[] characteristics = limit.Member("characteristics")?.Texts() ?? [];
        if (!characteristics.Contains("cf.colo.id"))
        {
            problems.Add("ratelimit.characteristics lacks cf.colo.id, which is mandatory: counters are kept per data center.");
        }

        CheckChoice("ratelimit.period", limit.Member("period"), RateLimitShape.Periods, problems);
        if (limit.Member("mitigation_timeout") is { } timeout)
        {
            CheckChoice("ratelimit.mitigation_timeout", timeout, RateLimitShape.Timeouts, problems);
        }

        bool requests = limit.Member("requests_per_period") is { ValueKind: JsonValueKind.Number } count && count.TryGetInt64(out long n) && n > 0;
        bool score = limit.Member("score_per_period") is { ValueKind: JsonValueKind.Number } && limit.Text("score_response_header_name") is not null;
        if (requests == score)
        {
            problems.Add("ratelimit needs either requests_per_period above 0, or score_per_period with score_response_header_name.");
        }

        if (limit.Text("counting_expression") is { Length: > 0 } counting
            && !RuleExpression.TryParse(counting, out _, out RuleSyntaxError? error))
        {
            problems.Add($"ratelimit.counting_expression: {error}");
        }
    }

    private static void CheckChoice(string name, JsonElement? value, IReadOnlyList<int> allowed, List<string> problems)
    {
        if (value is not { ValueKind: JsonValueKind.Number } number || !number.TryGetInt32(out int seconds) || !allowed.Contains(seconds))
        {
            problems.Add($"{name} is no value that Cloudflare offers; expected one of {string.Join(", ", allowed)} (seconds).");
        }
    }
}
