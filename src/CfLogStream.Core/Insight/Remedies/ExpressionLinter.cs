using System.Numerics;
using CfLogStream.Core.Rules;

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>Says where the expression of an exemption lets more pass than one kind of call to one endpoint.</summary>
/// <remarks>
/// It looks at every way through the expression by itself: one side of an <c>or</c> that is not bound to a path frees the whole host, however
/// narrow the other side is. It judges the text alone; what the expression matched is a question to the data.
/// </remarks>
public static class ExpressionLinter
{
    private const ExemptionBounds Client = ExemptionBounds.UserAgent | ExemptionBounds.Country | ExemptionBounds.Address
        | ExemptionBounds.Asn | ExemptionBounds.Property;

    private const ExemptionBounds Compared = ExemptionBounds.Host | ExemptionBounds.Path | ExemptionBounds.Method | Client;

    /// <summary>Returns the warnings about an exemption's expression, the gravest first; none when it is as narrow as it can be.</summary>
    public static IReadOnlyList<LintWarning> Lint(string expression)
    {
        if (!RuleExpression.TryParse(expression, out RuleNode? root, out RuleSyntaxError? error))
        {
            return [new LintWarning(LintCodes.Unreadable, $"{error} Nothing was checked.", error.Position)];
        }

        IReadOnlyList<ExemptionBounds>? ways = ExemptionBranches.Of(root);
        if (ways is null)
        {
            return
            [
                new LintWarning(
                    LintCodes.TooComplex,
                    $"It has more than {ExemptionBranches.Max} combinations of alternatives; split it into several rules so that each can be judged.",
                    0),
            ];
        }

        var warnings = new List<LintWarning>();
        Check(root, ways, warnings);
        return warnings;
    }

    private static void Check(RuleNode root, IReadOnlyList<ExemptionBounds> ways, List<LintWarning> warnings)
    {
        void Warn(string code, string message) => warnings.Add(new LintWarning(code, message, root.Position));
        bool Any(Func<ExemptionBounds, bool> test) => ways.Any(test);

        if (Any(static way => (way & ~ExemptionBounds.AlwaysTrue) == 0 && Has(way, ExemptionBounds.AlwaysTrue)))
        {
            Warn(LintCodes.AlwaysTrue, "It is always true: every request of the zone is exempted.");
            return;
        }

        if (Any(static way => Has(way, ExemptionBounds.NegatedScope) && !Has(way, ExemptionBounds.Path)))
        {
            Warn(
                LintCodes.NegatedScope,
                "It excludes a host or path instead of naming the ones to exempt: whatever is added later is exempted too. Name them.");
        }

        bool wholeZone = Any(static way => !HasAny(way, ExemptionBounds.Host | ExemptionBounds.Path | ExemptionBounds.BroadPath));
        if (wholeZone)
        {
            Warn(LintCodes.WholeZone, "It is bound to no host and no path: the whole zone is exempted. Add http.host and http.request.uri.path.");
        }

        if (Any(static way => Has(way, ExemptionBounds.Host) && !HasAny(way, ExemptionBounds.Path | ExemptionBounds.BroadPath)))
        {
            Warn(LintCodes.WholeHost, "It is bound to no path: everything on the host is exempted, login and administration too. Name the paths.");
        }

        if (Any(static way => Has(way, ExemptionBounds.BroadPath) && !Has(way, ExemptionBounds.Path)))
        {
            Warn(
                LintCodes.BroadPath,
                "Its path names a whole API or site, such as everything below /api: name the endpoints that need the exemption.");
        }

        if (Any(static way => !Has(way, ExemptionBounds.Host) && HasAny(way, ExemptionBounds.Path | ExemptionBounds.BroadPath)))
        {
            Warn(LintCodes.NoHost, "It is bound to no host: the path is exempted on every host of the zone. Add http.host.");
        }

        if (Any(static way => !Has(way, ExemptionBounds.Method)))
        {
            Warn(LintCodes.NoMethod, "It is bound to no method: every method is exempted. Add http.request.method.");
        }

        CheckClient(ways, Warn);
        if (Any(static way => Has(way, ExemptionBounds.WideNetwork)))
        {
            Warn(
                LintCodes.WideNetwork,
                "It has a network wider than /16 (IPv6: /32), which holds many unrelated customers. List the ranges that the client uses.");
        }

        CheckAlternatives(root, ways, warnings);
        if (Any(static way => !Has(way, ExemptionBounds.Expiry)))
        {
            Warn(
                LintCodes.NeverExpires,
                "It never expires. Bound it by http.request.timestamp.sec lt …, or note an owner and a day of review.");
        }
    }

    private static void CheckClient(IReadOnlyList<ExemptionBounds> ways, Action<string, string> warn)
    {
        if (ways.Any(static way => (way & Client) == ExemptionBounds.UserAgent))
        {
            warn(
                LintCodes.UserAgentOnly,
                "Of the client it checks the user agent alone, which anybody can copy. Add addresses, a client certificate or a signature header.");
        }

        if (ways.Any(static way => (way & Client & ~ExemptionBounds.UserAgent) == ExemptionBounds.Country))
        {
            warn(
                LintCodes.CountryOnly,
                "Of the client it checks only where it comes from: an attacker rents an address there. Add addresses, a client certificate or a signature header.");
        }

        if (ways.Any(static way => (way & Client) == 0))
        {
            warn(LintCodes.NoClientProperty, "It is bound to no property of the client: whoever calls the endpoint is exempted.");
        }
    }

    private static void CheckAlternatives(RuleNode root, IReadOnlyList<ExemptionBounds> ways, List<LintWarning> warnings)
    {
        if (ways.Count < 2)
        {
            return;
        }

        // A kind of bound that some ways have and others lack.
        ExemptionBounds some = ways.Aggregate(ExemptionBounds.None, static (all, way) => all | Kinds(way));
        ExemptionBounds every = ways.Aggregate(Compared, static (all, way) => all & Kinds(way));
        ExemptionBounds missing = some & ~every;
        if (BitOperations.PopCount((uint)missing) == 0)
        {
            return;
        }

        int position = root.DescendantsAndSelf().OfType<LogicalNode>()
            .FirstOrDefault(static node => node.Operator != LogicalOperator.And)?.Position ?? 0;
        warnings.Add(new LintWarning(
            LintCodes.OrWidens,
            $"An alternative of an 'or' is not bound to {Words(missing)}, which another one is: it widens the whole. Put the alternatives in parentheses, and what holds for all outside.",
            position));
    }

    // Which property of a client it is does not matter here.
    private static ExemptionBounds Kinds(ExemptionBounds way)
    {
        ExemptionBounds kinds = way & (ExemptionBounds.Host | ExemptionBounds.Path | ExemptionBounds.Method);
        return HasAny(way, Client) ? kinds | ExemptionBounds.Property : kinds;
    }

    private static string Words(ExemptionBounds bounds)
    {
        var words = new List<string>();
        foreach ((ExemptionBounds bound, string word) in new[]
        {
            (ExemptionBounds.Host, "a host"), (ExemptionBounds.Path, "a path"), (ExemptionBounds.Method, "a method"),
            (ExemptionBounds.Property, "the client"),
        })
        {
            if (Has(bounds, bound))
            {
                words.Add(word);
            }
        }

        return string.Join(", ", words);
    }

    private static bool Has(ExemptionBounds way, ExemptionBounds bound) => (way & bound) == bound;

    private static bool HasAny(ExemptionBounds way, ExemptionBounds bounds) => (way & bounds) != 0;
}
