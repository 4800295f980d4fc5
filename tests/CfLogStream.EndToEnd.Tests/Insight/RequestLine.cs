using System.Globalization;
using System.Text.Json.Nodes;

namespace CfLogStream.EndToEnd.Tests.Insight;

/// <summary>Lines of one client's requests, as a test writes them.</summary>
internal static class RequestLine
{
    public static readonly DateTime Start = new(2026, 8, 6, 12, 0, 0, DateTimeKind.Utc);

    /// <summary>A request so many seconds after the start; blocked by a custom rule when it has one.</summary>
    public static string Http(string ray, double seconds, string rule = "", string path = "/v1/orders", string userAgent = "okhttp/4.9", string parent = "")
    {
        var record = new JsonObject
        {
            ["RayID"] = ray,
            ["EdgeStartTimestamp"] = Start.AddSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            ["ZoneName"] = "shop.example",
            ["ClientRequestHost"] = "api.shop.example",
            ["ClientRequestMethod"] = "POST",
            ["ClientRequestPath"] = path,
            ["ClientRequestURI"] = path,
            ["ClientRequestUserAgent"] = userAgent,
            ["ClientIP"] = "203.0.113.7",
            ["ClientASN"] = 16509,
            ["JA4"] = "t13d1516h2_8daaf6152771_b186095e22b6",
            ["EdgeResponseContentType"] = "application/json",
            ["EdgeResponseStatus"] = rule.Length > 0 ? 403 : 200,
            ["OriginResponseStatus"] = rule.Length > 0 ? 0 : 200,
            ["BotScore"] = 0,
            ["BotScoreSrc"] = "Not Computed",
            ["WAFAttackScore"] = 92,
            ["ParentRayID"] = parent.Length > 0 ? parent : "00",
            ["WorkerSubrequest"] = parent.Length > 0,
            ["SecurityAction"] = rule.Length > 0 ? "block" : "",
            ["SecurityRuleID"] = rule,
            ["SecurityActions"] = rule.Length > 0 ? new JsonArray("block") : new JsonArray(),
            ["SecurityRuleIDs"] = rule.Length > 0 ? new JsonArray(rule) : new JsonArray(),
            ["SecuritySources"] = rule.Length > 0 ? new JsonArray("firewallCustom") : new JsonArray(),
        };
        return record.ToJsonString();
    }

    /// <summary>A security event of a request.</summary>
    public static string Event(string ray, double seconds, string action, string rule, string source = "firewallCustom", int index = 0, string originator = "00") =>
        new JsonObject
        {
            ["RayID"] = ray,
            ["Datetime"] = Start.AddSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            ["Action"] = action,
            ["Source"] = source,
            ["RuleID"] = rule,
            ["Description"] = "Only browsers",
            ["MatchIndex"] = index,
            ["OriginatorRayID"] = originator,
            ["ClientRequestHost"] = "api.shop.example",
            ["ClientRequestMethod"] = "POST",
            ["ClientRequestPath"] = "/v1/orders",
            ["ClientIP"] = "203.0.113.7",
            ["ZoneName"] = "shop.example",
            ["EdgeResponseStatus"] = 403,
        }.ToJsonString();
}
