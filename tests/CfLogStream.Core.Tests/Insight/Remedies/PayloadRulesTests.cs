using CfLogStream.Core.Insight.Remedies.Payloads;
using Xunit;

namespace CfLogStream.Core.Tests.Insight.Remedies;

public sealed class PayloadRulesTests
{
    [Theory]
    [InlineData("""{"action":"skip","expression":"ssl","action_parameters":{"ruleset":"current","phases":["http_ratelimit"],"products":["bic"]},"position":{"before":""}}""")]
    [InlineData("""{"action":"skip","expression":"ssl","action_parameters":{"rules":{"{managed_ruleset_id}":["efb7b8c949ac4650a09736fc376e9aee"]}},"position":{"before":"x"}}""")]
    [InlineData("""{"action":"block","expression":"ssl","ratelimit":{"characteristics":["cf.colo.id","ip.src"],"period":60,"requests_per_period":10,"mitigation_timeout":0}}""")]
    [InlineData("""{"mode":"whitelist","configuration":{"target":"ip_range","value":"192.0.2.0/24"}}""")]
    [InlineData("""{"validation_override_mitigation_action":null}""")]
    public void Check_DocumentedShape_HasNoProblem(string json) => Assert.Empty(PayloadRules.Check(json));

    [Theory]
    [InlineData("""{"action":"skip","expression":"ssl","action_parameters":{"phases":["ddos_l7"]}}""", "'ddos_l7': HTTP DDoS protection comes before custom rules")]
    [InlineData("""{"action":"skip","expression":"ssl","action_parameters":{"phases":["http_request_api_gateway_late"]}}""", "API Shield is changed by its own settings only")]
    [InlineData("""{"action":"skip","expression":"ssl","action_parameters":{"products":["securitylevel"]}}""", "upper and lower case count: 'securityLevel'")]
    [InlineData("""{"action":"skip","expression":"ssl","action_parameters":{"products":["botFight"]}}""", "'botFight', which cannot be skipped")]
    [InlineData("""{"action":"skip","expression":"ssl","action_parameters":{"products":["ip"]}}""", "'ip', which cannot be skipped")]
    [InlineData("""{"action":"skip","expression":"ssl","action_parameters":{"ruleset":"current"}}""", "nothing is left to skip")]
    [InlineData("""{"action":"skip","expression":"ssl","action_parameters":{"ruleset":"current","rulesets":["efb7b8c949ac4650a09736fc376e9aee"]},"position":{"before":""}}""", "both ruleset and rulesets")]
    [InlineData("""{"action":"skip","expression":"ssl","action_parameters":{"phases":["http_ratelimit"],"rulesets":["efb7b8c949ac4650a09736fc376e9aee"]},"position":{"before":""}}""", "both phases and rulesets")]
    [InlineData("""{"action":"skip","expression":"ssl","action_parameters":{"rules":{"efb7b8c949ac4650a09736fc376e9aee":["efb7b8c949ac4650a09736fc376e9aee"]}}}""", "after it, nothing is skipped")]
    [InlineData("""{"action":"skip","expression":"ssl","action_parameters":{"rules":{"949110":["x"]}},"position":{"before":"x"}}""", "does not map ruleset ids")]
    [InlineData("""{"action":"skip","expression":"ssl"}""", "action_parameters is missing")]
    [InlineData("""{"action":"allow","expression":"ssl"}""", "action is 'allow'")]
    [InlineData("""{"action":"block","expression":"http.host eq"}""", "Cannot read the expression at column 13")]
    [InlineData("""{"action":"block"}""", "expression is missing")]
    [InlineData("""{"action":"block","expression":"ssl","ratelimit":{"characteristics":["ip.src"],"period":60,"requests_per_period":10}}""", "lacks cf.colo.id")]
    [InlineData("""{"action":"block","expression":"ssl","ratelimit":{"characteristics":["cf.colo.id"],"period":90,"requests_per_period":10}}""", "ratelimit.period")]
    [InlineData("""{"action":"block","expression":"ssl","ratelimit":{"characteristics":["cf.colo.id"],"period":60,"requests_per_period":10,"mitigation_timeout":61}}""", "ratelimit.mitigation_timeout")]
    [InlineData("""{"action":"block","expression":"ssl","ratelimit":{"characteristics":["cf.colo.id"],"period":60}}""", "either requests_per_period")]
    [InlineData("""{"action":"execute","expression":"true","action_parameters":{"id":"efb7b8c949ac4650a09736fc376e9aee","overrides":{"rules":[{"id":"efb7b8c949ac4650a09736fc376e9aee","sensitivity_level":"off"}]}}}""", "sensitivity_level is 'off'")]
    [InlineData("""{"action":"execute","expression":"true","action_parameters":{"id":"efb7b8c949ac4650a09736fc376e9aee","overrides":{"rules":[{"id":"efb7b8c949ac4650a09736fc376e9aee","score_threshold":5}]}}}""", "no threshold of the OWASP ruleset")]
    [InlineData("""{"action":"set_config","expression":"ssl","action_parameters":{"bic":"off"}}""", "'bic'")]
    [InlineData("""{"mode":"whitelist","configuration":{"target":"ip_range","value":"192.0.2.0/25"}}""", "'192.0.2.0/25'")]
    [InlineData("""{"mode":"allow","configuration":{"target":"ip","value":"192.0.2.1"}}""", "mode is 'allow'")]
    [InlineData("""{"mitigation_action":"challenge"}""", "mitigation_action is 'challenge'")]
    [InlineData("""[{"id":"x","action":"managed_challenge"}]""", "action is 'managed_challenge'")]
    [InlineData("""{"hello":1}""", "nothing was checked")]
    [InlineData("{", "The body is no JSON: line 1, byte 2.")]
    [InlineData("[]", "neither an object nor an array with items")]
    public void Check_KnownWrongPayload_IsRefusedWithTheReason(string json, string reason)
    {
        string problem = Assert.Single(PayloadRules.Check(json));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ManyMistakes_NamesAll()
    {
        const string Wrong = """{"action":"skip","expression":"x eq","action_parameters":{"phases":["x"],"products":["y"],"other":1}}""";
        Assert.Equal(4, PayloadRules.Check(Wrong).Count);
    }
}
