using System.Globalization;
using System.Text.Json;

namespace CfLogStream.EndToEnd.Tests.Oracle;

/// <summary>One Logpush line as the oracle reads it: plain JsonDocument, plain strings.</summary>
internal sealed record OracleRecord
{
    public required bool IsEvent { get; init; }
    public required string Ray { get; init; }
    public required DateTime Minute { get; init; }
    public required string Zone { get; init; }
    public required string Host { get; init; }
    public required string Method { get; init; }
    public required int EdgeStatus { get; init; }
    public required int OriginStatus { get; init; }
    public required long RequestBytes { get; init; }
    public required long ResponseBytes { get; init; }

    /// <summary>Neither made by Cloudflare nor by a Worker.</summary>
    public required bool IsClient { get; init; }

    /// <summary>Announced matches of an http record (null: arrays not logged), or the one match of an event.</summary>
    public required IReadOnlyList<OracleMatch>? Matches { get; init; }
    public required string TerminatingAction { get; init; }
    public required string TerminatingRule { get; init; }
    public required string Originator { get; init; }

    /// <summary>What makes two lines the same record.</summary>
    public string Identity => IsEvent
        ? string.Join('|', "event", Ray, Matches![0].Control, Matches[0].Rule, Matches[0].Action, Matches[0].Index)
        : "http|" + Ray;

    /// <summary>Reads a line; null when it is no http_requests or firewall_events record.</summary>
    public static OracleRecord? Read(string line)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }

        using (document)
        {
            JsonElement json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            bool isEvent = json.TryGetProperty("Datetime", out JsonElement time);
            if (!isEvent && !json.TryGetProperty("EdgeStartTimestamp", out time))
            {
                return null;
            }

            string source = Text(json, "ClientRequestSource").ToLowerInvariant();
            bool subrequest = json.TryGetProperty("WorkerSubrequest", out JsonElement worker) && worker.ValueKind == JsonValueKind.True;
            return new OracleRecord
            {
                IsEvent = isEvent,
                Ray = Text(json, "RayID"),
                Minute = ReadTime(time) is var at ? new DateTime(at.Year, at.Month, at.Day, at.Hour, at.Minute, 0, DateTimeKind.Utc) : default,
                Zone = Text(json, "ZoneName"),
                Host = Text(json, "ClientRequestHost").ToLowerInvariant(),
                Method = Text(json, "ClientRequestMethod"),
                EdgeStatus = (int)Number(json, "EdgeResponseStatus"),
                OriginStatus = (int)Number(json, "OriginResponseStatus"),
                RequestBytes = Number(json, "ClientRequestBytes"),
                ResponseBytes = Number(json, "EdgeResponseBytes"),
                IsClient = !subrequest && source is "" or "eyeball" or "orangetoorange",
                Matches = isEvent
                    ? [new OracleMatch(Fold(Text(json, "Source")), Fold(Text(json, "Action")), Text(json, "RuleID"), (int)Number(json, "MatchIndex"))]
                    : Arrays(json),
                TerminatingAction = Fold(Text(json, "SecurityAction")),
                TerminatingRule = Text(json, "SecurityRuleID"),
                Originator = Text(json, "OriginatorRayID") is var originator && originator is "" or "00" ? "" : originator,
            };
        }
    }

    private static List<OracleMatch>? Arrays(JsonElement json)
    {
        if (!json.TryGetProperty("SecurityActions", out JsonElement actions))
        {
            return null;
        }

        string[] controls = Texts(json, "SecuritySources");
        string[] rules = Texts(json, "SecurityRuleIDs");
        return [.. actions.EnumerateArray().Select((action, i) => new OracleMatch(
            Fold(i < controls.Length ? controls[i] : ""), Fold(action.GetString()!), i < rules.Length ? rules[i] : "", -1))];
    }

    private static string[] Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) ? [.. value.EnumerateArray().Select(item => item.GetString()!)] : [];

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static long Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value)
            ? value.ValueKind == JsonValueKind.Number ? value.GetInt64() : long.Parse("0" + value.GetString(), CultureInfo.InvariantCulture)
            : 0;

    private static string Fold(string value) => value.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static DateTime ReadTime(JsonElement time)
    {
        if (time.ValueKind == JsonValueKind.String && !long.TryParse(time.GetString(), out _))
        {
            return DateTimeOffset.Parse(time.GetString()!, CultureInfo.InvariantCulture).UtcDateTime;
        }

        decimal number = time.ValueKind == JsonValueKind.String ? decimal.Parse(time.GetString()!, CultureInfo.InvariantCulture) : time.GetDecimal();
        return number < 60_000_000_000m
            ? DateTime.UnixEpoch.AddSeconds((double)number)
            : DateTime.UnixEpoch.AddTicks((long)(number / 100));
    }
}

/// <summary>A matched rule as the oracle sees it.</summary>
internal sealed record OracleMatch(string Control, string Action, string Rule, int Index);
