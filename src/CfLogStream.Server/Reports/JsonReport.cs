using System.Globalization;
using System.Text.Json;
using CfLogStream.Server.Analysis;

namespace CfLogStream.Server.Reports;

/// <summary>Writes the incident report as JSON with stable keys (<c>schemas/report.schema.json</c>).</summary>
public static class JsonReport
{
    /// <summary>Raised when a key changes its meaning; keys are only ever added.</summary>
    public const int FormatVersion = 1;

    /// <summary>Writes the report as one JSON object.</summary>
    public static void Write(IncidentReport report, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("format_version", FormatVersion);
        WriteRead(json, report.Read);
        WriteTotals(json, report.Totals);
        json.WriteStartObject("trend");
        json.WriteString("start", Time(report.TrendStart));
        json.WriteNumber("bin_secs", (long)report.TrendBin.TotalSeconds);
        json.WriteEndObject();
        WriteLost(json, report);
        WriteHosts(json, report.Hosts);
        WriteExemptions(json, report.Exemptions);
        json.WriteEndObject();
    }

    private static void WriteRead(Utf8JsonWriter json, AnalysisSummary read)
    {
        json.WriteStartObject("read");
        json.WriteString("name", read.Name);
        json.WriteNumber("files", read.Files);
        json.WriteNumber("bytes", read.Bytes);
        json.WriteNumber("line_bytes", read.LineBytes);
        json.WriteNumber("lines", read.Lines);
        json.WriteStartObject("records");
        json.WriteNumber("http_requests", read.HttpRequests);
        json.WriteNumber("firewall_events", read.FirewallEvents);
        json.WriteNumber("audit_logs", read.AuditLogs);
        json.WriteNumber("audit_logs_v2", read.AuditLogsV2);
        json.WriteEndObject();
        WriteTime(json, "first_time", read.FirstTime);
        WriteTime(json, "last_time", read.LastTime);
        json.WriteNumber("duplicates", read.Duplicates);
        json.WriteNumber("dead_letters", read.DeadLetters);
        json.WriteStartObject("dead_letters_by_reason");
        foreach ((string reason, long count) in read.DeadLettersByReason.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(reason, count);
        }

        json.WriteEndObject();
        json.WriteNumber("dead_letters_kept", read.DeadLettersKept);
        json.WriteNumber("validations", read.Validations);
        json.WriteNumber("ownership_challenges", read.OwnershipChallenges);
        json.WriteNumber("empty_objects", read.EmptyObjects);
        json.WriteNumber("blank_lines", read.BlankLines);
        json.WriteNumber("filtered", read.Filtered);
        json.WriteNumber("late", read.Late);
        json.WriteNumber("disordered", read.Disordered);
        json.WriteNumber("unmatched_events", read.UnmatchedEvents);
        json.WriteNumber("unmatched_requests", read.UnmatchedRequests);
        json.WriteNumber("subrequests", read.Subrequests);
        json.WriteNumber("internal", read.Internal);
        json.WriteNumber("forced_joins", read.Forced);
        json.WriteNumber("rows_written", read.RowsWritten);
        json.WriteNumber("rows_rejected", read.RowsRejected);
        json.WriteStartArray("errors");
        foreach (string error in read.Errors)
        {
            json.WriteStringValue(error);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTotals(Utf8JsonWriter json, ReportTotals totals)
    {
        json.WriteStartObject("totals");
        json.WriteNumber("requests", totals.Requests);
        json.WriteNumber("lost", totals.Lost);
        json.WriteNumber("lost_on_apis", totals.LostOnApis);
        json.WriteNumber("lost_likely_legitimate", totals.LostLikelyLegitimate);
        json.WriteNumber("edge_errors", totals.EdgeErrors);
        json.WriteNumber("origin_errors", totals.OriginErrors);
        json.WriteNumber("exempted", totals.Exempted);
        json.WriteEndObject();
    }

    private static void WriteLost(Utf8JsonWriter json, IncidentReport report)
    {
        json.WriteBoolean("lost_cut", report.LostCut);
        json.WriteStartArray("lost");
        foreach (LostTraffic lost in report.Lost)
        {
            json.WriteStartObject();
            json.WriteString("zone", lost.Zone);
            json.WriteString("host", lost.Host);
            json.WriteString("method", lost.Method);
            json.WriteString("path", lost.Path);
            json.WriteString("surface", lost.Surface);
            json.WriteString("client_class", lost.ClientClass);
            json.WriteString("client_name", lost.ClientName);
            json.WriteString("trust", lost.Trust);
            json.WriteString("control", lost.Control);
            json.WriteString("rule_id", lost.RuleId);
            json.WriteString("rule", lost.Rule);
            json.WriteString("action", lost.Action);
            json.WriteNumber("lost", lost.Lost);
            json.WriteNumber("requests", lost.Requests);
            json.WriteNumber("share", Math.Round(lost.Share, 6));
            json.WriteNumber("callers", lost.Callers);
            json.WriteString("first_seen", Time(lost.FirstSeen));
            json.WriteString("last_seen", Time(lost.LastSeen));
            json.WriteNumber("legitimacy", Math.Round(lost.Legitimacy, 4));
            json.WriteBoolean("likely_legitimate", lost.LikelyLegitimate);
            json.WriteStartArray("trend");
            foreach (ulong count in lost.Trend)
            {
                json.WriteNumberValue(count);
            }

            json.WriteEndArray();
            json.WriteStartArray("example_rays");
            foreach (string ray in lost.ExampleRays)
            {
                json.WriteStringValue(ray);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteHosts(Utf8JsonWriter json, IReadOnlyList<HostErrors> hosts)
    {
        json.WriteStartArray("hosts");
        foreach (HostErrors host in hosts)
        {
            json.WriteStartObject();
            json.WriteString("zone", host.Zone);
            json.WriteString("host", host.Host);
            json.WriteNumber("requests", host.Requests);
            json.WriteNumber("lost", host.Lost);
            json.WriteNumber("edge_errors", host.EdgeErrors);
            json.WriteNumber("origin_errors", host.OriginErrors);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteExemptions(Utf8JsonWriter json, IReadOnlyList<Exemption> exemptions)
    {
        json.WriteStartArray("exemptions");
        foreach (Exemption exemption in exemptions)
        {
            json.WriteStartObject();
            json.WriteString("zone", exemption.Zone);
            json.WriteString("host", exemption.Host);
            json.WriteString("control", exemption.Control);
            json.WriteString("rule_id", exemption.RuleId);
            json.WriteString("rule", exemption.Rule);
            json.WriteString("action", exemption.Action);
            json.WriteNumber("matches", exemption.Matches);
            json.WriteNumber("suspicious", exemption.Suspicious);
            json.WriteNumber("callers", exemption.Callers);
            json.WriteStartObject("clients");
            foreach ((string client, ulong count) in exemption.TopClients)
            {
                json.WriteNumber(client, count);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTime? time)
    {
        if (time is { } value)
        {
            json.WriteString(name, Time(value));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
