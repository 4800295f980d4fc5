using System.Text.Json;

namespace CfLogStream.Benchmarks.Layers.Parsing;

/// <summary>The wanted fields by <see cref="JsonDocument"/>: parsed into a pooled document, then asked for by name.</summary>
internal static class DocumentExtractor
{
    private static readonly JsonEncodedText[] s_httpTexts = Names(
    [
        "RayID", "ZoneName", "ClientRequestHost", "ClientRequestMethod", "ClientRequestPath", "ClientRequestURI",
        "ClientRequestUserAgent", "ClientRequestReferer", "ClientRequestSource", "ClientIP", "ClientCountry", "BotScoreSrc",
        "SecurityAction", "SecurityRuleID", "VerifiedBotCategory", "JA4", "ParentRayID",
    ]);

    private static readonly JsonEncodedText[] s_httpNumbers = Names(
    [
        "EdgeStartTimestamp", "ClientASN", "EdgeResponseStatus", "OriginResponseStatus", "EdgeResponseBytes",
        "ClientRequestBytes", "EdgeTimeToFirstByteMs", "BotScore", "WAFAttackScore",
    ]);

    private static readonly JsonEncodedText[] s_firewallTexts = Names(
    [
        "RayID", "ZoneName", "ClientRequestHost", "ClientRequestMethod", "ClientRequestPath", "ClientRequestQuery",
        "ClientRequestProtocol", "ClientRequestScheme", "ClientRequestUserAgent", "ClientIP", "ClientCountry",
        "ClientIPClass", "EdgeColoCode", "LeakedCredentialCheckResult", "Action", "Source", "RuleID", "Ref", "Description",
        "Kind", "OriginatorRayID", "ClientRefererScheme", "ClientRefererHost", "ClientRefererPath", "ClientRefererQuery",
    ]);

    private static readonly JsonEncodedText[] s_firewallNumbers = Names(
    [
        "Datetime", "ClientASN", "EdgeResponseStatus", "OriginResponseStatus", "MatchIndex",
    ]);

    private static readonly JsonEncodedText[] s_httpArrays = Names(["SecurityActions", "SecurityRuleIDs", "SecuritySources"]);
    private static readonly JsonEncodedText[] s_none = [];

    /// <summary>Reads a line and returns its sum; 0 when it is no JSON.</summary>
    public static long Read(ReadOnlyMemory<byte> line, bool isFirewall)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind != JsonValueKind.Object
                ? 0
                : isFirewall
                    ? Sum(document.RootElement, s_firewallTexts, s_firewallNumbers, s_none)
                    : Sum(document.RootElement, s_httpTexts, s_httpNumbers, s_httpArrays)
                        + (document.RootElement.TryGetProperty("WorkerSubrequest"u8, out JsonElement worker)
                            && worker.ValueKind == JsonValueKind.True ? 1 : 0);
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    private static long Sum(JsonElement root, JsonEncodedText[] texts, JsonEncodedText[] numbers, JsonEncodedText[] arrays)
    {
        long sum = 0;
        foreach (JsonEncodedText name in texts)
        {
            sum += root.TryGetProperty(name.EncodedUtf8Bytes, out JsonElement value) && value.ValueKind == JsonValueKind.String
                ? Extract.Of(value.GetString())
                : 0;
        }

        foreach (JsonEncodedText name in numbers)
        {
            sum += root.TryGetProperty(name.EncodedUtf8Bytes, out JsonElement value) && value.ValueKind == JsonValueKind.Number
                && value.TryGetInt64(out long number) ? number : 0;
        }

        foreach (JsonEncodedText name in arrays)
        {
            if (root.TryGetProperty(name.EncodedUtf8Bytes, out JsonElement value) && value.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement element in value.EnumerateArray())
                {
                    sum += element.GetString() is null ? 0 : 1;
                }
            }
        }

        return sum;
    }

    private static JsonEncodedText[] Names(string[] names) => [.. names.Select(name => JsonEncodedText.Encode(name))];
}
