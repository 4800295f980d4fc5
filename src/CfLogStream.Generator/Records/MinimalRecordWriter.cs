using CfLogStream.Generator.Simulation;

namespace CfLogStream.Generator.Records;

/// <summary>Writes http_requests records of a job with few fields and no security arrays.</summary>
internal sealed class MinimalRecordWriter(TimestampFormat format)
{
    /// <summary>The keys in the order in which they are written.</summary>
    public static readonly string[] Fields =
    [
        "ClientASN", "ClientCountry", "ClientIP", "ClientRequestHost", "ClientRequestMethod", "ClientRequestURI",
            "ClientRequestUserAgent", "EdgeEndTimestamp",
        "EdgeResponseBytes", "EdgeResponseStatus", "EdgeStartTimestamp", "OriginResponseStatus", "RayID", "ZoneName",
    ];

    /// <summary>Appends one line with its end.</summary>
    public void Write(RecordBuffer json, Request request)
    {
        json.Raw("{\"ClientASN\":"u8);
        json.Number(request.Network.Asn);
        json.Raw(",\"ClientCountry\":\""u8);
        json.Raw(request.Network.Country);
        json.Raw("\",\"ClientIP\":\""u8);
        json.Raw(request.Ip.Span);
        json.Raw("\",\"ClientRequestHost\":\""u8);
        json.Raw(request.Endpoint.Host.NameUtf8);
        json.Raw("\",\"ClientRequestMethod\":\""u8);
        json.Escaped(request.Method);
        json.Raw("\",\"ClientRequestURI\":\""u8);
        json.Escaped(request.Path.Span);
        json.Escaped(request.Query.Span);
        json.Raw("\",\"ClientRequestUserAgent\":\""u8);
        json.Escaped(request.UserAgent.Span);
        json.Raw("\",\"EdgeEndTimestamp\":"u8);
        Timestamps.Write(json, request.StartMs + request.DurationMs, format);
        json.Raw(",\"EdgeResponseBytes\":"u8);
        json.Number(request.BodyBytes + 600);
        json.Raw(",\"EdgeResponseStatus\":"u8);
        json.Number(request.EdgeStatus);
        json.Raw(",\"EdgeStartTimestamp\":"u8);
        Timestamps.Write(json, request.StartMs, format);
        json.Raw(",\"OriginResponseStatus\":"u8);
        json.Number(request.OriginStatus);
        json.Raw(",\"RayID\":\""u8);
        json.Hex16(request.Ray);
        json.Raw("\",\"ZoneName\":\""u8);
        json.Raw(request.Endpoint.Host.ZoneUtf8);
        json.Raw("\"}\n"u8);
    }
}
