using CfLogStream.ClickHouse.Rows;
using CfLogStream.Core.Traffic;

namespace CfLogStream.ClickHouse.Tests.Rows;

/// <summary>What <c>requests</c> should hold for a kept request.</summary>
internal static class RequestOracle
{
    private static readonly (string Column, RecordText Text)[] s_texts =
    [
        ("ray", RecordText.Ray),
        ("zone", RecordText.Zone),
        ("host", RecordText.Host),
        ("method", RecordText.Method),
        ("template", RecordText.Template),
        ("client_class", RecordText.ClientClass),
        ("client_name", RecordText.ClientName),
        ("network", RecordText.Network),
        ("country", RecordText.Country),
        ("path", RecordText.Path),
        ("query", RecordText.Query),
        ("scheme", RecordText.Scheme),
        ("protocol", RecordText.Protocol),
        ("user_agent", RecordText.UserAgent),
        ("referer", RecordText.Referer),
        ("x_requested_with", RecordText.XRequestedWith),
        ("client_asn_description", RecordText.ClientAsnDescription),
        ("client_ip_class", RecordText.ClientIpClass),
        ("client_region", RecordText.ClientRegion),
        ("client_device_type", RecordText.ClientDeviceType),
        ("client_request_source", RecordText.ClientRequestSource),
        ("mtls_status", RecordText.MtlsStatus),
        ("mtls_fingerprint", RecordText.MtlsFingerprint),
        ("tls_protocol", RecordText.TlsProtocol),
        ("ja3", RecordText.Ja3),
        ("ja4", RecordText.Ja4),
        ("bot_score_source", RecordText.BotScoreSource),
        ("verified_bot_category", RecordText.VerifiedBotCategory),
        ("js_detection", RecordText.JsDetection),
        ("leaked_credentials", RecordText.LeakedCredentials),
        ("content_type", RecordText.ContentType),
        ("cache_status", RecordText.CacheStatus),
        ("colo", RecordText.Colo),
        ("edge_pathing", RecordText.EdgePathing),
        ("worker_script", RecordText.WorkerScript),
        ("worker_status", RecordText.WorkerStatus),
        ("operation_id", RecordText.OperationId),
        ("parent_ray", RecordText.ParentRay),
        ("originator_ray", RecordText.OriginatorRay),
        ("kind", RecordText.Kind),
        ("metadata", RecordText.Metadata),
    ];

    public static TableOracle<RequestSample> Table { get; } = Make();

    private static TableOracle<RequestSample> Make()
    {
        TableOracle<RequestSample> oracle = new TableOracle<RequestSample>()
            .Nanoseconds("time", row => row.Head.TimeNs)
            .Number("partition", row => row.Partition)
            .Number("version", row => row.Version)
            .Text("dataset", row => HexText.Of(TableWords.Of(row.Head.Dataset)))
            .Text("outcome", row => HexText.Of(TableWords.Of(row.Outcome)))
            .Text("surface", row => HexText.Of(TableWords.Of(row.Head.Surface)))
            .Text("trust", row => HexText.Of(TableWords.Of(row.Head.Trust)))
            .Flag("lost", row => row.Lost)
            .Flag("has_request", row => row.HasRequest)
            .Flag("has_events", row => row.HasEvents)
            .Flag("sampled", row => row.Flags.HasFlag(RecordFlags.Sampled))
            .Flag("preflight", row => row.Flags.HasFlag(RecordFlags.Preflight))
            .Flag("internal", row => row.Flags.HasFlag(RecordFlags.Internal))
            .Flag("worker_subrequest", row => row.Flags.HasFlag(RecordFlags.WorkerSubrequest))
            .Flag("has_origin_status", row => row.Flags.HasFlag(RecordFlags.HasOriginStatus))
            .Double("weight", row => row.Weight)
            .Number("subrequests", row => row.Subrequests)
            .Number("announced_events", row => row.Head.AnnouncedEvents)
            .Number("caller", row => row.Head.CallerHash)
            .Number("asn", row => row.Head.Asn)
            .Address("client_ip", row => row.Stored(RecordText.ClientIp))
            .Address("origin_ip", row => row.Stored(RecordText.OriginIp))
            .Number("bot_score", row => row.Head.BotScore)
            .Number("waf_score", row => row.Head.WafScore)
            .Number("waf_sqli_score", row => row.Head.WafSqliScore)
            .Number("waf_xss_score", row => row.Head.WafXssScore)
            .Number("waf_rce_score", row => row.Head.WafRceScore)
            .Number("edge_status", row => row.Head.EdgeStatus)
            .Number("origin_status", row => row.Head.OriginStatus)
            .Number("latency_ms", row => row.Head.LatencyMs)
            .Number("origin_ms", row => row.Head.OriginMs)
            .Number("request_bytes", row => row.Head.RequestBytes)
            .Number("response_bytes", row => row.Head.ResponseBytes)
            .Texts("bot_tags", row => Hex(row.StoredList(RecordText.BotTags)))
            .Texts("bot_detection_ids", row => Hex(row.StoredList(RecordText.BotDetectionIds)))
            .Texts("bot_detection_tags", row => Hex(row.StoredList(RecordText.BotDetectionTags)))
            .Texts("match_control", row => row.Matches.Select(match => (HexText)match.Control))
            .Texts("match_action", row => row.Matches.Select(match => (HexText)match.Action))
            .Texts("match_rule_id", row => row.Matches.Select(match => (HexText)match.RuleId))
            .Texts("match_rule_ref", row => row.Matches.Select(match => (HexText)match.RuleRef))
            .Texts("match_description", row => row.Matches.Select(match => (HexText)match.Description))
            .Integers("match_index", row => row.Matches.Select(match => match.MatchIndex))
            .Texts("match_originator_ray", row => row.Matches.Select(match => (HexText)match.OriginatorRay))
            .Pairs("extra", row => row.StoredExtras());
        foreach ((string column, RecordText text) in s_texts)
        {
            oracle.Text(column, row => row.Stored(text));
        }

        return oracle;
    }

    private static IEnumerable<HexText> Hex(string[] texts) => texts.Select(text => (HexText)text);
}
