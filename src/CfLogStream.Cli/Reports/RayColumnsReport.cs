using CfLogStream.Cli.Terminal;
using CfLogStream.Server.Insight.Requests;

namespace CfLogStream.Cli.Reports;

/// <summary>Writes everything that is stored of a request, in groups; what is empty is left out.</summary>
internal static class RayColumnsReport
{
    private static readonly (string Title, string[] Columns)[] s_groups =
    [
        ("Client", ["client_ip", "asn", "client_asn_description", "country", "client_region", "network", "caller", "user_agent", "referer",
            "x_requested_with", "protocol", "tls_protocol", "ja3", "ja4", "mtls_status", "mtls_fingerprint", "client_device_type",
            "client_ip_class", "client_request_source"]),
        ("Scores", ["bot_score", "bot_score_source", "bot_tags", "bot_detection_ids", "bot_detection_tags", "verified_bot_category", "js_detection",
            "waf_score", "waf_sqli_score", "waf_xss_score", "waf_rce_score", "leaked_credentials"]),
        ("Answer", ["edge_status", "origin_status", "content_type", "cache_status", "colo", "latency_ms", "origin_ms", "origin_ip", "request_bytes",
            "response_bytes", "edge_pathing", "worker_script", "worker_status", "operation_id"]),
        ("Related", ["parent_ray", "originator_ray", "subrequests", "kind", "metadata", "extra"]),
    ];

    // What the screen says already.
    private static readonly string[] s_shown =
    [
        "time", "ray", "zone", "host", "method", "template", "surface", "path", "query", "scheme", "client_class", "client_name", "trust", "outcome",
        "match_control", "match_action", "match_rule_id", "match_rule_ref", "match_description", "match_originator_ray",
    ];

    public static void Write(TextWriter destination, RequestColumns columns, int wide)
    {
        foreach ((string title, string[] names) in s_groups)
        {
            Write(destination, title, names, columns, wide);
        }

        string[] grouped = [.. s_groups.SelectMany(static group => group.Columns), .. s_shown];
        Write(destination, "Record", columns.All.Keys.Except(grouped, StringComparer.Ordinal), columns, wide);
    }

    private static void Write(TextWriter destination, string title, IEnumerable<string> names, RequestColumns columns, int wide)
    {
        bool isTitled = false;
        foreach (string name in names)
        {
            string value = columns.Text(name);
            if (value is "" or "0" or "-1" or "[]" or "{}")
            {
                continue;
            }

            if (!isTitled)
            {
                destination.WriteLine();
                destination.WriteLine(title);
                isTitled = true;
            }

            foreach (string line in TextWrap.Lines(value, wide - 28, 20))
            {
                destination.WriteLine($"  {name,-24}  {line}");
            }
        }
    }
}
