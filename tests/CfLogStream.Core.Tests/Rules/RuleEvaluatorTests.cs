using System.Net;
using System.Text;
using CfLogStream.Core.Insight.Requests;
using CfLogStream.Core.Rules;
using Xunit;

namespace CfLogStream.Core.Tests.Rules;

public sealed class RuleEvaluatorTests
{
    private static readonly KeptRequest s_request = new()
    {
        Host = "api.shop.example",
        Method = "POST",
        Path = "/v1/orders/42",
        Query = "a=1",
        UserAgent = "okhttp/4.9",
        Address = IPAddress.Parse("::ffff:198.51.100.7"),
        Asn = 64500,
        Country = "de",
        Protocol = "HTTP/2",
        TlsProtocol = "TLSv1.3",
        MutualTls = "ok",
        Ja4 = "t13d1516h2",
        BotScore = 12,
        VerifiedBotCategory = "",
        WafScore = 0,
        Time = new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc),
    };

    [Theory]
    [InlineData("true", true)]
    [InlineData("http.host eq \"api.shop.example\" and http.request.method in {\"GET\" \"POST\"}", true)]
    [InlineData("http.host ne \"api.shop.example\" or ssl", true)]
    [InlineData("http.request.uri.path contains \"/orders/\"", true)]
    [InlineData("http.request.uri.path contains \"/ORDERS/\"", false)]
    [InlineData("http.request.uri.path strict wildcard \"/v1/orders/*\" and not http.request.uri.path strict wildcard \"/*/*/*/*\"", true)]
    [InlineData("http.request.uri.path wildcard \"/V1/ORDERS/*\"", true)]
    [InlineData("http.request.uri.path strict wildcard \"/V1/ORDERS/*\"", false)]
    [InlineData("http.request.uri.path matches \"^/v\\d/orders/[0-9]{1,9}$\"", true)]
    [InlineData("http.request.uri.path ~ r\"(?i)ORDERS/(4|5)\\d\"", true)]
    [InlineData("http.request.uri.path matches \"orders$\"", false)]
    [InlineData("starts_with(http.request.uri.path, \"/v1/\") and ends_with(lower(http.user_agent), \"4.9\")", true)]
    [InlineData("upper(http.request.uri.query) eq \"A=1\" and len(http.request.uri.query) eq 3", true)]
    [InlineData("http.request.uri.query eq 61:3d:31", true)]
    [InlineData("ip.src eq 198.51.100.7 and ip.src in {10.0.0.0/8 198.51.100.0/24}", true)]
    [InlineData("ip.src in {198.51.100.1..198.51.100.6}", false)]
    [InlineData("ip.src in {::ffff:198.51.100.7}", false)]
    [InlineData("ip.src ne 2001:db8::1", true)]
    [InlineData("ip.src gt 2001:db8::1 or ip.src le 2001:db8::1", false)]
    [InlineData("ip.geoip.asnum in {1..5 64500} and ip.src.asnum & 0x4", true)]
    [InlineData("ip.src.country eq \"DE\" and ip.geoip.country in {\"DE\"}", true)]
    [InlineData("cf.bot_management.score lt 30 and cf.bot_management.score ge 12", true)]
    [InlineData("cf.client.bot", false)]
    [InlineData("cf.tls_client_auth.cert_verified", true)]
    [InlineData("http.request.timestamp.sec lt 1772366401", true)]
    [InlineData("http.request.version eq \"HTTP/2\"", true)]
    [InlineData("http.host in {}", false)]
    [InlineData("ssl xor ssl xor ssl", true)]
    [InlineData("not ssl and cf.threat_score gt 3", false)]
    [InlineData("cf.threat_score gt 3 and not ssl", false)]
    [InlineData("cf.threat_score gt 3 or ssl", true)]
    [InlineData("cf.threat_score gt 3", null)]
    [InlineData("not cf.threat_score gt 3", null)]
    [InlineData("cf.threat_score gt 3 xor ssl", null)]
    [InlineData("cf.waf.score lt 20", null)]
    [InlineData("ip.src in $partners", null)]
    [InlineData("len(http.request.headers[\"x-sig\"]) gt 0", null)]
    [InlineData("any(lower(http.request.headers.names[*])[*] == \"a\")", null)]
    [InlineData("url_decode(http.request.uri.query) eq \"a\"", null)]
    [InlineData("ssl eq 1", null)]
    [InlineData("http.host in {1 2}", null)]
    [InlineData("ip.src eq \"198.51.100.7\"", null)]
    public void Evaluate_KeptRequest_GivesWhatIsKnown(string expression, bool? expected) =>
        Assert.Equal(expected, Evaluate(expression, s_request));

    [Theory]
    [InlineData("any(a[*] == \"x\")", true)]
    [InlineData("any(lower(a[*])[*] == \"y\")", true)]
    [InlineData("any(a[*] == \"z\")", null)]
    [InlineData("all(a[*] == \"z\")", false)]
    [InlineData("all(starts_with(b[*], \"p\"))", true)]
    [InlineData("any((b[*] == \"p1\" and b[*] == \"p2\"))", false)]
    [InlineData("any(not b[*] == \"p1\")", true)]
    [InlineData("len(b) eq 2 and any(len(b[*])[*] eq 2)", true)]
    [InlineData("b[1] eq \"p2\" and not b[2] eq \"p3\"", true)]
    [InlineData("b[2] ne \"p3\"", false)]
    [InlineData("gone ne \"x\"", false)]
    [InlineData("not gone eq \"x\"", true)]
    [InlineData("len(gone) ge 0 or any(gone[*] == \"x\")", false)]
    public void Evaluate_ArraysAndMissingValues_AreAsInTheEngine(string expression, bool? expected) =>
        Assert.Equal(expected, Evaluate(expression, new Map(new Dictionary<string, RuleValue?>
        {
            ["a"] = new ListValue([RuleValue.Of("x"), null, RuleValue.Of("Y")]),
            ["b"] = new ListValue([RuleValue.Of("p1"), RuleValue.Of("p2")]),
            ["gone"] = RuleValue.Missing,
        })));

    [Theory]
    [InlineData("(?=a)b")]
    [InlineData("(a)\\\\1")]
    [InlineData("(?P<n>a)")]
    [InlineData("[a&&b]")]
    [InlineData("[[:alpha:]]")]
    [InlineData("[]a]")]
    [InlineData("a{,2}")]
    [InlineData("(a{100}){100}")]
    [InlineData("\\\\p{L}")]
    [InlineData("a++")]
    [InlineData("(")]
    [InlineData("ä")]
    public void Matches_WhatIsNotCertainlyTheSame_IsUnknown(string pattern) =>
        Assert.Null(Evaluate($"http.host matches \"{pattern.Replace("\\\\", "\\", StringComparison.Ordinal)}\"", s_request));

    [Fact]
    public void Matches_TextBeyondAscii_IsUnknown()
    {
        KeptRequest request = s_request with { Path = "/é" };
        Assert.Null(Evaluate("http.request.uri.path matches \"^/.$\"", request));
        Assert.False(Evaluate("http.request.uri.path matches \"x$\"", s_request with { Path = "/x\n" }));
    }

    [Fact]
    public void Matches_PatternMadeToTakeLong_IsAnswered()
    {
        KeptRequest request = s_request with { Path = "/" + new string('a', 30_000) };
        Assert.False(Evaluate("http.request.uri.path matches \"(a+)+$x\"", request) ?? false);
        Assert.False(Evaluate("http.request.uri.path strict wildcard \"*a*a*a*a*a*a*a*b*a*a*a*c\"", request));
    }

    [Fact]
    public void Evaluate_RandomTrees_AgreesWithEveryCompletion()
    {
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            string text = Tree(random, 4);
            RuleNode root = Parse(text);
            bool?[] known = [.. Enumerable.Range(0, 4).Select(_ => random.Next(3) switch { 0 => (bool?)null, 1 => true, _ => false })];
            bool? result = new RuleEvaluator(root).Evaluate(Fields(known));

            // Whatever the unknown turn out to be, the answer must not change; with nothing unknown there must be one.
            foreach (bool?[] complete in Completions(known))
            {
                bool expected = Oracle(text, complete);
                Assert.True(result is null || result == expected, $"seed {seed}: {text} gave {result}, a completion gives {expected}");
                Assert.True(
                    new RuleEvaluator(root).Evaluate(Fields(complete)) == expected, $"seed {seed}: {text} with all known is not {expected}");
            }

            Assert.Equal(Kleene(root, known), result);
        }
    }

    [Fact]
    public void Wildcard_RandomPatterns_AgreeWithRecursion()
    {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] pattern = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, random.Next(7)).Select(_ => "abA*\\"[random.Next(5)] switch
            {
                '\\' => random.Next(2) == 0 ? "\\*" : "\\\\",
                char c => c.ToString(),
            })));
            byte[] value = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => "abA*\\"[random.Next(5)])));
            if (WildcardPattern.Problem(pattern) is null)
            {
                bool strict = random.Next(2) == 0;
                Assert.True(
                    WildcardPattern.IsMatch(pattern, value, strict) == Glob(pattern, value, strict),
                    $"pattern {Encoding.ASCII.GetString(pattern)}, value {Encoding.ASCII.GetString(value)}, strict {strict}");
            }
        }
    }

    [Fact]
    public void Evaluator_DeepTree_IsRefused()
    {
        RuleNode node = new FieldNode(0, "ssl", []);
        for (int i = 0; i < 1000; i++)
        {
            node = new NotNode(0, node);
        }

        Assert.Throws<ArgumentException>(() => new RuleEvaluator(node));
        Assert.True(Evaluate(string.Concat(Enumerable.Repeat("not (ssl and ", 60)) + "false_field" + new string(')', 60) + " or ssl", s_request));
    }

    private static bool Glob(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> value, bool strict)
    {
        if (pattern.Length == 0)
        {
            return value.Length == 0;
        }

        if (pattern[0] == '*')
        {
            return Glob(pattern[1..], value, strict) || (value.Length > 0 && Glob(pattern, value[1..], strict));
        }

        int used = pattern[0] == '\\' ? 2 : 1;
        return value.Length > 0
            && (value[0] == pattern[used - 1] || (!strict && char.ToLowerInvariant((char)value[0]) == char.ToLowerInvariant((char)pattern[used - 1])))
            && Glob(pattern[used..], value[1..], strict);
    }

    private static string Tree(Random random, int depth) => depth == 0 || random.Next(4) == 0
        ? $"f{random.Next(4)}"
        : random.Next(5) switch
        {
            0 => $"not {Tree(random, 0)}",
            1 => $"not ({Tree(random, depth - 1)})",
            2 => $"({Tree(random, depth - 1)})",
            _ => string.Join(
                random.Next(2) == 0 ? " and " : random.Next(2) == 0 ? " or " : " xor ",
                Enumerable.Range(0, random.Next(2, 4)).Select(_ => Tree(random, depth - 1))),
        };

    // Precedence by splitting the text at the loosest operator: not the way of the parser.
    private static bool Oracle(string text, bool?[] values)
    {
        foreach (string word in (string[])[" or ", " xor ", " and "])
        {
            List<string> parts = Split(text, word);
            if (parts.Count > 1)
            {
                bool[] results = [.. parts.Select(part => Oracle(part, values))];
                return word switch { " or " => results.Contains(true), " and " => !results.Contains(false), _ => results.Count(static r => r) % 2 == 1 };
            }
        }

        return text.StartsWith("not ", StringComparison.Ordinal) ? !Oracle(text[4..], values)
            : text[0] == '(' ? Oracle(text[1..^1], values)
            : values[text[1] - '0']!.Value;
    }

    private static List<string> Split(string text, string word)
    {
        var parts = new List<string>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (depth == 0 && string.CompareOrdinal(text, i, word, 0, word.Length) == 0)
            {
                parts.Add(text[start..i]);
                start = i + word.Length;
                i = start - 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static bool? Kleene(RuleNode node, bool?[] values)
    {
        switch (node)
        {
            case FieldNode field:
                return values[field.Name[1] - '0'];
            case NotNode not:
                return !Kleene(not.Operand, values);
            default:
                var logical = (LogicalNode)node;
                bool?[] results = [.. logical.Operands.Select(operand => Kleene(operand, values))];
                bool unknown = results.Contains(null);
                return logical.Operator switch
                {
                    LogicalOperator.And => results.Contains(false) ? false : unknown ? null : true,
                    LogicalOperator.Or => results.Contains(true) ? true : unknown ? null : false,
                    _ => unknown ? null : results.Count(static r => r == true) % 2 == 1,
                };
        }
    }

    private static IEnumerable<bool?[]> Completions(bool?[] known)
    {
        int at = Array.IndexOf(known, null);
        return at < 0
            ? [known]
            : ((bool?[])[true, false]).SelectMany(value => Completions([.. known[..at], value, .. known[(at + 1)..]]));
    }

    private static Map Fields(bool?[] values) => new(
        Enumerable.Range(0, 4).ToDictionary(i => $"f{i}", i => values[i] is { } known ? RuleValue.Of(known) : null));

    private static bool? Evaluate(string text, IRuleFields fields) => new RuleEvaluator(Parse(text)).Evaluate(fields);

    private static RuleNode Parse(string text)
    {
        Assert.True(RuleExpression.TryParse(text, out RuleNode? root, out RuleSyntaxError? error), $"{text}: {error}");
        return root;
    }

    private sealed class Map(Dictionary<string, RuleValue?> values) : IRuleFields
    {
        public RuleValue? Find(string name) => values.GetValueOrDefault(name);
    }
}
