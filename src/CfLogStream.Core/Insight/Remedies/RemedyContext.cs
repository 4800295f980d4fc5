using System.Text.Json;
using CfLogStream.Core.Insight.Controls;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Traffic.Controls;

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>What the remedies of one request share: the scope, the facts of the control, and what may stop the request next.</summary>
internal sealed class RemedyContext
{
    public const string CustomPhase = "http_request_firewall_custom";
    public const string RulesPath = "/zones/{zone_id}/rulesets/{ruleset_id}/rules";
    public const string AccessPath = "/zones/{zone_id}/firewall/access_rules/rules";

    private static readonly HashSet<string> s_allowedByAccess = new(StringComparer.Ordinal)
    {
        "firewallcustom", "ratelimit", "firewallmanaged", "waf", "firewallrules", "bic", "securitylevel", "botmanagement", "botfight",
        "ip", "iprange", "asn", "country",
    };

    public RemedyContext(RemedyRequest request)
    {
        Request = request;
        Facts = ControlCatalog.Of(request.Rule.Control);
        Scope = ExemptionScope.Of(request);
        RuleId = RemedyText.RuleId(request.Rule.Id);
        Networks = ClientBinding.Networks(request.Evidence);
    }

    public RemedyRequest Request { get; }

    public RuleIdentity Rule => Request.Rule;

    public ControlFacts Facts { get; }

    public ExemptionScope Scope { get; }

    /// <summary>The rule's id as it may stand in a path or payload.</summary>
    public string RuleId { get; }

    /// <summary>The rule's id where the Ruleset Engine's own is due; a placeholder when it does not look like one.</summary>
    public string EngineRuleId => RemedyText.IsRulesetId(Rule.Id) ? Rule.Id : "{rule_id}";

    /// <summary>The client's addresses and networks that are some.</summary>
    public IReadOnlyList<string> Networks { get; }

    /// <summary>Names the rule for people.</summary>
    public string RuleName => RemedyText.Name(Facts.Name, Rule.Description, Rule.Id);

    /// <summary>What an exemption says of itself.</summary>
    public string Description => RemedyPayload.Description(Request, Scope.Expires, $"Exempts API calls from {Facts.Name} {RuleId}");

    /// <summary>A remedy bound by the scope.</summary>
    /// <param name="expression">The exemption's expression, which is checked.</param>
    /// <param name="covers">The controls that it takes out too.</param>
    public Remedy Bound(RemedyKind kind, string summary, string expression, params ReadOnlySpan<string> covers)
    {
        bool expires = expression.Contains("http.request.timestamp.sec", StringComparison.Ordinal);
        return new Remedy
        {
            Kind = kind,
            Summary = summary,
            Place = Facts.Place,
            Expression = expression,
            Trial = Scope.Trial,
            WhySafe = [.. Scope.WhySafe.Where(reason => expires || !reason.StartsWith("It ends by itself", StringComparison.Ordinal))],
            NotCovered = Scope.NotCovered,
            Warnings = [.. Scope.Warnings, .. Lint(expression)],
            NextControls = Next(covers),
        };
    }

    /// <summary>A remedy for all traffic, or one of the client.</summary>
    public Remedy Unbound(RemedyKind kind, string summary, string place, params ReadOnlySpan<string> covers) => new()
    {
        Kind = kind,
        Summary = summary,
        Place = place,
        NextControls = Next(covers),
    };

    /// <summary>The rule's own expression without the scope.</summary>
    public Remedy Narrowed(string summary)
    {
        string expression = $"not ({Scope.Lasting})";
        string action = RemedyText.ApiAction(ControlCatalog.Fold(Rule.Action));
        Remedy remedy = Bound(RemedyKind.EditRule, summary, expression) with
        {
            Warnings =
            [
                .. Scope.Warnings,
                .. Lint(Scope.Lasting),
                $"Put the rule's own expression in the place of {RemedyText.OwnExpression}, and keep its parentheses: the API replaces the whole rule.",
            ],
        };
        return action.Length == 0
            ? remedy
            : remedy with
            {
                ApiMethod = "PATCH",
                ApiPath = $"{RulesPath}/{RuleId}",
                Payload = RemedyPayload.Rule(
                    action, $"({RemedyText.OwnExpression}) and {expression}", RemedyPayload.Plain(Rule.Description), before: null, parameters: null),
            };
    }

    /// <summary>A custom rule with action skip.</summary>
    public Remedy Skip(string summary, Action<Utf8JsonWriter> parameters, string before, params ReadOnlySpan<string> covers) =>
        Bound(RemedyKind.SkipRule, summary, Scope.Expiring, covers) with
        {
            Place = $"Security › WAF › Custom rules › Create rule › action Skip, placed {(before.Length == 0 ? "first" : "before the rule")}",
            ApiMethod = "POST",
            ApiPath = RulesPath,
            Payload = RemedyPayload.Rule("skip", Scope.Expiring, Description, before, parameters),
        };

    /// <summary>A custom rule that skips one product outside the engine.</summary>
    public Remedy SkipProduct(string product) => Skip(
        $"Skip {Facts.Name} for these calls by a custom rule with products [\"{product}\"].",
        json => RemedyPayload.Array(json, "products", product), "", Facts.Control);

    /// <summary>A configuration rule.</summary>
    public Remedy Configuration(string summary, Action<Utf8JsonWriter> parameters) =>
        Bound(RemedyKind.ConfigurationRule, summary, Scope.Expiring, Facts.Control) with
        {
            Place = "Rules › Configuration Rules › Create rule",
            ApiMethod = "POST",
            ApiPath = RulesPath,
            Payload = RemedyPayload.Rule("set_config", Scope.Expiring, Description, before: null, parameters),
        };

    /// <summary>An IP Access rule that allows the client's addresses; null where none can be entered.</summary>
    public Remedy? Access() => AccessRemedies.Allow(this, s_allowedByAccess);

    /// <summary>Returns what may stop the request next, in the order of evaluation.</summary>
    public IReadOnlyList<string> Next(params ReadOnlySpan<string> covers)
    {
        string[] covered = covers.ToArray();
        var next = new List<string>();
        var unordered = new List<string>();
        var named = new HashSet<RuleIdentity>();
        foreach (LaterControl later in ControlCatalog.ControlsAfter(Rule.Control))
        {
            if (covered.Contains(later.Facts.Control))
            {
                continue;
            }

            RuleIdentity[] seen = [.. Request.OtherRules.Where(rule =>
                ControlCatalog.Of(rule.Control).Control == later.Facts.Control && !IsThis(rule))];
            if (seen.Length > 0)
            {
                foreach (RuleIdentity rule in seen.Where(named.Add))
                {
                    next.Add(
                        $"{RemedyText.Name(later.Facts.Name, rule.Description, rule.Id)}, action {rule.Action}: seen on these endpoints"
                        + (later.Relation == LaterRelation.OrderUnknown ? "; its place in the order is not documented" : ""));
                }
            }
            else if (later.Relation == LaterRelation.OrderUnknown)
            {
                unordered.Add(later.Facts.Name);
            }
            else
            {
                next.Add(later.Relation == LaterRelation.SamePhase && later.Facts.Control == Facts.Control
                    ? $"other rules of the same kind ({later.Facts.Name})"
                    : later.Facts.Phase.Length > 0 ? $"{later.Facts.Name} ({later.Facts.Phase})" : later.Facts.Name);
            }
        }

        foreach (RuleIdentity rule in Request.OtherRules.Where(rule => !ControlCatalog.Of(rule.Control).IsKnown && named.Add(rule)))
        {
            next.Add($"{RemedyText.Name(ControlNames.Of(rule.Control), rule.Description, rule.Id)}, action {rule.Action}: seen on these endpoints");
        }

        if (unordered.Count > 0)
        {
            next.Add($"outside the order of phases: {string.Join(", ", unordered)}");
        }

        return next;
    }

    private bool IsThis(RuleIdentity rule) =>
        rule.Id == Rule.Id && ControlCatalog.Fold(rule.Control) == ControlCatalog.Fold(Rule.Control);

    // What the scope has said already, or what does not hold for a rule's own expression, is not said again.
    private static IEnumerable<string> Lint(string expression) =>
        ExpressionLinter.Lint(expression)
            .Where(static warning => warning.Code is not (LintCodes.NoClientProperty or LintCodes.NeverExpires or LintCodes.NegatedScope))
            .Select(static warning => warning.Message);
}
