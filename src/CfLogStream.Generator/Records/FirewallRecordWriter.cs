using CfLogStream.Generator.Simulation;

namespace CfLogStream.Generator.Records;

/// <summary>Writes firewall_events records: one per control that matched.</summary>
internal sealed class FirewallRecordWriter(TimestampFormat format)
{
    /// <summary>The keys in the order in which they are written.</summary>
    public static readonly string[] Fields =
    [
        "Action", "ClientASN", "ClientASNDescription", "ClientCountry", "ClientIP", "ClientIPClass", "ClientRefererHost",
            "ClientRefererPath",
        "ClientRefererQuery", "ClientRefererScheme", "ClientRequestHost", "ClientRequestMethod", "ClientRequestPath",
            "ClientRequestProtocol",
        "ClientRequestQuery", "ClientRequestScheme", "ClientRequestUserAgent", "ContentScanObjResults", "ContentScanObjSizes",
            "ContentScanObjTypes",
        "Datetime", "Description", "EdgeColoCode", "EdgeResponseStatus", "Kind", "LeakedCredentialCheckResult", "MatchIndex", "Metadata",
        "OriginResponseStatus", "OriginatorRayID", "RayID", "Ref", "RuleID", "Source", "ZoneName",
    ];

    /// <summary>Appends the line of the match at <paramref name="index"/>.</summary>
    public void Write(RecordBuffer json, Request request, int index)
    {
        ref RuleMatch match = ref request.Matches[index];
        json.Raw("{\"Action\":\""u8);
        json.Raw(match.Action.Event);
        json.Raw("\",\"ClientASN\":"u8);
        json.Number(request.Network.Asn);
        json.Raw(",\"ClientASNDescription\":\""u8);
        json.Escaped(request.Network.Description);
        json.Raw("\",\"ClientCountry\":\""u8);
        json.Raw(request.Network.Country);
        json.Raw("\",\"ClientIP\":\""u8);
        json.Raw(request.Ip.Span);
        json.Raw("\",\"ClientIPClass\":\""u8);
        json.Raw(request.IpClass);
        WriteReferer(json, request.Referer.Span);
        json.Raw("\",\"ClientRequestHost\":\""u8);
        json.Raw(request.Endpoint.Host.NameUtf8);
        json.Raw("\",\"ClientRequestMethod\":\""u8);
        json.Escaped(request.Method);
        json.Raw("\",\"ClientRequestPath\":\""u8);
        json.Escaped(request.Path.Span);
        json.Raw("\",\"ClientRequestProtocol\":\""u8);
        json.Raw(request.Secure ? request.Fingerprint.Protocol : "HTTP/1.1"u8);
        json.Raw("\",\"ClientRequestQuery\":\""u8);
        json.Escaped(request.Query.Span);
        json.Raw(request.Secure ? "\",\"ClientRequestScheme\":\"https\",\"ClientRequestUserAgent\":\""u8
            : "\",\"ClientRequestScheme\":\"http\",\"ClientRequestUserAgent\":\""u8);
        json.Escaped(request.UserAgent.Span);
        json.Raw("\",\"ContentScanObjResults\":[],\"ContentScanObjSizes\":[],\"ContentScanObjTypes\":[],\"Datetime\":"u8);
        Timestamps.Write(json, request.StartMs, format);
        json.Raw(",\"Description\":\""u8);
        json.Escaped(match.Rule.Description);
        json.Raw("\",\"EdgeColoCode\":\""u8);
        json.Raw(request.City.Colo.Code);
        json.Raw("\",\"EdgeResponseStatus\":"u8);
        json.Number(request.EdgeStatus);
        json.Raw(",\"Kind\":\"firewall\",\"LeakedCredentialCheckResult\":\""u8);
        json.Raw(HttpRecordWriter.LeakedCredentials(request));
        json.Raw("\",\"MatchIndex\":"u8);
        json.Number(request.MatchCount - 1 - index);
        json.Raw(",\"Metadata\":"u8);
        json.Raw(match.Rule.Metadata);
        json.Raw(",\"OriginResponseStatus\":"u8);
        json.Number(request.OriginStatus);
        json.Raw(",\"OriginatorRayID\":\""u8);
        if (match.OriginatorRay == 0)
        {
            json.Raw("00"u8);
        }
        else
        {
            json.Hex16(match.OriginatorRay);
        }

        json.Raw("\",\"RayID\":\""u8);
        json.Hex16(request.Ray);
        json.Raw("\",\"Ref\":\""u8);
        json.Escaped(match.Rule.Ref);
        json.Raw("\",\"RuleID\":\""u8);
        json.Escaped(match.Rule.Id);
        json.Raw("\",\"Source\":\""u8);
        json.Raw(match.Rule.Control.Event);
        json.Raw("\",\"ZoneName\":\""u8);
        json.Raw(request.Endpoint.Host.ZoneUtf8);
        json.Raw("\"}\n"u8);
    }

    // "https://host/path?query": anything else is written as the path, as it came.
    private static void WriteReferer(RecordBuffer json, ReadOnlySpan<byte> referer)
    {
        ReadOnlySpan<byte> scheme = default;
        ReadOnlySpan<byte> host = default;
        ReadOnlySpan<byte> path = referer;
        ReadOnlySpan<byte> query = default;
        int colon = referer.IndexOf("://"u8);
        if (colon is > 0 and < 8)
        {
            scheme = referer[..colon];
            ReadOnlySpan<byte> rest = referer[(colon + 3)..];
            int slash = rest.IndexOf((byte)'/');
            host = slash < 0 ? rest : rest[..slash];
            path = slash < 0 ? default : rest[slash..];
        }

        int mark = path.IndexOf((byte)'?');
        if (mark >= 0)
        {
            query = path[mark..];
            path = path[..mark];
        }

        json.Raw("\",\"ClientRefererHost\":\""u8);
        json.Escaped(host);
        json.Raw("\",\"ClientRefererPath\":\""u8);
        json.Escaped(path);
        json.Raw("\",\"ClientRefererQuery\":\""u8);
        json.Escaped(query);
        json.Raw("\",\"ClientRefererScheme\":\""u8);
        json.Escaped(scheme);
    }
}
