using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CfLogStream.Core.Rules;

namespace CfLogStream.Core.Insight.Remedies.Payloads;

/// <summary>The shapes of bodies that are no rule of the Ruleset Engine.</summary>
internal static class OtherShapes
{
    private static readonly string[] s_modes = ["block", "challenge", "js_challenge", "managed_challenge", "whitelist"];

    private static readonly string[] s_mitigations = ["none", "log", "block"];

    private static readonly string[] s_botActions = ["allow", "block", "managed_challenge"];

    private static readonly string[] s_botSettings = ["sbfm_definitely_automated", "sbfm_likely_automated", "sbfm_verified_bots"];

    /// <summary>Checks a body that is an object without an action.</summary>
    public static void Check(JsonElement body, List<string> problems)
    {
        if (body.Has("mode"))
        {
            CheckAccess(body, problems);
        }
        else if (body.Has("configurations"))
        {
            CheckLockdown(body, problems);
        }
        else if (body.Has("mitigation_action"))
        {
            CheckOneOf(body, "mitigation_action", s_mitigations, problems);
        }
        else if (body.Member("validation_override_mitigation_action") is { } value)
        {
            if (value.ValueKind != JsonValueKind.Null)
            {
                CheckOneOf(body, "validation_override_mitigation_action", ["none"], problems);
            }
        }
        else if (body.Member("fight_mode") is { } mode)
        {
            if (mode.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                problems.Add("fight_mode is neither true nor false.");
            }
        }
        else if (body.EnumerateObject().Any(static one => s_botSettings.Contains(one.Name)))
        {
            foreach (JsonProperty setting in body.EnumerateObject())
            {
                CheckOneOf(body, setting.Name, setting.Name == "sbfm_verified_bots" ? ["allow", "block"] : s_botActions, problems);
            }
        }
        else if (body.Has("value"))
        {
            CheckOneOf(body, "value", ["on", "off"], problems);
        }
        else
        {
            problems.Add("The body has no member that tells what it is; nothing was checked.");
        }
    }

    /// <summary>Checks an item of a body that is an array.</summary>
    public static void CheckItem(JsonElement item, List<string> problems)
    {
        if (item.Text("endpoint") is { } endpoint)
        {
            bool fits = endpoint.StartsWith('/') && item.Text("host") is { Length: > 0 }
                && item.Text("method") is { Length: > 0 } method && method.All(char.IsAsciiLetterUpper);
            if (!fits)
            {
                problems.Add("An operation needs endpoint (a path), host and method (upper case).");
            }
        }
        else if (item.Text("id") is { Length: > 0 })
        {
            if (item.Has("action"))
            {
                // Token validation rules know no challenge.
                CheckOneOf(item, "action", ["log", "block"], problems);
            }

            if (item.Member("selector") is { ValueKind: not JsonValueKind.Object })
            {
                problems.Add("selector is no object with include and exclude.");
            }
        }
        else
        {
            problems.Add("An item is neither an operation (method, host, endpoint) nor a token validation rule (id).");
        }
    }

    private static void CheckOneOf(JsonElement body, string name, string[] allowed, List<string> problems)
    {
        if (!allowed.Contains(body.Text(name)))
        {
            problems.Add($"{RemedyPayload.Plain(name)} is {PayloadReading.Shown(body.Text(name))}; expected {string.Join(", ", allowed)}.");
        }
    }

    private static void CheckAccess(JsonElement body, List<string> problems)
    {
        CheckOneOf(body, "mode", s_modes, problems);
        JsonElement? configuration = body.Member("configuration");
        string target = configuration?.Text("target") ?? "";
        string value = configuration?.Text("value") ?? "";
        bool v4 = BareForm.TryAddress(value, out IPAddress address) && address.AddressFamily == AddressFamily.InterNetwork;
        bool v6 = BareForm.TryAddress(value, out address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        bool fits = target switch
        {
            "ip" => v4,
            "ip6" => v6,
            "ip_range" => BareForm.TryNetwork(value, out address, out int length)
                && (address.AddressFamily == AddressFamily.InterNetwork ? length is 16 or 24 : length is 32 or 48 or 64),
            "asn" => value.StartsWith("AS", StringComparison.Ordinal) && uint.TryParse(value.AsSpan(2), out _),
            "country" => value.Length == 2 && value.All(static c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)),
            _ => false,
        };
        if (!fits)
        {
            problems.Add(
                $"configuration has the target {PayloadReading.Shown(target)} and the value {PayloadReading.Shown(value)}; expected ip, ip6, ip_range (/16 or /24; IPv6 /32, /48 or /64), asn (AS and a number) or country (two letters).");
        }
    }

    private static void CheckLockdown(JsonElement body, List<string> problems)
    {
        if (body.Member("urls")?.Texts() is null)
        {
            problems.Add("urls is no array of URLs.");
        }

        if (body.Member("configurations") is not { ValueKind: JsonValueKind.Array } entries || entries.GetArrayLength() == 0)
        {
            problems.Add("configurations is no array of targets and values.");
            return;
        }

        foreach (JsonElement entry in entries.EnumerateArray())
        {
            string value = entry.Text("value") ?? "";
            bool fits = entry.Text("target") switch
            {
                "ip" => BareForm.TryAddress(value, out _),
                "ip_range" => BareForm.TryNetwork(value, out _, out _),
                _ => false,
            };
            if (!fits)
            {
                problems.Add($"configurations has the value {PayloadReading.Shown(value)}, which does not fit its target; expected ip or ip_range.");
            }
        }
    }
}
