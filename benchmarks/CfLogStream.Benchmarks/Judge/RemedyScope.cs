using System.Text.Json;
using CfLogStream.Core.Insight.Remedies;
using CfLogStream.Core.Insight.Requests;
using CfLogStream.Core.Rules;

namespace CfLogStream.Benchmarks.Judge;

/// <summary>What a remedy does to requests: which ones it takes out, and of which controls.</summary>
internal sealed class RemedyScope : IRuleFields
{
    // What an IP Access rule that allows takes out.
    private static readonly string[] s_access =
        ["firewallcustom", "ratelimit", "firewallmanaged", "waf", "firewallrules", "bic", "securitylevel", "botmanagement", "botfight"];

    // A rule that is deleted stops nothing any more.
    private const string Everything = "len(http.host) ge 0";

    private readonly RuleEvaluator _evaluator;
    private readonly bool _negated;
    private KeptRequest? _request;

    private RemedyScope(Remedy remedy, RuleNode root, bool negated, IReadOnlyCollection<string> skipped)
    {
        Remedy = remedy;
        Skipped = skipped;
        _evaluator = new RuleEvaluator(root);
        _negated = negated;
    }

    public Remedy Remedy { get; }

    /// <summary>The controls whose other rules it takes out as well.</summary>
    public IReadOnlyCollection<string> Skipped { get; }

    /// <summary>Returns the scope of the first remedy that says which requests it is for; null when none does.</summary>
    /// <exception cref="InvalidOperationException">The expression cannot be read: no remedy may be like that.</exception>
    public static RemedyScope? Of(IReadOnlyList<Remedy> remedies, RemedyRequest request)
    {
        foreach (Remedy remedy in remedies)
        {
            string expression = remedy switch
            {
                { Kind: RemedyKind.IpAccess, ApiMethod: "POST" } => Networks(request),
                { Kind: RemedyKind.IpAccess, ApiMethod: "DELETE" } => Everything,
                _ => remedy.Expression,
            };
            if (expression.Length == 0)
            {
                continue;
            }

            if (!RuleExpression.TryParse(expression, out RuleNode? root, out RuleSyntaxError? error))
            {
                throw new InvalidOperationException($"The remedy's expression cannot be read: {error}\n{expression}");
            }

            // A rule's own expression says what it goes on stopping.
            return new RemedyScope(
                remedy, root, remedy.Kind is RemedyKind.EditRule or RemedyKind.RateLimit, expression == Everything ? [] : SkippedBy(remedy));
        }

        return null;
    }

    /// <summary>Whether it takes out a request that the rule stopped; null when the logs do not say.</summary>
    public bool? Frees(KeptRequest request)
    {
        _request = request;
        bool? result = _evaluator.Evaluate(this);
        return _negated ? !result : result;
    }

    // What the rule stopped, its own expression is true of; API Shield's rules say what is allowed.
    RuleValue? IRuleFields.Find(string name) =>
        name == "EXPRESSION_OF_THE_RULE" ? RuleValue.Of(Remedy.Kind != RemedyKind.ApiShield) : _request!.Find(name);

    private static string Networks(RemedyRequest request)
    {
        string[] networks = [.. request.Evidence.Networks.Where(text => BareForm.TryAddress(text, out _) || BareForm.TryNetwork(text, out _, out _))];
        return networks.Length == 0 ? "" : $"ip.src in {{{string.Join(' ', networks)}}}";
    }

    private static IReadOnlyCollection<string> SkippedBy(Remedy remedy)
    {
        if (remedy.Kind == RemedyKind.IpAccess)
        {
            return s_access;
        }

        if (remedy.Payload.Length == 0 || remedy.Kind is not (RemedyKind.SkipRule or RemedyKind.ManagedException))
        {
            return [];
        }

        using var document = JsonDocument.Parse(remedy.Payload);
        var skipped = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty parameter in document.RootElement.GetProperty("action_parameters").EnumerateObject())
        {
            skipped.UnionWith(parameter.Name switch
            {
                "ruleset" or "phase" => [remedy.Kind == RemedyKind.SkipRule ? "firewallcustom" : "firewallmanaged"],
                "rulesets" => ["firewallmanaged"],
                "phases" => parameter.Value.EnumerateArray().Select(phase => phase.GetString() switch
                {
                    "http_ratelimit" => "ratelimit",
                    "http_request_firewall_managed" => "firewallmanaged",
                    "http_request_sbfm" => "botmanagement",
                    string other => throw new InvalidOperationException($"The phase '{other}' is not known here."),
                    null => "",
                }),
                "products" => parameter.Value.EnumerateArray().Select(product => product.GetString()!.ToLowerInvariant()),
                _ => [],
            });
        }

        return skipped;
    }
}
