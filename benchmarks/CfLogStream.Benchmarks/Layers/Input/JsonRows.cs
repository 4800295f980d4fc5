using System.Text.Json;
using CfLogStream.Core.Correlation;

namespace CfLogStream.Benchmarks.Layers.Input;

/// <summary>Writes a row of <c>requests_1m</c> as JSONEachRow would take it.</summary>
internal static class JsonRows
{
    public static void Write(Utf8JsonWriter json, in RequestsRow row)
    {
        json.WriteStartObject();
        json.WriteNumber("window"u8, row.Key.WindowSeconds);
        json.WriteString("zone"u8, row.Endpoint.Zone.Span);
        json.WriteString("host"u8, row.Endpoint.Host.Span);
        json.WriteString("method"u8, row.Endpoint.Method.Span);
        json.WriteString("path"u8, row.Endpoint.Path.Span);
        json.WriteNumber("surface"u8, (int)row.Endpoint.Surface);
        json.WriteString("client_class"u8, row.Client.Class.Span);
        json.WriteString("client_name"u8, row.Client.Name.Span);
        json.WriteNumber("trust"u8, (int)row.Client.Trust);
        json.WriteNumber("partition"u8, row.Key.Partition);
        json.WriteNumber("chunk"u8, row.Key.Chunk);
        json.WriteNumber("version"u8, row.Key.Version);
        json.WriteNumber("requests"u8, row.Requests);
        json.WriteNumber("event_only"u8, row.EventOnly);
        json.WriteNumber("passed"u8, row.Passed);
        json.WriteNumber("exempted"u8, row.Exempted);
        json.WriteNumber("logged"u8, row.Logged);
        json.WriteNumber("challenged"u8, row.Challenged);
        json.WriteNumber("challenge_solved"u8, row.ChallengeSolved);
        json.WriteNumber("rate_limited"u8, row.RateLimited);
        json.WriteNumber("blocked"u8, row.Blocked);
        json.WriteNumber("dropped"u8, row.Dropped);
        json.WriteNumber("lost"u8, row.Lost);
        json.WriteNumber("edge_errors"u8, row.EdgeErrors);
        json.WriteNumber("origin_errors"u8, row.OriginErrors);
        json.WriteNumber("preflights"u8, row.Preflights);
        json.WriteNumber("status_1xx"u8, row.Status1xx);
        json.WriteNumber("status_2xx"u8, row.Status2xx);
        json.WriteNumber("status_3xx"u8, row.Status3xx);
        json.WriteNumber("status_4xx"u8, row.Status4xx);
        json.WriteNumber("status_5xx"u8, row.Status5xx);
        json.WriteNumber("status_other"u8, row.StatusOther);
        json.WriteNumber("request_bytes"u8, row.RequestBytes);
        json.WriteNumber("response_bytes"u8, row.ResponseBytes);
        WriteNumbers(json, "latency"u8, row.Latency.Span);
        WriteNumbers(json, "caller_hashes"u8, row.Callers.Span);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<ulong> numbers)
    {
        json.WriteStartArray(name);
        foreach (ulong number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
