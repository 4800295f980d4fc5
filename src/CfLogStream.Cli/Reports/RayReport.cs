using System.Collections;
using System.Globalization;
using System.Net;
using System.Text.Json;
using CfLogStream.Cli.Terminal;
using CfLogStream.Core.Traffic.Controls;

namespace CfLogStream.Cli.Reports;

/// <summary>Writes what is known of one request: who answered, which controls matched in which order, who called.</summary>
internal sealed class RayReport
{
    private static readonly (string Title, string[] Columns)[] s_groups =
    [
        ("Client", ["client_ip", "asn", "client_asn_description", "country", "client_region", "user_agent", "referer", "x_requested_with", "protocol",
            "tls_protocol", "ja3", "ja4", "mtls_status", "client_device_type", "client_ip_class", "client_request_source"]),
        ("Scores", ["bot_score", "bot_score_source", "bot_tags", "bot_detection_ids", "bot_detection_tags", "verified_bot_category", "js_detection",
            "waf_score", "waf_sqli_score", "waf_xss_score", "waf_rce_score", "leaked_credentials"]),
        ("Answer", ["content_type", "cache_status", "colo", "latency_ms", "origin_ms", "origin_ip", "request_bytes", "response_bytes", "edge_pathing",
            "worker_script", "worker_status", "operation_id"]),
        ("Related", ["parent_ray", "originator_ray", "subrequests", "kind", "metadata", "extra"]),
    ];

    private readonly TextWriter _out;
    private readonly int _columns;

    public RayReport(TextWriter destination, int columns)
    {
        _out = destination;
        _columns = Math.Clamp(columns, 60, 200);
    }

    /// <summary>Writes all columns of every request as JSON.</summary>
    public static void WriteJson(IReadOnlyList<IReadOnlyDictionary<string, object?>> requests, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("requests");
        foreach (IReadOnlyDictionary<string, object?> request in requests)
        {
            json.WriteStartObject();
            foreach ((string name, object? value) in request)
            {
                json.WritePropertyName(name);
                WriteValue(json, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes one request for people.</summary>
    public void Write(IReadOnlyDictionary<string, object?> request)
    {
        string Text(string name) => Show(request[name]);
        _out.WriteLine($"Ray {Cut(Text("ray"))}  {Text("time")} UTC");
        string query = Text("query") is { Length: > 0 } q ? "?" + q : "";
        _out.WriteLine($"  {Cut($"{Text("method")} {Text("scheme")}://{Text("host")}{Text("path")}{query}")}");
        _out.WriteLine($"  endpoint {Cut(Text("template"))} ({Text("surface")} surface, zone {Cut(Text("zone"))})");
        _out.WriteLine($"  client   {Cut(Text("client_class"))} {Cut(Text("client_name"))} ({Text("trust")}), network {Cut(Text("network"))}");
        _out.WriteLine();
        _out.WriteLine($"  {Verdict(request)}");
        WriteMatches(request);
        foreach ((string title, string[] columns) in s_groups)
        {
            WriteGroup(title, columns, request);
        }

        _out.WriteLine();
    }

    private static string Verdict(IReadOnlyDictionary<string, object?> request)
    {
        int edge = Convert.ToInt32(request["edge_status"], CultureInfo.InvariantCulture);
        int origin = Convert.ToInt32(request["origin_status"], CultureInfo.InvariantCulture);
        bool known = Convert.ToBoolean(request["has_origin_status"], CultureInfo.InvariantCulture);
        string answered = origin > 0 ? $"the origin answered {origin}"
            : known ? "the origin was not asked, or gave no answer"
            : "whether the origin was asked is not in the log";
        string outcome = Show(request["outcome"]).Replace('_', ' ');
        string lost = Convert.ToBoolean(request["lost"], CultureInfo.InvariantCulture) ? ", lost" : "";
        string sources = (Convert.ToBoolean(request["has_request"], CultureInfo.InvariantCulture), Convert.ToBoolean(request["has_events"], CultureInfo.InvariantCulture)) switch
        {
            (true, true) => "http_requests and firewall_events",
            (true, false) => "http_requests only",
            _ => "firewall_events only",
        };
        return $"Outcome: {outcome}{lost}. The client got {(edge > 0 ? edge : "no logged status")}; {answered}. Known from {sources}.";
    }

    private void WriteMatches(IReadOnlyDictionary<string, object?> request)
    {
        string[] controls = Texts(request["match_control"]);
        if (controls.Length == 0)
        {
            _out.WriteLine("  No control matched.");
            return;
        }

        string[] actions = Texts(request["match_action"]);
        string[] rules = Texts(request["match_rule_id"]);
        string[] refs = Texts(request["match_rule_ref"]);
        string[] descriptions = Texts(request["match_description"]);
        string[] originators = Texts(request["match_originator_ray"]);
        for (int i = 0; i < controls.Length; i++)
        {
            string name = controls[i].Length == 0 ? "(control not logged)" : ControlNames.Of(controls[i]);
            string description = descriptions[i].Length > 0 ? $" \"{descriptions[i]}\"" : "";
            string reference = refs[i].Length > 0 && refs[i] != rules[i] ? $", ref {refs[i]}" : "";
            string originator = originators[i].Length > 0 ? $", challenge issued by ray {originators[i]}" : "";
            _out.WriteLine($"  {i + 1}. {Cut($"{name}{description}: {actions[i]} (rule {rules[i]}{reference}{originator})")}");
        }
    }

    private void WriteGroup(string title, string[] columns, IReadOnlyDictionary<string, object?> request)
    {
        bool titled = false;
        foreach (string column in columns)
        {
            string value = Show(request[column]);
            if (value is "" or "0" or "-1" or "::" or "[]" or "{}")
            {
                continue;
            }

            if (!titled)
            {
                _out.WriteLine();
                _out.WriteLine($"  {title}");
                titled = true;
            }

            _out.WriteLine($"    {column,-24} {Cut(value)}");
        }
    }

    private static string[] Texts(object? value) =>
        value is IEnumerable items and not string ? [.. items.Cast<object?>().Select(Show)] : [];

    private static string Show(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "yes" : "no",
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture),
        IPAddress address => (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString(),
        IDictionary map => map.Count == 0 ? "" : string.Join(", ", map.Keys.Cast<object>().Select(key => $"{key}={Show(map[key])}")),
        IEnumerable items => string.Join(", ", items.Cast<object?>().Select(Show)),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case byte or ushort or uint or sbyte or short or int or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case double or float:
                json.WriteNumberValue(Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            case IDictionary map:
                json.WriteStartObject();
                foreach (DictionaryEntry entry in map)
                {
                    json.WriteString(Show(entry.Key), Show(entry.Value));
                }

                json.WriteEndObject();
                break;
            case IEnumerable items and not string:
                json.WriteStartArray();
                foreach (object? item in items)
                {
                    WriteValue(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Show(value));
                break;
        }
    }

    private string Cut(string text) => TerminalText.Cut(text, _columns);
}
