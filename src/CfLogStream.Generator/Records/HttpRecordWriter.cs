using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Simulation;

namespace CfLogStream.Generator.Records;

/// <summary>Writes http_requests records of a full job: all keys of every record, in alphabetical order.</summary>
/// <remarks>
/// Fields that are constant in the generated world stand in literals together with the keys around them. A field that has no value is
/// written
/// with its zero value, as Logpush does: never null, never missing.
/// </remarks>
internal sealed class HttpRecordWriter(TimestampFormat format)
{
    /// <summary>The keys in the order in which they are written.</summary>
    public static readonly string[] Fields =
    [
        "BotDetectionIDs", "BotDetectionTags", "BotScore", "BotScoreSrc", "BotTags", "CacheCacheStatus", "CacheReserveUsed",
            "CacheResponseBytes",
        "CacheTieredFill", "ClientASN", "ClientCity", "ClientCountry", "ClientDeviceType", "ClientIP", "ClientIPClass", "ClientLatitude",
            "ClientLongitude",
        "ClientMTLSAuthCertFingerprint", "ClientMTLSAuthStatus", "ClientRegionCode", "ClientRequestBytes", "ClientRequestHost",
            "ClientRequestMethod",
        "ClientRequestPath", "ClientRequestProtocol", "ClientRequestReferer", "ClientRequestScheme", "ClientRequestSource",
            "ClientRequestURI",
        "ClientRequestUserAgent", "ClientSSLCipher", "ClientSSLProtocol", "ClientSrcPort", "ClientTCPRTTMs", "ClientXRequestedWith",
            "Cookies", "EdgeCFConnectingO2O", "EdgeColoCode", "EdgeColoID", "EdgeEndTimestamp", "EdgePathingOp",
        "EdgePathingSrc", "EdgePathingStatus", "EdgeRequestHost", "EdgeResponseBodyBytes", "EdgeResponseBytes",
            "EdgeResponseCompressionRatio",
        "EdgeResponseContentType", "EdgeResponseStatus", "EdgeServerIP", "EdgeStartTimestamp", "EdgeTimeToFirstByteMs", "JA3Hash", "JA4",
            "JA4Signals",
        "JSDetectionPassed", "LeakedCredentialCheckResult", "OriginDNSResponseTimeMs", "OriginIP", "OriginResponseDurationMs",
            "OriginResponseHTTPLastModified", "OriginResponseHeaderReceiveDurationMs",
        "OriginResponseStatus", "OriginSSLProtocol", "OriginTCPHandshakeDurationMs", "OriginTLSHandshakeDurationMs", "ParentRayID", "RayID",
        "RequestHeaders", "ResponseHeaders", "SecurityAction", "SecurityActions", "SecurityRuleDescription", "SecurityRuleID",
            "SecurityRuleIDs",
        "SecuritySources", "UpperTierColoID", "VerifiedBotCategory", "WAFAttackScore", "WAFFlags", "WAFRCEAttackScore",
        "WAFSQLiAttackScore", "WAFXSSAttackScore", "WorkerCPUTime", "WorkerScriptName", "WorkerStatus", "WorkerSubrequest",
            "WorkerSubrequestCount",
        "WorkerWallTimeUs", "ZoneName",
    ];

    /// <summary>Appends one line with its end.</summary>
    public void Write(RecordBuffer json, Request request)
    {
        ulong detail = Mix.Of(request.Ray, 0xDE7A11);
        WriteBots(json, request);
        WriteClient(json, request, detail);
        WriteEdge(json, request, detail);
        WriteOrigin(json, request, detail);
        WriteSecurity(json, request);
        WriteWorker(json, request, detail);
    }

    private static void WriteBots(RecordBuffer json, Request request)
    {
        json.Raw("{\"BotDetectionIDs\":"u8);
        bool heuristic = request.BotScoreSource.AsSpan().SequenceEqual("Heuristics"u8);
        if (heuristic)
        {
            json.Raw((byte)'[');
            json.Number(33_554_432 + (long)(request.Fingerprint.Hash % 4096));
            json.Raw("],\"BotDetectionTags\":[\"api\"],\"BotScore\":"u8);
        }
        else
        {
            json.Raw("[],\"BotDetectionTags\":[],\"BotScore\":"u8);
        }

        json.Number(request.BotScore);
        json.Raw(",\"BotScoreSrc\":\""u8);
        json.Raw(request.BotScoreSource);
        if (request.BotTag.Length != 0)
        {
            json.Raw("\",\"BotTags\":[\""u8);
            json.Raw(request.BotTag);
            json.Raw("\"],\"CacheCacheStatus\":\""u8);
        }
        else
        {
            json.Raw("\",\"BotTags\":[],\"CacheCacheStatus\":\""u8);
        }
    }

    private static void WriteClient(RecordBuffer json, Request request, ulong detail)
    {
        bool hit = request.CacheStatus.AsSpan().SequenceEqual("hit"u8);
        json.Raw(request.CacheStatus);
        json.Raw("\",\"CacheReserveUsed\":false,\"CacheResponseBytes\":"u8);
        json.Number(hit || request.OriginStatus != 0 ? request.BodyBytes + 500 + (long)(detail & 0xFF) : 0);
        json.Raw(",\"CacheTieredFill\":false,\"ClientASN\":"u8);
        json.Number(request.Network.Asn);
        json.Raw(",\"ClientCity\":\""u8);
        json.Raw(request.City.Name);
        json.Raw("\",\"ClientCountry\":\""u8);
        json.Raw(request.Network.Country);
        json.Raw("\",\"ClientDeviceType\":\""u8);
        json.Raw(request.Fingerprint.Device);
        json.Raw("\",\"ClientIP\":\""u8);
        json.Raw(request.Ip.Span);
        json.Raw("\",\"ClientIPClass\":\""u8);
        json.Raw(request.IpClass);
        json.Raw("\",\"ClientLatitude\":\""u8);
        json.Raw(request.City.Latitude);
        json.Raw("\",\"ClientLongitude\":\""u8);
        json.Raw(request.City.Longitude);
        if (request.Actor.ClientCertificate && (detail & 7) == 0)
        {
            // Only the first request of a connection says so.
            json.Raw("\",\"ClientMTLSAuthCertFingerprint\":\""u8);
            for (ulong part = 0; part < 4; part++)
            {
                json.Hex16(Mix.Of(request.CallerHash, part));
            }

            json.Raw("\",\"ClientMTLSAuthStatus\":\"ok\",\"ClientRegionCode\":\""u8);
        }
        else
        {
            json.Raw("\",\"ClientMTLSAuthCertFingerprint\":\"\",\"ClientMTLSAuthStatus\":\"unknown\",\"ClientRegionCode\":\""u8);
        }

        json.Raw(request.City.Region);
        json.Raw("\",\"ClientRequestBytes\":"u8);
        json.Number(request.RequestBytes);
        json.Raw(",\"ClientRequestHost\":\""u8);
        json.Raw(request.Endpoint.Host.NameUtf8);
        json.Raw("\",\"ClientRequestMethod\":\""u8);
        json.Escaped(request.Method);
        json.Raw("\",\"ClientRequestPath\":\""u8);
        json.Escaped(request.Path.Span);
        json.Raw("\",\"ClientRequestProtocol\":\""u8);
        json.Raw(request.Secure ? request.Fingerprint.Protocol : "HTTP/1.1"u8);
        json.Raw("\",\"ClientRequestReferer\":\""u8);
        json.Escaped(request.Referer.Span);
        json.Raw(request.Secure ? "\",\"ClientRequestScheme\":\"https\",\"ClientRequestSource\":\""u8
            : "\",\"ClientRequestScheme\":\"http\",\"ClientRequestSource\":\""u8);
        json.Raw(request.Source);
        json.Raw("\",\"ClientRequestURI\":\""u8);
        json.Escaped(request.Path.Span);
        json.Escaped(request.Query.Span);
        json.Raw("\",\"ClientRequestUserAgent\":\""u8);
        json.Escaped(request.UserAgent.Span);
        json.Raw("\",\"ClientSSLCipher\":\""u8);
        json.Raw(request.Secure ? request.Fingerprint.Cipher : "NONE"u8);
        json.Raw("\",\"ClientSSLProtocol\":\""u8);
        json.Raw(request.Secure ? request.Fingerprint.Tls : "none"u8);
        json.Raw("\",\"ClientSrcPort\":"u8);
        json.Number(request.IsSubrequest ? 0 : 1024 + (long)((detail >> 8) % 64_000));
        json.Raw(",\"ClientTCPRTTMs\":"u8);
        json.Number(request.IsSubrequest ? 0 : 3 + (long)(request.CallerHash % 60) + (long)((detail >> 24) % 9));
        json.Raw(",\"ClientXRequestedWith\":\""u8);
        json.Escaped(request.RequestedWith.Span);
        json.Raw("\",\"Cookies\":{},\"EdgeCFConnectingO2O\":false,\"EdgeColoCode\":\""u8);
    }

    private static ReadOnlySpan<byte> Pathing(Request request)
    {
        Rule? rule = request.Terminating;
        if (rule is null)
        {
            return request.IpClass.AsSpan().SequenceEqual("searchEngine"u8)
                ? "wl\",\"EdgePathingSrc\":\"macro\",\"EdgePathingStatus\":\"se"u8
                : request.IpClass.AsSpan().SequenceEqual("monitoringService"u8)
                    ? "wl\",\"EdgePathingSrc\":\"macro\",\"EdgePathingStatus\":\"mon"u8
                : "wl\",\"EdgePathingSrc\":\"macro\",\"EdgePathingStatus\":\"nr"u8;
        }

        return rule.Control.Name switch
        {
            "ratelimit" => "ban\",\"EdgePathingSrc\":\"user\",\"EdgePathingStatus\":\"rate_limit"u8,
            "l7ddos" => "ban\",\"EdgePathingSrc\":\"protect\",\"EdgePathingStatus\":\"l7ddos"u8,
            "bic" => "ban\",\"EdgePathingSrc\":\"bic\",\"EdgePathingStatus\":\"unknown"u8,
            "hot" => "ban\",\"EdgePathingSrc\":\"hot\",\"EdgePathingStatus\":\"unknown"u8,
            "asn" => "ban\",\"EdgePathingSrc\":\"user\",\"EdgePathingStatus\":\"Asnum"u8,
            "iprange" => "ban\",\"EdgePathingSrc\":\"user\",\"EdgePathingStatus\":\"ipr24"u8,
            "uablock" => "ban\",\"EdgePathingSrc\":\"user\",\"EdgePathingStatus\":\"ua"u8,
            "ip" => "ban\",\"EdgePathingSrc\":\"user\",\"EdgePathingStatus\":\"ip"u8,
            "country" => "ban\",\"EdgePathingSrc\":\"user\",\"EdgePathingStatus\":\"ctry"u8,
            "zonelockdown" => "ban\",\"EdgePathingSrc\":\"user\",\"EdgePathingStatus\":\"zl"u8,
            _ => rule.Action.Effect == ActionEffect.Challenge
                ? "chl\",\"EdgePathingSrc\":\"filterBasedFirewall\",\"EdgePathingStatus\":\"captchaNew"u8
                : "ban\",\"EdgePathingSrc\":\"filterBasedFirewall\",\"EdgePathingStatus\":\"filter_based_firewall"u8,
        };
    }

    private static void WriteSignals(RecordBuffer json, Request request)
    {
        if (!request.Secure || request.BotScore == 0 || request.WithoutFingerprints)
        {
            json.Raw("{}"u8);
            return;
        }

        // Cloudflare computes these per JA4 over the last hour, so they repeat for the requests of a program that one data centre sees
        // for a while.
        ulong hash = Mix.Of(request.Fingerprint.Hash + (ulong)request.City.Colo.Id, (ulong)(request.StartMs / 600_000));
        json.Raw("{\"h2h3_ratio_1h\":0.9"u8);
        json.Digits((long)(hash % 1_000_000_000_000), 13);
        json.Raw(",\"heuristic_ratio_1h\":0.0"u8);
        json.Digits((long)(Mix.Of(hash, 1) % 1_000_000_000_000), 13);
        json.Raw(",\"reqs_quantile_1h\":0.9"u8);
        json.Digits((long)(Mix.Of(hash, 2) % 1_000_000_000_000), 13);
        json.Raw(",\"uas_rank_1h\":"u8);
        json.Number((long)(Mix.Of(hash, 3) % 900) + 1);
        json.Raw(",\"browser_ratio_1h\":0."u8);
        json.Digits((long)(Mix.Of(hash, 4) % 10_000_000_000_000), 14);
        json.Raw(",\"paths_rank_1h\":"u8);
        json.Number((long)(Mix.Of(hash, 5) % 900) + 1);
        json.Raw(",\"reqs_rank_1h\":"u8);
        json.Number((long)(Mix.Of(hash, 6) % 900) + 1);
        json.Raw(",\"cache_ratio_1h\":0."u8);
        json.Digits((long)(Mix.Of(hash, 7) % 10_000_000_000_000), 14);
        json.Raw(",\"ips_rank_1h\":"u8);
        json.Number((long)(Mix.Of(hash, 8) % 900) + 1);
        json.Raw(",\"ips_quantile_1h\":0.9"u8);
        json.Digits((long)(Mix.Of(hash, 9) % 1_000_000_000_000), 13);
        json.Raw((byte)'}');
    }

    private static void WriteOrigin(RecordBuffer json, Request request, ulong detail)
    {
        bool asked = request.OriginStatus != 0;
        bool connected = asked && (detail & 7) == 0;
        json.Raw(",\"OriginDNSResponseTimeMs\":"u8);
        json.Number(connected ? 1 + (long)((detail >> 3) & 7) : 0);
        json.Raw(",\"OriginIP\":\""u8);
        json.Raw(request.OriginIp);
        json.Raw("\",\"OriginResponseDurationMs\":"u8);
        json.Number(request.OriginMs);
        json.Raw(",\"OriginResponseHTTPLastModified\":\""u8);
        if (asked && request.Endpoint.Kind == World.EndpointKind.Asset)
        {
            WriteModified(json, request.Id);
        }

        json.Raw("\",\"OriginResponseHeaderReceiveDurationMs\":"u8);
        json.Number(asked ? request.OriginMs - (request.OriginMs / 20) : 0);
        json.Raw(",\"OriginResponseStatus\":"u8);
        json.Number(request.OriginStatus);
        json.Raw(asked ? ",\"OriginSSLProtocol\":\"TLSv1.3\",\"OriginTCPHandshakeDurationMs\":"u8
            : ",\"OriginSSLProtocol\":\"unknown\",\"OriginTCPHandshakeDurationMs\":"u8);
        json.Number(connected ? 4 + (long)((detail >> 9) & 31) : 0);
        json.Raw(",\"OriginTLSHandshakeDurationMs\":"u8);
        json.Number(connected ? 9 + (long)((detail >> 15) & 31) : 0);
        json.Raw(",\"ParentRayID\":\""u8);
        if (request.IsSubrequest)
        {
            json.Hex16(request.ParentRay);
        }
        else
        {
            json.Raw("00"u8);
        }

        json.Raw("\",\"RayID\":\""u8);
        json.Hex16(request.Ray);
        json.Raw("\",\"RequestHeaders\":{"u8);
        json.Raw(request.Headers.Written);
        json.Raw("},\"ResponseHeaders\":{},\"SecurityAction\":\""u8);
    }

    private static void WriteModified(RecordBuffer json, ulong id)
    {
        ulong hash = Mix.Of(id, 77);
        ReadOnlySpan<byte> days = "MonTueWedThuFriSatSun"u8;
        int day = (int)(hash % 7);

        // 2026-07-06 is a Monday.
        json.Raw(days.Slice(day * 3, 3));
        json.Raw(", "u8);
        json.Digits(6 + day, 2);
        json.Raw(" Jul 2026 "u8);
        json.Digits((long)((hash >> 8) % 24), 2);
        json.Raw((byte)':');
        json.Digits((long)((hash >> 16) % 60), 2);
        json.Raw((byte)':');
        json.Digits((long)((hash >> 24) % 60), 2);
        json.Raw(" UTC"u8);
    }

    private static void WriteSecurity(RecordBuffer json, Request request)
    {
        int count = request.MatchCount;
        if (count == 0)
        {
            json.Raw("\",\"SecurityActions\":[],\"SecurityRuleDescription\":\"\",\"SecurityRuleID\":\"\",\"SecurityRuleIDs\":[],"u8);
            json.Raw("\"SecuritySources\":[],"u8);
            return;
        }

        ref RuleMatch last = ref request.Matches[count - 1];
        json.Raw(last.Action.Http);
        json.Raw("\",\"SecurityActions\":["u8);
        for (int i = 0; i < count; i++)
        {
            json.Raw(i == 0 ? "\""u8 : ",\""u8);
            json.Raw(request.Matches[i].Action.Http);
            json.Raw((byte)'"');
        }

        json.Raw("],\"SecurityRuleDescription\":\""u8);
        json.Escaped(last.Rule.Description);
        json.Raw("\",\"SecurityRuleID\":\""u8);
        json.Escaped(last.Rule.Id);
        json.Raw("\",\"SecurityRuleIDs\":["u8);
        for (int i = 0; i < count; i++)
        {
            json.Raw(i == 0 ? "\""u8 : ",\""u8);
            json.Escaped(request.Matches[i].Rule.Id);
            json.Raw((byte)'"');
        }

        json.Raw("],\"SecuritySources\":["u8);
        for (int i = 0; i < count; i++)
        {
            json.Raw(i == 0 ? "\""u8 : ",\""u8);
            json.Raw(request.Matches[i].Rule.Control.Http);
            json.Raw((byte)'"');
        }

        json.Raw("],"u8);
    }

    private static void WriteWorker(RecordBuffer json, Request request, ulong detail)
    {
        json.Raw("\"UpperTierColoID\":0,\"VerifiedBotCategory\":\""u8);
        json.Raw(request.VerifiedBot);
        json.Raw("\",\"WAFAttackScore\":"u8);
        json.Number(request.WafScore);
        json.Raw(",\"WAFFlags\":\"0\",\"WAFRCEAttackScore\":"u8);
        json.Number(request.WafRce);
        json.Raw(",\"WAFSQLiAttackScore\":"u8);
        json.Number(request.WafSqli);
        json.Raw(",\"WAFXSSAttackScore\":"u8);
        json.Number(request.WafXss);
        byte[] worker = request.Terminating is null && !request.IsSubrequest ? request.Endpoint.Host.Worker : [];
        json.Raw(",\"WorkerCPUTime\":"u8);
        long cpu = worker.Length == 0 ? 0 : 300 + (long)((detail >> 30) & 2047);
        json.Number(cpu);
        json.Raw(",\"WorkerScriptName\":\""u8);
        json.Raw(worker);
        json.Raw(worker.Length == 0 ? "\",\"WorkerStatus\":\"unknown\",\"WorkerSubrequest\":"u8
            : "\",\"WorkerStatus\":\"ok\",\"WorkerSubrequest\":"u8);
        json.Boolean(request.IsSubrequest);
        json.Raw(",\"WorkerSubrequestCount\":"u8);
        json.Number(request.Subrequests);
        json.Raw(",\"WorkerWallTimeUs\":"u8);
        json.Number(worker.Length == 0 ? 0 : cpu + (request.Subrequests * 40_000) + (long)((detail >> 41) & 511));
        json.Raw(",\"ZoneName\":\""u8);
        json.Raw(request.Endpoint.Host.ZoneUtf8);
        json.Raw("\"}\n"u8);
    }

    private void WriteEdge(RecordBuffer json, Request request, ulong detail)
    {
        json.Raw(request.City.Colo.Code);
        json.Raw("\",\"EdgeColoID\":"u8);
        json.Number(request.City.Colo.Id);
        json.Raw(",\"EdgeEndTimestamp\":"u8);
        Timestamps.Write(json, request.StartMs + request.DurationMs, format);
        json.Raw(",\"EdgePathingOp\":\""u8);
        json.Raw(Pathing(request));
        json.Raw("\",\"EdgeRequestHost\":\""u8);
        json.Raw(request.Endpoint.Host.NameUtf8);
        json.Raw("\",\"EdgeResponseBodyBytes\":"u8);
        json.Number(request.BodyBytes);
        json.Raw(",\"EdgeResponseBytes\":"u8);
        json.Number(request.BodyBytes + 420 + (long)((detail >> 16) & 0x1FF));
        json.Raw(",\"EdgeResponseCompressionRatio\":"u8);
        if (request.BodyBytes > 1200 && request.Endpoint.Kind != World.EndpointKind.Asset && request.Terminating is null)
        {
            json.Number(2 + (long)((detail >> 40) % 4));
            json.Raw((byte)'.');
            json.Digits((long)((detail >> 44) % 100), 2);
        }
        else
        {
            json.Raw((byte)'1');
        }

        json.Raw(",\"EdgeResponseContentType\":\""u8);
        json.Raw(request.ContentType);
        json.Raw("\",\"EdgeResponseStatus\":"u8);
        json.Number(request.EdgeStatus);
        json.Raw(",\"EdgeServerIP\":\""u8);
        if (request.OriginStatus != 0)
        {
            json.Raw("172.70."u8);
            json.Number((long)((detail >> 50) & 127));
            json.Raw((byte)'.');
            json.Number((long)((detail >> 56) & 255));
        }

        json.Raw("\",\"EdgeStartTimestamp\":"u8);
        Timestamps.Write(json, request.StartMs, format);
        json.Raw(",\"EdgeTimeToFirstByteMs\":"u8);
        json.Number(request.FirstByteMs);
        json.Raw(",\"JA3Hash\":\""u8);
        if (request.Secure && !request.WithoutFingerprints)
        {
            json.Raw(request.Fingerprint.Ja3);
            json.Raw("\",\"JA4\":\""u8);
            json.Raw(request.Fingerprint.Ja4);
        }
        else
        {
            json.Raw("\",\"JA4\":\""u8);
        }

        json.Raw("\",\"JA4Signals\":"u8);
        WriteSignals(json, request);
        json.Raw(request.Client.Class is "browser_nav" && request.Terminating is null
            ? ",\"JSDetectionPassed\":\"passed\",\"LeakedCredentialCheckResult\":\""u8
            : ",\"JSDetectionPassed\":\"missing\",\"LeakedCredentialCheckResult\":\""u8);
        json.Raw(LeakedCredentials(request));
        json.Raw((byte)'"');
    }

    /// <summary>Returns what the leaked credentials check says: only logins are checked.</summary>
    internal static ReadOnlySpan<byte> LeakedCredentials(Request request) =>
        request.Endpoint.Method != "POST" || request.Endpoint.Template != "/login" ? "none"u8
        : request.Actor.Attack ? "username_and_password_leaked"u8
        : (request.CallerHash & 31) == 0 ? "password_leaked"u8 : "clean"u8;
}
