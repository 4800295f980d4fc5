using System.Text;
using CfLogStream.Core.Insight.Changes;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Tests.Logpush;

namespace CfLogStream.Core.Tests.Insight.Changes;

public sealed class AuditChangesTests
{
    [Fact]
    public void TryRead_FirstVersionRule_HasAllThatTheRecordTells()
    {
        ChangeEntry change = Read(
            """
            {"ActionResult":true,"ActionType":"rule_update","ActorEmail":"dana@shop.example","ActorID":"a1","ActorType":"user","ID":"f6773c1b",
            "Interface":"UI","Metadata":{"description":"Update rule: Login","zone_name":"Shop.example"},
            "NewValue":{"id":"r1","ref":"login","enabled":false,"phase":"http_request_firewall_custom"},
            "OldValue":{"id":"r1","ref":"login","enabled":true},"ResourceID":"r1","ResourceType":"ruleset.rule","When":"2026-08-06T12:54:21Z"}
            """)!;

        Assert.Equal(1_786_020_861_000_000_000, change.TimeNs);
        Assert.Equal(
            ("f6773c1b", "shop.example", "audit_logs", "rule_disabled", "firewallcustom", "r1", "login", "dana@shop.example", "user/UI"),
            (Text(change.Id), Text(change.Zone), Text(change.Source), Text(change.Kind), Text(change.Control), Text(change.RuleId),
                Text(change.RuleReference), Text(change.Actor), Text(change.ActorKind)));
        Assert.Equal("Update rule: Login", Text(change.Summary));
        Assert.Equal("""{"id":"r1","ref":"login","enabled":true}""", Text(change.OldValue));
        Assert.Equal(ChangeEntry.FirstVersion, change.Version);
    }

    [Fact]
    public void TryRead_SecondVersionApiCall_FindsPhaseRuleAndWay()
    {
        ChangeEntry change = Read(Version2(
            "update",
            "PATCH",
            "/client/v4/zones/z1/rulesets/phases/http_ratelimit/entrypoint/rules/r9",
            """{"ratelimit":{"period":10,"requests_per_period":40},"ref":"burst"}"""))!;

        Assert.Equal(
            ("audit_logs_v2", "rate_limit_updated", "ratelimit", "r9", "burst", "user/api_token"),
            (Text(change.Source), Text(change.Kind), Text(change.Control), Text(change.RuleId), Text(change.RuleReference), Text(change.ActorKind)));
        Assert.Equal("""{"ratelimit":{"period":10,"requests_per_period":40},"ref":"burst"}""", Text(change.NewValue));
        Assert.Equal("", Text(change.OldValue));
    }

    [Theory]
    [InlineData("/client/v4/zones/z/firewall/lockdowns/l1", "DELETE", "delete", "lockdown_deleted", "zonelockdown", "l1")]
    [InlineData("/client/v4/zones/z/firewall/ua_rules/u1", "PUT", "update", "ua_rule_updated", "uablock", "u1")]
    [InlineData("/client/v4/zones/z/api_gateway/settings/schema_validation", "PUT", "update", "api_shield_updated", "apishieldschemavalidation", "res")]
    [InlineData("/client/v4/zones/z/api_gateway/operations/o1/schema_validation", "PUT", "update", "api_shield_updated", "apishieldschemavalidation", "res")]
    [InlineData("/client/v4/zones/z/bot_management", "PUT", "update", "bot_settings_updated", "botmanagement", "")]
    [InlineData("/client/v4/zones/z/settings/browser_check", "PATCH", "update", "setting_updated", "bic", "")]
    [InlineData("/client/v4/zones/z/settings/security_level", "PATCH", "update", "setting_updated", "securitylevel", "")]
    [InlineData("/client/v4/zones/z/settings/always_use_https", "PATCH", "update", "", "", "")]
    [InlineData("/client/v4/zones/z/rulesets/phases/ddos_l7/entrypoint", "PUT", "update", "ddos_override_updated", "l7ddos", "res")]
    [InlineData("/client/v4/zones/z/rulesets/rs1/rules/r2", "DELETE", "delete", "rule_deleted", "", "r2")]
    [InlineData("/client/v4/accounts/a/rules/lists/l1/items", "POST", "reorder_things", "list_updated", "", "")]
    [InlineData("/client/v4/zones/z/rulesets/rs1/rules/r2", "PATCH", "reorder", "rule_updated", "", "r2")]
    [InlineData("/client/v4/zones/z/rulesets/rs1/rules/r2", "", "reorder", "rule_reorder", "", "r2")]
    [InlineData("/client/v4/zones/z/rulesets/rs1/rules/r2", "GET", "view", "", "", "")]
    [InlineData("/client/v4/zones/z/dns_records/d1", "PATCH", "update", "", "", "")]
    [InlineData("/client/v4/accounts/a/gateway/rules/g1", "PATCH", "update", "", "", "")]
    public void TryRead_ApiCall_IsTheChangeThatItsPathSays(string uri, string method, string action, string kind, string control, string rule)
    {
        ChangeEntry? change = Read(Version2(action, method, uri, "{}"));

        Assert.Equal((kind, control, rule), change is null ? ("", "", "") : (Text(change.Kind), Text(change.Control), Text(change.RuleId)));
    }

    [Theory]
    [InlineData("DNS_record", "rulesets", "")]
    [InlineData("rule", "rulesets", "rule_updated")]
    [InlineData("rule", "magic_firewall", "")]
    [InlineData("operation", "api_gateway", "api_shield_updated")]
    public void TryRead_Product_CountsOnlyWhereTheTypeSaysNothing(string type, string product, string kind) => Assert.Equal(
        kind,
        Read(Version2("update", "PATCH", "", "{}").Replace("\"p\"", $"\"{product}\"", StringComparison.Ordinal)
            .Replace("\"t\"", $"\"{type}\"", StringComparison.Ordinal)) is { } change ? Text(change.Kind) : "");

    [Theory]
    [InlineData("ip", "ip")]
    [InlineData("ip_range", "iprange")]
    [InlineData("asn", "asn")]
    [InlineData("country", "country")]
    [InlineData("continent", "")]
    public void TryRead_AccessRule_IsTheControlOfItsTarget(string target, string control)
    {
        ChangeEntry change = Read(Version2(
            "create",
            "POST",
            "/client/v4/zones/z/firewall/access_rules/rules",
            $$$"""{"mode":"block","configuration":{"target":"{{{target}}}","value":"x"}}"""))!;

        Assert.Equal(("access_rule_created", control), (Text(change.Kind), Text(change.Control)));
    }

    [Theory]
    [InlineData("""{"fight_mode":true}""", "botfight")]
    [InlineData("""{"sbfm_likely_automated":"block"}""", "botmanagement")]
    public void TryRead_BotSettings_TellBotFightMode(string request, string control) =>
        Assert.Equal(control, Text(Read(Version2("update", "PUT", "/client/v4/zones/z/bot_management", request))!.Control));

    [Fact]
    public void TryRead_RulesetWithOneRuleThatDiffers_NamesThatRule()
    {
        ChangeEntry change = Read(
            """
            {"ActionType":"update","ID":"i","ResourceType":"ruleset","ResourceID":"rs","When":1786020861,"Metadata":{},
            "OldValue":{"phase":"http_request_firewall_custom","rules":[{"id":"a","ref":"ra","expression":"x","version":"1"},{"id":"b","expression":"y"}]},
            "NewValue":{"phase":"http_request_firewall_custom","rules":[{"id":"a","ref":"ra","expression":"x or z","version":"2"},{"id":"b","expression":"y","last_updated":"now"}]}}
            """)!;

        Assert.Equal(("rule_updated", "a", "ra"), (Text(change.Kind), Text(change.RuleId), Text(change.RuleReference)));
    }

    [Theory]
    [InlineData("\"ActionResult\":false,")]
    [InlineData("\"ActionResult\":\"failure\",")]
    public void TryRead_WhatFailed_IsNoChange(string result) => Assert.Null(Read(
        $$"""{{{result}}"ActionType":"rule_create","ID":"i","ResourceType":"ruleset.rule","ResourceID":"r","When":1786020861}"""));

    [Fact]
    public void TryRead_WithoutAnId_HasOneThatFollowsFromTheRecord()
    {
        const string Line = """{"ActionType":"rule_create","ResourceType":"ruleset.rule","ResourceID":"r","When":1786020861}""";

        Utf8Text id = Read(Line)!.Id;

        Assert.StartsWith("no-id-", Text(id), StringComparison.Ordinal);
        Assert.Equal(id, Read(Line.Replace(":", ": ", StringComparison.Ordinal))!.Id);
        Assert.NotEqual(id, Read(Line.Replace("\"r\"", "\"s\"", StringComparison.Ordinal))!.Id);
    }

    [Fact]
    public void TryRead_HostileTexts_StayAsTheyAreAndAreCut()
    {
        string hostile = "\\u001b[31m<script>'; DROP TABLE x--\\u202e";
        ChangeEntry change = Read(
            $$$"""
            {"ActionType":"rule_create","ID":"i","ResourceType":"ruleset.rule","ResourceID":"r","When":1786020861,"ActorEmail":"{{{hostile}}}",
            "NewValue":{"expression":"{{{new string('é', 20_000)}}}"},"Metadata":{"description":"{{{new string('x', 5_000)}}}"}}
            """)!;

        Assert.Equal("\u001b[31m<script>'; DROP TABLE x--\u202e", Text(change.Actor));
        Assert.Equal(ChangeLimits.SummaryBytes, change.Summary.Length);
        Assert.EndsWith("… (cut; 5000 bytes)", Text(change.Summary), StringComparison.Ordinal);
        Assert.InRange(change.NewValue.Length, ChangeLimits.ValueBytes - 1, ChangeLimits.ValueBytes);
        Assert.DoesNotContain('\uFFFD', Text(change.NewValue));
    }

    [Fact]
    public void TryRead_SampleFiles_AreNoChanges()
    {
        // What they tell is about Zero Trust, Logpush jobs and tokens.
        foreach (string name in SampleFiles.Names().Where(name => name.Contains("audit", StringComparison.Ordinal)))
        {
            foreach (string line in Encoding.UTF8.GetString(SampleFiles.Read(name)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Assert.Null(Read(line));
            }
        }
    }

    private static ChangeEntry? Read(string line)
    {
        var one = OneLine.Read(line.ReplaceLineEndings(""));
        Assert.Equal(ReadStatus.Record, one.Status);
        return AuditChanges.TryRead(one.Record, out ChangeEntry? change) ? change : null;
    }

    private static string Version2(string action, string method, string uri, string request) =>
        $$$"""
        {"ActionDescription":"d","ActionResult":"success","ActionTimestamp":"2026-08-06T12:54:21Z","ActionType":"{{{action}}}","ActorContext":"api_token",
        "ActorEmail":"t@shop.example","ActorType":"user","AuditLogID":"x","Raw":{"method":"{{{method}}}","uri":"{{{uri}}}"},"ResourceID":"res",
        "ResourceProduct":"p","ResourceRequest":{{{request}}},"ResourceType":"t","ZoneName":"shop.example"}
        """;

    private static string Text(Utf8Text text) => Encoding.UTF8.GetString(text.Span);
}
