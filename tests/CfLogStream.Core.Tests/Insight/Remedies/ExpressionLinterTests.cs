using CfLogStream.Core.Insight.Remedies;
using Xunit;

namespace CfLogStream.Core.Tests.Insight.Remedies;

public sealed class ExpressionLinterTests
{
    private const string Narrow =
        "http.host eq \"api.example.com\" and http.request.method eq \"POST\" and http.request.uri.path eq \"/hooks/pay\" and ip.src in {198.51.100.0/24} and http.request.timestamp.sec lt 1800000000";

    [Fact]
    public void Lint_NarrowExemption_HasNoWarning() => Assert.Empty(ExpressionLinter.Lint(Narrow));

    [Theory]
    [InlineData("true", "always_true")]
    [InlineData("ssl or true", "always_true")]
    [InlineData("http.host eq \"api.example.com\"", "whole_host no_method no_client_property never_expires")]
    [InlineData("ip.src eq 192.0.2.1", "whole_zone no_method never_expires")]
    [InlineData(
        "http.host eq \"a\" and starts_with(http.request.uri.path, \"/api/\") and ip.src eq 192.0.2.1", "broad_path no_method never_expires")]
    [InlineData(
        "http.host eq \"a\" and starts_with(http.request.uri.path, \"/api/v1/\") and ip.src eq 192.0.2.1", "broad_path no_method never_expires")]
    [InlineData("http.host eq \"a\" and http.request.uri.path contains \"/api\" and ip.src eq 192.0.2.1", "broad_path no_method never_expires")]
    [InlineData("http.host eq \"a\" and http.request.uri.path matches \"^/api/.*\" and ip.src eq 192.0.2.1", "broad_path no_method never_expires")]
    [InlineData("http.host eq \"a\" and http.request.uri.path wildcard \"/*\" and ip.src eq 192.0.2.1", "broad_path no_method never_expires")]
    [InlineData("http.request.uri.path eq \"/hooks\" and ip.src eq 192.0.2.1", "no_host no_method never_expires")]
    [InlineData(
        "http.host eq \"a\" and http.request.uri.path eq \"/h\" and http.request.method eq \"POST\" and http.user_agent contains \"Stripe\"",
        "user_agent_only never_expires")]
    [InlineData(
        "http.host eq \"a\" and http.request.uri.path eq \"/h\" and http.request.method eq \"POST\" and lower(http.user_agent) contains \"x\" and ip.src.country eq \"US\"",
        "country_only never_expires")]
    [InlineData(
        "http.host eq \"a\" and http.request.uri.path eq \"/h\" and http.request.method eq \"POST\" and ip.src in {10.0.0.0/8}",
        "wide_network never_expires")]
    [InlineData("not http.request.uri.path contains \"/admin\" and http.host eq \"a\"", "negated_scope whole_host no_method no_client_property never_expires")]
    [InlineData("http.host ne \"admin.example.com\"", "negated_scope whole_zone no_method no_client_property never_expires")]
    [InlineData(Narrow + " or http.host eq \"b\"", "whole_host no_method no_client_property or_widens never_expires")]
    [InlineData("http.host eq", "unreadable")]
    public void Lint_WideExemption_SaysWhy(string expression, string codes) =>
        Assert.Equal(codes, string.Join(' ', ExpressionLinter.Lint(expression).Select(static warning => warning.Code)));

    [Fact]
    public void Lint_AlternativesInParentheses_AreNotWidening() =>
        Assert.DoesNotContain(
            ExpressionLinter.Lint(
                "http.host eq \"a\" and http.request.method eq \"POST\" and (http.request.uri.path eq \"/x\" or http.request.uri.path eq \"/y\") and ip.src eq 192.0.2.1"),
            static warning => warning.Code == "or_widens");

    [Fact]
    public void Lint_UnreadableExpression_SaysWhere()
    {
        LintWarning warning = Assert.Single(ExpressionLinter.Lint("http.host eq \"a\" or (  )"));
        Assert.Equal(23, warning.Position);
        Assert.Equal(
            "Cannot read the expression at column 24: expected a field, a function, 'not' or '('. Nothing was checked.", warning.Message);
    }

    [Fact]
    public void Lint_ManyAlternatives_EndsQuickly()
    {
        string either = "(a eq \"1\" or b eq \"2\")";
        LintWarning warning = Assert.Single(ExpressionLinter.Lint(string.Join(" and ", Enumerable.Repeat(either, 100))));
        Assert.Equal("too_complex", warning.Code);
    }
}
