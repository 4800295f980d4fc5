using System.Text;
using CfLogStream.Core.Rules;
using Xunit;

namespace CfLogStream.Core.Tests.Rules;

public sealed class RuleExpressionTests
{
    [Theory]
    [InlineData("http.host eq \"a\"")]
    [InlineData("http.host eq\"a\"or ssl")]
    [InlineData("ip.src in{1.2.3.4 10.0.0.0/8 1.1.1.1..1.1.1.9 2001:db8::/32}")]
    [InlineData("ssl andssl")]
    [InlineData("notssl")]
    [InlineData("!ssl && (ssl || not ssl) ^^ ssl")]
    [InlineData("http.host in {}")]
    [InlineData("tcp.port in {1 5..9 0x1f}")]
    [InlineData("ip.src in $cf.open_proxies")]
    [InlineData("any(lower(http.request.headers.names[*])[*] == \"a\")")]
    [InlineData("any(not a[*] == \"x\")")]
    [InlineData("any((a[*]==\"x\" or b[*]==\"y\"))")]
    [InlineData("any(starts_with(http.request.headers.names[*],\"x-\"))")]
    [InlineData("len(http.request.headers[\"x-sig\"]) gt 0")]
    [InlineData("http.request.headers[\"accept\"][0] contains \"json\"")]
    [InlineData("http.request.uri.path matches \"^/a[\"x]\\d+$\"")]
    [InlineData("http.request.uri.path matches r#\"a\"b\"#")]
    [InlineData("http.host strict wildcard \"*.example.com\"")]
    [InlineData("http.host wildcard r\"a\\*b\"")]
    [InlineData("cf.x & 0x10")]
    [InlineData("http.cookie contains 6F:72-67.61")]
    [InlineData("  \tssl\n ")]
    [InlineData("is_timed_hmac_valid_v0(\"key\", http.request.uri, 10800, http.request.timestamp.sec, 8)")]
    [InlineData("true")]
    public void TryParse_Expression_IsRead(string text)
    {
        bool read = RuleExpression.TryParse(text, out RuleNode? root, out RuleSyntaxError? error);
        Assert.True(read, error?.ToString());
        Assert.NotNull(root);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("http.host", -1)]
    [InlineData("ssl\tand ssl", 3)]
    [InlineData("ssl AND ssl", 4)]
    [InlineData("http.host eq", 12)]
    [InlineData("http.host eq \"a", 13)]
    [InlineData("http.host eq \"a\\n\"", 15)]
    [InlineData("http.host eq 10fe", 13)]
    [InlineData("tcp.port eq 08", 12)]
    [InlineData("tcp.port eq +1", 12)]
    [InlineData("tcp.port in {9..1}", 13)]
    [InlineData("tcp.port eq 9223372036854775808", 12)]
    [InlineData("http.host in {\"a\", \"b\"}", 17)]
    [InlineData("http.host in {\"a\"", 17)]
    [InlineData("http.host in \"a\"", 13)]
    [InlineData("ip.src in {1.2.3.4/24}", 11)]
    [InlineData("ip.src in {1.2.3.4/33}", 11)]
    [InlineData("ip.src in {1.2.3.9..1.2.3.4}", 11)]
    [InlineData("ip.src eq 010.0.0.1", 10)]
    [InlineData("ip.src in $UPPER", 10)]
    [InlineData("(ssl", 4)]
    [InlineData("ssl)", 3)]
    [InlineData("ssl # comment", 4)]
    [InlineData("any(a[*]==\"x\" or b[*]==\"y\")", 14)]
    [InlineData("names[*] == \"x\"", 5)]
    [InlineData("concat(\"x\", a[*]) eq \"x\"", 13)]
    [InlineData("a[-1] eq \"x\"", 1)]
    [InlineData("http.host wildcard \"a**b\"", 19)]
    [InlineData("http.host wildcard r\"a\\?\"", 19)]
    [InlineData("http.host strict  wildcard \"a\"", 10)]
    [InlineData("http.host wildcard 6f:72", 19)]
    public void TryParse_NoExpression_SaysWhere(string text, int position)
    {
        bool read = RuleExpression.TryParse(text, out _, out RuleSyntaxError? error);
        if (position < 0)
        {
            // Types are not checked here: a field alone is read.
            Assert.True(read);
            return;
        }

        Assert.False(read, text);
        Assert.Equal(position, error!.Position);
    }

    [Fact]
    public void TryParse_Precedence_IsNotThenAndThenXorThenOr()
    {
        LogicalNode or = Assert.IsType<LogicalNode>(Parse("not a and b or c xor d"));
        Assert.Equal(LogicalOperator.Or, or.Operator);
        LogicalNode and = Assert.IsType<LogicalNode>(or.Operands[0]);
        Assert.Equal(LogicalOperator.And, and.Operator);
        Assert.IsType<NotNode>(and.Operands[0]);
        Assert.Equal(LogicalOperator.Xor, Assert.IsType<LogicalNode>(or.Operands[1]).Operator);
    }

    [Fact]
    public void TryParse_Escapes_AreBytes()
    {
        ComparisonNode node = Assert.IsType<ComparisonNode>(Parse("""x eq "a\"\\\x00\377é" """));
        Assert.Equal([(byte)'a', (byte)'"', (byte)'\\', 0, 255, .. "é"u8], Assert.IsType<StringLiteral>(node.Literal).Value);
    }

    [Fact]
    public void TryParse_QuotedPattern_KeepsItsBackslashes()
    {
        ComparisonNode node = Assert.IsType<ComparisonNode>(Parse("""x matches "\d+\"[\"]" """));
        Assert.Equal("""\d+"[\"]""", Assert.IsType<StringLiteral>(node.Literal).Text);
    }

    [Theory]
    [InlineData(127, true)]
    [InlineData(128, false)]
    public void TryParse_Depth_IsBounded(int depth, bool expected) =>
        Assert.Equal(expected, RuleExpression.TryParse(new string('(', depth) + "ssl" + new string(')', depth), out _, out _));

    [Theory]
    [InlineData("!")]
    [InlineData("any(")]
    [InlineData("{")]
    [InlineData("ssl or ")]
    public void TryParse_HostileRepetition_IsAnError(string piece)
    {
        string text = string.Concat(Enumerable.Repeat(piece, 4096 / piece.Length));
        Assert.False(RuleExpression.TryParse(text, out _, out RuleSyntaxError? error));
        Assert.NotNull(error);
    }

    [Fact]
    public void TryParse_LongerThanCloudflareTakes_IsAnError()
    {
        string text = $"x eq \"{new string('a', 4096)}\"";
        Assert.False(RuleExpression.TryParse(text, out _, out RuleSyntaxError? error));
        Assert.Equal("Cannot read the expression at column 4097: it has 4103 characters; Cloudflare takes at most 4096.", error.ToString());
    }

    [Fact]
    public void Quote_AnyBytes_AreReadBackEqual()
    {
        var random = new Random(20261129);
        for (int round = 0; round < 2000; round++)
        {
            byte[] bytes = new byte[random.Next(0, 40)];
            random.NextBytes(bytes);
            ComparisonNode node = Assert.IsType<ComparisonNode>(Parse($"x eq {RuleText.Quote(bytes)} "));
            Assert.Equal(bytes, Assert.IsType<StringLiteral>(node.Literal).Value);
        }
    }

    [Fact]
    public void Quote_ControlCharactersAndDirectionOverrides_AreVisible() =>
        Assert.Equal("\"a\\x0a\\xe2\\x80\\xae\\\"\"", RuleText.Quote("a\n\u202e\""));

    private static RuleNode Parse(string text)
    {
        Assert.True(RuleExpression.TryParse(text, out RuleNode? root, out RuleSyntaxError? error), error?.ToString());
        return root;
    }
}
