using System.Text;
using CfLogStream.Core.Insight.Controls;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Remedies;
using CfLogStream.Core.Insight.Remedies.Payloads;
using CfLogStream.Core.Rules;
using Xunit;

namespace CfLogStream.Core.Tests.Insight.Remedies;

/// <summary>What an attacker writes into a host, a path or a header stays inside its literal.</summary>
public sealed class HostileRemedyTests
{
    private static readonly string[] s_pieces =
    [
        "\"", "\\", "\\\"", "\" or true or http.host eq \"", ") or (true", "*", "\\*", "**", "{id}", "{", "}", "{*}", "/", "/**", "\n", "\r", "\0",
        "\u202e", "é", "\ud83d\ude00", "r#\"", "\"#", "$list", "${x}", "'; DROP", "</script>", "\\x22", "\\042", "%22", "{other}", " and ", "..",
        "10.0.0.0/0", "a", "v1", "admin",
    ];

    [Fact]
    public void Plan_HostileText_NeverLeavesItsLiteral()
    {
        string[] controls = [.. ControlCatalog.All.Select(static facts => facts.Control)];
        var random = new Random(11292026);
        for (int round = 0; round < 1500; round++)
        {
            string host = Text(random, "");
            string path = Text(random, "/");
            string method = random.Next(4) == 0 ? Text(random, "") : "POST";
            RemedyRequest request = Request(random, controls[round % controls.Length], host, path, method);
            foreach (Remedy remedy in RemedyPlanner.Plan(request))
            {
                string what = $"round {round}: {remedy.Expression}";
                Assert.True(remedy.Payload.Length == 0 || PayloadRules.Check(remedy.Payload) is [] || IsHostsFault(remedy), $"{what}\n{remedy.Payload}");
                if (remedy.Expression.Length == 0 || remedy.Expression == "true")
                {
                    continue;
                }

                Assert.True(RuleExpression.TryParse(remedy.Expression, out RuleNode? root, out RuleSyntaxError? error), $"{what}\n{error}");
                Assert.True(remedy.Expression.All(static c => c is >= ' ' and <= '~'), what);
                CheckLiterals(root, host, path, what);
            }
        }
    }

    private static void CheckLiterals(RuleNode root, string host, string path, string what)
    {
        foreach (ComparisonNode node in root.DescendantsAndSelf().OfType<ComparisonNode>())
        {
            Assert.Contains(node.Value.Name, s_expectedFields);
            if (node.Literal is not StringLiteral literal)
            {
                continue;
            }

            if (node.Value.Name == "http.host" && literal.Text != "HOST_OF_THE_ENDPOINT")
            {
                Assert.Equal(Encoding.UTF8.GetBytes(host), literal.Value);
            }
            else if (node.Value.Name == "http.request.uri.path" && node.Operator == ComparisonOperator.Equal)
            {
                Assert.True(Encoding.UTF8.GetBytes(path).AsSpan().SequenceEqual(literal.Value), what);
            }
        }

        // A bare condition is one of ours: 'true' cannot get in.
        foreach (ValueNode value in root.DescendantsAndSelf().OfType<ValueNode>())
        {
            Assert.Contains(value.Name, s_expectedFields);
        }
    }

    private static readonly HashSet<string> s_expectedFields = new(StringComparer.Ordinal)
    {
        "http.host", "http.request.uri.path", "http.request.method", "http.request.timestamp.sec", "ip.src", "ip.src.asnum", "ip.src.country",
        "cf.client.bot", "cf.verified_bot_category", "cf.tls_client_auth.cert_verified", "cf.tls_client_auth.cert_revoked",
        "cf.bot_management.ja4", "http.request.headers", "len", "EXPRESSION_OF_THE_RULE", "starts_with",
    };

    // An operation needs a usable host, path and method; what is none is said, not hidden.
    private static bool IsHostsFault(Remedy remedy) => remedy.Kind == RemedyKind.ApiShield;

    private static RemedyRequest Request(Random random, string control, string host, string path, string method) => new()
    {
        Rule = new RuleIdentity("z", control, Text(random, ""), "", Text(random, ""), random.Next(2) == 0 ? "block" : Text(random, "")),
        Pattern = random.Next(5) == 0 ? MisjudgementPattern.ExemptionTooBroad : MisjudgementPattern.BrowserRule,
        Endpoints = [new EndpointIdentity("z", host, method, path, "api")],
        Clients = [new ClientIdentity("sdk", Text(random, ""), "claimed")],
        Evidence = new ClientEvidence
        {
            Networks = [Text(random, ""), "192.0.2.1", Text(random, "10.0.0.0/")],
            NetworksComplete = random.Next(2) == 0,
            UserAgents = [Text(random, "")],
            Ja4 = [Text(random, "")],
            Asns = random.Next(2) == 0 ? [64500] : [],
            Countries = [Text(random, "")],
            SignatureHeader = Text(random, ""),
            VerifiedBotCategory = random.Next(2) == 0 ? Text(random, "") : "",
        },
        Owner = Text(random, ""),
        Now = new DateTime(2026, 11, 29, 0, 0, 0, DateTimeKind.Utc),
    };

    private static string Text(Random random, string start)
    {
        var text = new StringBuilder(start);
        int pieces = random.Next(30) == 0 ? 900 : random.Next(0, 6);
        for (int i = 0; i < pieces; i++)
        {
            text.Append(s_pieces[random.Next(s_pieces.Length)]);
        }

        return text.ToString();
    }
}
