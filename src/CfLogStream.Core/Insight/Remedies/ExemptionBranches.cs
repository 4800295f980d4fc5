using System.Buffers;
using System.Net;
using System.Net.Sockets;
using CfLogStream.Core.Rules;

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>Splits an expression into the ways through it, each with what binds it: <c>or</c> splits, <c>and</c> joins.</summary>
internal static class ExemptionBranches
{
    /// <summary>More ways than this are not told apart.</summary>
    public const int Max = 256;

    private const int NarrowestWideV4 = 15;
    private const int NarrowestWideV6 = 31;

    private static readonly HashSet<string> s_pathFields = new(StringComparer.Ordinal)
    {
        "http.request.uri.path", "http.request.uri", "http.request.full_uri",
        "raw.http.request.uri.path", "raw.http.request.uri", "raw.http.request.full_uri",
    };

    // Segments that name an API and none of its endpoints.
    private static readonly HashSet<string> s_genericSegments = new(StringComparer.OrdinalIgnoreCase)
    {
        "api", "apis", "rest", "rpc", "services", "service", "public", "private", "internal", "external", "gateway", "wp-json", "app",
    };

    private static readonly SearchValues<char> s_regexSigns = SearchValues.Create("[(.*+?{$\\");

    private static readonly BareLiteral s_nothing = new(0, "", BareKind.Integer);

    /// <summary>Returns the bounds of every way; null when there are more than <see cref="Max"/>.</summary>
    public static IReadOnlyList<ExemptionBounds>? Of(RuleNode node)
    {
        switch (node)
        {
            case LogicalNode { Operator: LogicalOperator.And } and:
                List<ExemptionBounds> product = [ExemptionBounds.None];
                foreach (RuleNode operand in and.Operands)
                {
                    if (Of(operand) is not { } ways || product.Count * ways.Count > Max)
                    {
                        return null;
                    }

                    product = [.. product.SelectMany(left => ways.Select(right => left | right))];
                }

                return product;
            case LogicalNode either:
                var union = new List<ExemptionBounds>();
                foreach (RuleNode operand in either.Operands)
                {
                    if (Of(operand) is not { } ways || union.Count + ways.Count > Max)
                    {
                        return null;
                    }

                    union.AddRange(ways);
                }

                return union;
            case NotNode not:
                return [OfNegated(not.Operand)];
            case ComparisonNode comparison:
                return [OfComparison(comparison)];
            case CallNode { Name: "starts_with" or "ends_with" } call:
                return [OfAffix(call)];
            case ValueNode value:
                return [OfCondition(value)];
            default:
                return [ExemptionBounds.None];
        }
    }

    private static ExemptionBounds OfNegated(RuleNode operand)
    {
        foreach (RuleNode node in operand.DescendantsAndSelf())
        {
            if (node is ValueNode value && (s_pathFields.Contains(value.Name) || value.Name == "http.host"))
            {
                return ExemptionBounds.NegatedScope;
            }
        }

        return ExemptionBounds.None;
    }

    private static ExemptionBounds OfComparison(ComparisonNode node)
    {
        string field = FieldOf(node.Value);
        bool negative = node.Operator == ComparisonOperator.NotEqual;
        if (s_pathFields.Contains(field))
        {
            return negative ? ExemptionBounds.NegatedScope : OfPath(node) | (IsWholeUri(field) ? ExemptionBounds.Host : 0);
        }

        if (negative)
        {
            return field == "http.host" ? ExemptionBounds.NegatedScope : ExemptionBounds.None;
        }

        return field switch
        {
            "http.host" => node.Operator is ComparisonOperator.Equal or ComparisonOperator.In ? ExemptionBounds.Host : ExemptionBounds.None,
            "http.request.method" => ExemptionBounds.Method,
            "http.request.timestamp.sec" =>
                node.Operator is ComparisonOperator.Less or ComparisonOperator.LessOrEqual ? ExemptionBounds.Expiry : ExemptionBounds.None,
            "http.user_agent" => ExemptionBounds.UserAgent,
            "ip.src" => ExemptionBounds.Address | OfNetworks(node.Literal),
            "ip.src.asnum" or "ip.geoip.asnum" => ExemptionBounds.Asn,
            "ip.src.country" or "ip.geoip.country" or "ip.src.continent" or "ip.geoip.continent" or "ip.src.is_in_european_union" =>
                ExemptionBounds.Country,
            _ => OfProperty(field),
        };
    }

    private static ExemptionBounds OfCondition(ValueNode value) => FieldOf(value) switch
    {
        "true" => ExemptionBounds.AlwaysTrue,
        "ip.src.is_in_european_union" or "ip.geoip.is_in_european_union" => ExemptionBounds.Country,
        string field => OfProperty(field),
    };

    private static ExemptionBounds OfProperty(string field) =>
        field.StartsWith("cf.tls_client_auth.cert_verified", StringComparison.Ordinal)
        || field.StartsWith("cf.tls_client_auth.cert_fingerprint", StringComparison.Ordinal)
        || field is "cf.client.bot" or "cf.verified_bot_category" or "cf.bot_management.verified_bot" or "cf.bot_management.ja3_hash"
            or "cf.bot_management.ja4" or "cf.bot_management.signed_agent" or "is_timed_hmac_valid_v0"
        || field.StartsWith("http.request.headers", StringComparison.Ordinal)
        || field.StartsWith("http.request.cookies", StringComparison.Ordinal)
        || field == "http.cookie"
        || field.StartsWith("http.request.jwt", StringComparison.Ordinal)
            ? ExemptionBounds.Property
            : ExemptionBounds.None;

    /// <summary>Returns the field that a value is about: the one inside <c>lower(…)</c>, <c>len(…)</c> and the like.</summary>
    private static string FieldOf(ValueNode value)
    {
        if (value is not CallNode call)
        {
            return value.Name;
        }

        FieldNode? inner = call.DescendantsAndSelf().OfType<FieldNode>().FirstOrDefault();
        return inner?.Name ?? call.Name;
    }

    private static bool IsWholeUri(string field) => field.EndsWith("full_uri", StringComparison.Ordinal);

    private static ExemptionBounds OfNetworks(LiteralNode literal)
    {
        IEnumerable<BareLiteral> items = literal is SetLiteral set ? set.Items.OfType<BareLiteral>() : [literal as BareLiteral ?? s_nothing];
        foreach (BareLiteral item in items)
        {
            if (item.Kind == BareKind.Network && BareForm.TryNetwork(item.Text, out IPAddress address, out int length)
                && length <= (address.AddressFamily == AddressFamily.InterNetwork ? NarrowestWideV4 : NarrowestWideV6))
            {
                return ExemptionBounds.WideNetwork;
            }
        }

        return ExemptionBounds.None;
    }

    private static ExemptionBounds OfAffix(CallNode call)
    {
        if (call.Arguments is not [ValueNode value, StringLiteral text, ..])
        {
            return ExemptionBounds.None;
        }

        string field = FieldOf(value);
        if (!s_pathFields.Contains(field))
        {
            // The beginning or end of a host leaves other hosts open.
            return field == "http.user_agent" ? ExemptionBounds.UserAgent : OfProperty(field);
        }

        return call.Name == "starts_with" ? PathBound(text.Text, IsWholeUri(field)) : ExemptionBounds.BroadPath;
    }

    private static ExemptionBounds OfPath(ComparisonNode node)
    {
        bool whole = IsWholeUri(FieldOf(node.Value));
        return (node.Operator, node.Literal) switch
        {
            (ComparisonOperator.Equal or ComparisonOperator.In, _) => ExemptionBounds.Path,
            (ComparisonOperator.Wildcard or ComparisonOperator.StrictWildcard, StringLiteral pattern) => PathBound(pattern.Text, whole),
            (ComparisonOperator.Matches, StringLiteral regex) => OfRegex(regex.Text, whole),
            _ => ExemptionBounds.BroadPath,
        };
    }

    private static ExemptionBounds OfRegex(string regex, bool whole)
    {
        if (!regex.StartsWith('^') || regex.Contains('|', StringComparison.Ordinal))
        {
            return ExemptionBounds.BroadPath;
        }

        int end = regex.AsSpan(1).IndexOfAny(s_regexSigns);
        return PathBound(end < 0 ? regex[1..] : regex.Substring(1, end), whole);
    }

    /// <summary>A beginning or pattern binds when it names something more than the API itself.</summary>
    private static ExemptionBounds PathBound(string pattern, bool whole)
    {
        int path = 0;
        if (whole)
        {
            int host = pattern.IndexOf("://", StringComparison.Ordinal);
            int slash = host < 0 ? -1 : pattern.IndexOf('/', host + 3);
            if (slash < 0)
            {
                return ExemptionBounds.BroadPath;
            }

            path = slash;
        }

        foreach (string segment in pattern[path..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!segment.Contains('*', StringComparison.Ordinal) && !IsGeneric(segment))
            {
                return ExemptionBounds.Path;
            }
        }

        return ExemptionBounds.BroadPath;
    }

    private static bool IsGeneric(string segment) =>
        s_genericSegments.Contains(segment)
        || (segment.Length is >= 2 and <= 4 && segment[0] is 'v' or 'V' && segment.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0);
}
