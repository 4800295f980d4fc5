using System.Text.Json;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Rules;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>Says from a rule's expression what it takes its victims for: from the properties of a client that it looks at.</summary>
internal static class ExpressionPattern
{
    private const string Header = "http.request.headers";

    private static readonly string[] s_places = ["ip.geoip.country", "ip.src.country", "ip.geoip.continent", "ip.src.continent", "ip.geoip.asnum", "ip.src.asnum"];

    // What browsers send, or pass, and programs do not.
    private static readonly string[] s_browsers = ["http.user_agent", "cf.bot_management.js_detection", "http.referer", "http.cookie"];
    private static readonly string[] s_browserHeaders = ["user-agent", "accept-language", "referer", "cookie", "sec-"];

    // Where a request goes, and what nearly every rule lets alone: nothing that tells one client from another.
    private static readonly string[] s_everybody =
        ["http.host", "http.request.uri", "http.request.full_uri", "http.request.method", "raw.http.request", "ssl", "cf.client.bot", "cf.zone", "cf.edge"];

    /// <summary>Decides from a rule as an audit log has it; null when nothing telling is in it.</summary>
    /// <param name="value">The rule as JSON with an <c>expression</c>, or the expression alone.</param>
    /// <param name="isChallenge">Whether the rule challenges.</param>
    public static MisjudgementPattern? Of(string value, bool isChallenge)
    {
        string expression = ExpressionOf(value);
        if (!RuleExpression.TryParse(expression, out RuleNode? root, out _))
        {
            return OfText(expression);
        }

        FieldNode[] fields = [.. root.DescendantsAndSelf().OfType<FieldNode>()];
        return OfFields([.. fields.Select(static field => field.Name)], [.. fields.Where(IsBrowserHeader).Select(static field => field.Name)])
            ?? (isChallenge && fields.Length > 0 && fields.All(field => s_everybody.Any(field.Name.StartsWith)) ? MisjudgementPattern.UnsolvableChallenge : null);
    }

    private static MisjudgementPattern? OfFields(string[] fields, string[] browserHeaders)
    {
        bool Has(string name) => fields.Any(field => field.StartsWith(name, StringComparison.Ordinal));
        return s_places.Any(Has) ? MisjudgementPattern.GeoOrNetworkRule
            : Has("cf.bot_management.score") ? MisjudgementPattern.BotThreshold
            : fields.Contains("ip.src") ? MisjudgementPattern.AddressRule
            : browserHeaders.Length > 0 || s_browsers.Any(Has) ? MisjudgementPattern.BrowserRule
            : null;
    }

    private static bool IsBrowserHeader(FieldNode field) =>
        field.Name == Header && field.Indexes.Any(static index => index.Key is { } key
            && s_browserHeaders.Any(header => key.StartsWith(header, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Of an expression that cannot be read, or of a text with one somewhere inside.</summary>
    private static MisjudgementPattern? OfText(string text)
    {
        string[] named = [.. s_places.Concat(s_browsers).Append("cf.bot_management.score").Append("ip.src")
            .Where(field => text.Contains(field, StringComparison.OrdinalIgnoreCase))];
        return OfFields(named, []);
    }

    private static string ExpressionOf(string value)
    {
        if (!value.AsSpan().TrimStart().StartsWith("{", StringComparison.Ordinal))
        {
            return value;
        }

        try
        {
            using var document = JsonDocument.Parse(value);
            return document.RootElement.TryGetProperty("expression", out JsonElement expression) && expression.ValueKind == JsonValueKind.String
                ? expression.GetString()!
                : value;
        }
        catch (JsonException)
        {
            return value;
        }
    }
}
