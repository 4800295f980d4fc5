using System.Text;

namespace CfLogStream.Core.Traffic.Paths;

/// <summary>A template in parts: where it holds, what it is called, and what its segments demand.</summary>
internal sealed record ParsedTemplate(string Host, byte[] Text, IReadOnlyList<TemplateSegment> Segments, bool IsApi);

/// <summary>One segment of a template: literal bytes around placeholders. One piece is a literal; two empty pieces are a whole
/// <c>{name}</c>.</summary>
internal sealed record TemplateSegment(IReadOnlyList<byte[]> Pieces, bool IsRest = false)
{
    public bool IsLiteral => Pieces.Count == 1;

    public bool IsWholePlaceholder => Pieces.Count == 2 && Pieces[0].Length == 0 && Pieces[1].Length == 0;

    public int LiteralLength => Pieces.Sum(piece => piece.Length);

    /// <summary>Equal for segments that demand the same, whatever their placeholders are called.</summary>
    public string Key => string.Join("{}", Pieces.Select(Convert.ToHexString));
}

/// <summary>Reads templates as written in settings and API descriptions.</summary>
internal static class TemplateParser
{
    /// <summary>The longest template, in bytes of UTF-8; not longer than what the syntax rules write.</summary>
    public const int MaxBytes = 512;

    /// <summary>The most segments; also bounds the depth of the trie.</summary>
    public const int MaxSegments = 32;

    private const int MaxLiteral = 128;

    /// <summary>Parses one template.</summary>
    /// <returns>The template, or null with what is wrong in <paramref name="problem"/>.</returns>
    public static ParsedTemplate? Parse(string template, bool isApi, out string problem)
    {
        string text = template.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? template[8..]
            : template.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? template[7..]
            : template;
        int slash = text.IndexOf('/');
        if (slash < 0)
        {
            problem = "it has no path; write '/path' or 'host/path'";
            return null;
        }

        string host = "";
        if (slash > 0)
        {
            problem = HostPattern.Normalize(text[..slash], out host) ?? "";
            if (problem.Length > 0)
            {
                return null;
            }
        }

        string path = text[slash..];
        if (Encoding.UTF8.GetByteCount(path) > MaxBytes)
        {
            problem = $"its path is longer than {MaxBytes} bytes";
            return null;
        }

        problem = CheckCharacters(path);
        if (problem.Length > 0)
        {
            return null;
        }

        IReadOnlyList<TemplateSegment>? segments = ParseSegments(path, out problem);
        return segments is null ? null : new ParsedTemplate(host, Encoding.UTF8.GetBytes(path), segments, isApi);
    }

    private static string CheckCharacters(string path)
    {
        foreach (char character in path)
        {
            switch (character)
            {
                case '?' or '#':
                    return "a template has no query and no fragment";
                case ';':
                    return "';' cannot be matched, because matrix parameters are cut from paths; write it without";
                case '…':
                    return "'…' marks a path that was cut and cannot be matched; end the template with '/**'";
                case <= ' ' or '\u007f':
                    return "it holds a blank or a control character; encode it as %XX";
                default:
                    continue;
            }
        }

        return "";
    }

    private static List<TemplateSegment>? ParseSegments(string path, out string problem)
    {
        var segments = new List<TemplateSegment>();
        string[] parts = path[1..].Split('/');
        int count = parts.Length > 0 && parts[^1].Length == 0 ? parts.Length - 1 : parts.Length;
        if (count > MaxSegments)
        {
            problem = $"it has more than {MaxSegments} segments";
            return null;
        }

        for (int i = 0; i < count; i++)
        {
            TemplateSegment? segment = ParseSegment(parts[i], out problem);
            if (segment is null)
            {
                return null;
            }

            if (segment.IsRest && i != count - 1)
            {
                problem = $"'{parts[i]}' matches the rest of a path and can only come last";
                return null;
            }

            segments.Add(segment);
        }

        problem = "";
        return segments;
    }

    private static TemplateSegment? ParseSegment(string part, out string problem)
    {
        problem = "";
        if (part.Length == 0)
        {
            problem = "it holds '//', which requests never match, because empty segments are skipped";
            return null;
        }

        if (part == "**" || IsGreedy(part))
        {
            return new TemplateSegment([[], []], IsRest: true);
        }

        if (part.Contains('*', StringComparison.Ordinal) && part.Trim('*').Length == 0)
        {
            problem = $"'{part}' is no placeholder; write '{{name}}' for one segment or a last '/**' for the rest";
            return null;
        }

        var pieces = new List<byte[]>();
        int at = 0;
        while (true)
        {
            int open = part.IndexOf('{', at);
            string literal = open < 0 ? part[at..] : part[at..open];
            if (literal.Contains('}', StringComparison.Ordinal))
            {
                problem = $"'{part}' has a '}}' without a '{{' before it";
                return null;
            }

            byte[] bytes = Encoding.UTF8.GetBytes(literal);
            int length = PercentCode.Decode(bytes, bytes, out _);
            if (length > MaxLiteral)
            {
                problem = $"'{part[..20]}…' has more than {MaxLiteral} bytes of literal text";
                return null;
            }

            // Placeholders side by side cannot be told apart and count as one.
            if (length > 0 || open < 0 || pieces.Count == 0)
            {
                pieces.Add(bytes[..length]);
            }

            if (open < 0)
            {
                return new TemplateSegment(pieces);
            }

            int close = part.IndexOf('}', open);
            string name = close < 0 ? "" : part[(open + 1)..close];
            if (name.Length == 0 || name.Contains('{', StringComparison.Ordinal))
            {
                problem = close < 0 ? $"'{part}' has a '{{' without a '}}' after it" : $"'{part}' has a placeholder without a plain name";
                return null;
            }

            at = close + 1;
        }
    }

    // {proxy+} of AWS API Gateway, {*path} and {**path} of ASP.NET, {path*} of RFC 6570.
    private static bool IsGreedy(string part) =>
        part.Length > 3 && part[0] == '{' && part.IndexOf('}', StringComparison.Ordinal) == part.Length - 1
        && (part[1] is '*' or '+' || part[^2] is '*' or '+');
}
