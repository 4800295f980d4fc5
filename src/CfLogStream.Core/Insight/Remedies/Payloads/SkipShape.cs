using System.Text.Json;

namespace CfLogStream.Core.Insight.Remedies.Payloads;

/// <summary>What a rule with action skip may skip, and which parameters exclude each other.</summary>
internal static class SkipShape
{
    private static readonly string[] s_phases = ["http_ratelimit", "http_request_sbfm", "http_request_firewall_managed"];

    private static readonly string[] s_products = ["zoneLockdown", "uaBlock", "bic", "hot", "securityLevel", "rateLimit", "waf"];

    private static readonly string[] s_parameters = ["ruleset", "phase", "phases", "products", "rulesets", "rules"];

    private static readonly (string First, string Second)[] s_excluding =
    [
        ("ruleset", "rulesets"), ("phases", "rulesets"), ("rules", "ruleset"), ("phase", "ruleset"), ("phase", "phases"),
        ("phase", "rulesets"), ("phase", "rules"),
    ];

    public static void Check(JsonElement rule, JsonElement? parameters, List<string> problems)
    {
        if (parameters is not { ValueKind: JsonValueKind.Object } given || !given.EnumerateObject().Any())
        {
            problems.Add($"action_parameters is missing; a skip rule says what it skips by {string.Join(", ", s_parameters)}.");
            return;
        }

        foreach (JsonProperty parameter in given.EnumerateObject().Where(static one => !s_parameters.Contains(one.Name)))
        {
            problems.Add($"action_parameters has {PayloadReading.Shown(parameter.Name)}; expected {string.Join(", ", s_parameters)}.");
        }

        foreach ((string first, string second) in s_excluding.Where(pair => given.Has(pair.First) && given.Has(pair.Second)))
        {
            problems.Add($"action_parameters has both {first} and {second}, which exclude each other.");
        }

        CheckCurrent(given, "ruleset", problems);
        CheckCurrent(given, "phase", problems);
        CheckPhases(given, problems);
        CheckProducts(given, problems);
        CheckRulesets(given, problems);
        CheckPlace(rule, given, problems);
    }

    private static void CheckCurrent(JsonElement given, string name, List<string> problems)
    {
        if (given.Has(name) && given.Text(name) != "current")
        {
            problems.Add($"action_parameters.{name} is {PayloadReading.Shown(given.Text(name))}; expected 'current'.");
        }
    }

    private static void CheckPhases(JsonElement given, List<string> problems)
    {
        if (given.Member("phases") is not { } phases)
        {
            return;
        }

        if (phases.Texts() is not { } names)
        {
            problems.Add("action_parameters.phases is no array of phases.");
            return;
        }

        foreach (string name in names.Where(static name => !s_phases.Contains(name)))
        {
            string why = name switch
            {
                "ddos_l7" => "HTTP DDoS protection comes before custom rules and is changed by overrides only",
                "http_request_api_gateway_late" => "API Shield is changed by its own settings only",
                "http_request_firewall_custom" => "the rest of the own phase is skipped by phase 'current'",
                _ => "it is no phase that a skip rule can skip",
            };
            problems.Add($"action_parameters.phases has {PayloadReading.Shown(name)}: {why}; expected {string.Join(", ", s_phases)}.");
        }
    }

    private static void CheckProducts(JsonElement given, List<string> problems)
    {
        if (given.Member("products") is not { } products)
        {
            return;
        }

        if (products.Texts() is not { } names)
        {
            problems.Add("action_parameters.products is no array of products.");
            return;
        }

        foreach (string name in names.Where(static name => !s_products.Contains(name)))
        {
            string? meant = s_products.FirstOrDefault(product => product.Equals(name, StringComparison.OrdinalIgnoreCase));
            problems.Add(meant is null
                ? $"action_parameters.products has {PayloadReading.Shown(name)}, which cannot be skipped; expected {string.Join(", ", s_products)}."
                : $"action_parameters.products has {PayloadReading.Shown(name)}; upper and lower case count: '{meant}'.");
        }
    }

    private static void CheckRulesets(JsonElement given, List<string> problems)
    {
        if (given.Member("rulesets") is { } rulesets && !(rulesets.Texts() is { } ids && ids.All(PayloadReading.IsId)))
        {
            problems.Add("action_parameters.rulesets is no array of ruleset ids (32 hexadecimal digits each).");
        }

        if (given.Member("rules") is not { } rules)
        {
            return;
        }

        bool fits = rules.ValueKind == JsonValueKind.Object && rules.EnumerateObject().Any()
            && rules.EnumerateObject().All(static one =>
                PayloadReading.IsId(one.Name) && one.Value.Texts() is { } ids && ids.All(PayloadReading.IsId));
        if (!fits)
        {
            problems.Add("action_parameters.rules does not map ruleset ids to arrays of rule ids (32 hexadecimal digits each).");
        }
    }

    // A skip acts only on what comes after it, and a rule without a place is added at the end.
    private static void CheckPlace(JsonElement rule, JsonElement given, List<string> problems)
    {
        JsonElement? place = rule.Member("position");
        string? before = place?.Text("before");
        bool first = before is not null || place?.Member("index") is not null;
        if (given.Has("rules") || given.Has("rulesets"))
        {
            if (!first)
            {
                problems.Add("An exception needs a position before the rule that executes its ruleset: after it, nothing is skipped.");
            }
        }
        else if ((given.Has("ruleset") || given.Has("phase")) && !first)
        {
            problems.Add("A skip of the current ruleset or phase needs a position: at the end, where new rules are added, nothing is left to skip.");
        }
    }
}
