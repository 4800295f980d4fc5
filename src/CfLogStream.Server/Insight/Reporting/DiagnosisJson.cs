using System.Globalization;
using System.Text.Json;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Core.Insight.Remedies;

namespace CfLogStream.Server.Insight.Reporting;

/// <summary>Writes a diagnosis as JSON with stable keys (<c>schemas/diagnosis.schema.json</c>).</summary>
/// <remarks>Every key is always there: what is not known is <c>null</c> or empty. Log text is whole and only escaped as JSON.</remarks>
public static class DiagnosisJson
{
    /// <summary>Raised when a key changes its meaning; keys are only ever added.</summary>
    public const int FormatVersion = 1;

    /// <summary>Writes the diagnosis as one JSON object.</summary>
    public static void Write(Diagnosis diagnosis, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("format_version", FormatVersion);
        json.WriteString("from", Time(diagnosis.From));
        json.WriteString("to", Time(diagnosis.To));
        json.WriteNumber("requests", diagnosis.Requests);
        json.WriteNumber("lost", diagnosis.Lost);
        WriteFindings(json, "findings", diagnosis.Findings);
        WriteFindings(json, "rightly_stopped", diagnosis.RightlyStopped);
        WriteFindings(json, "errors", diagnosis.Errors);
        WriteTexts(json, "limits", diagnosis.Limits);
        json.WriteEndObject();
    }

    /// <summary>Writes what a diagnosis says of one client under one rule, into the object that is open.</summary>
    public static void Write(Finding finding, LegitimacyEstimate legitimacy, Owner? owner, Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(finding);
        ArgumentNullException.ThrowIfNull(json);
        json.WriteBoolean("misjudged", finding.Kind != FindingKind.RightlyStopped);
        WriteLegitimacy(json, legitimacy);
        WriteOwner(json, owner);
        json.WriteStartObject("finding");
        WriteFinding(json, finding);
        json.WriteEndObject();
    }

    private static void WriteFindings(Utf8JsonWriter json, string name, IReadOnlyList<Finding> findings)
    {
        json.WriteStartArray(name);
        foreach (Finding finding in findings)
        {
            json.WriteStartObject();
            WriteFinding(json, finding);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFinding(Utf8JsonWriter json, Finding finding)
    {
        json.WriteString("id", finding.Id);
        json.WriteString("kind", Word(finding.Kind));
        json.WriteString("pattern", Word(finding.Pattern));
        json.WriteString("title", finding.Title);
        json.WriteString("verdict", FindingWording.Verdict(finding));
        WriteMeasure(json, "score", finding.Score);
        WriteRule(json, finding.Rule);
        WriteLoss(json, finding.Loss);
        WriteLegitimacy(json, finding.Legitimacy);
        WriteTime(json, "onset", finding.Onset);
        WriteTime(json, "last_seen", finding.LastSeen == default ? null : finding.LastSeen);
        json.WriteBoolean("ongoing", finding.Ongoing);
        WriteChanges(json, finding.Changes);
        WriteDifferences(json, finding.Differences);
        WriteReasons(json, "evidence", finding.Evidence);
        WriteCells(json, finding);
        WriteTrend(json, finding.Trend);
        WriteTexts(json, "example_rays", finding.ExampleRays);
        WriteRemedies(json, finding.Remedies);
        WriteOwner(json, finding.Owner);
    }

    private static void WriteRule(Utf8JsonWriter json, RuleIdentity? rule)
    {
        if (rule is null)
        {
            json.WriteNull("rule");
            return;
        }

        json.WriteStartObject("rule");
        json.WriteString("zone", rule.Zone);
        json.WriteString("control", rule.Control);
        json.WriteString("id", rule.Id);
        json.WriteString("reference", rule.Reference);
        json.WriteString("description", rule.Description);
        json.WriteString("action", rule.Action);
        json.WriteEndObject();
    }

    private static void WriteLoss(Utf8JsonWriter json, LossEstimate loss)
    {
        json.WriteStartObject("loss");
        json.WriteNumber("requests", loss.Requests);
        json.WriteNumber("lost", loss.Lost);
        WriteMeasure(json, "share", loss.Share);
        json.WriteNumber("caller_minutes", loss.CallerMinutes);
        json.WriteNumber("caller_minutes_lost", loss.CallerMinutesLost);
        json.WriteNumber("callers", loss.Callers);
        WriteMeasure(json, "share_low", loss.ShareLow);
        WriteMeasure(json, "share_high", loss.ShareHigh);
        json.WriteEndObject();
    }

    private static void WriteLegitimacy(Utf8JsonWriter json, LegitimacyEstimate legitimacy)
    {
        json.WriteStartObject("legitimacy");
        WriteMeasure(json, "probability", legitimacy.Probability);
        WriteReasons(json, "reasons", legitimacy.Reasons);
        json.WriteEndObject();
    }

    private static void WriteReasons(Utf8JsonWriter json, string name, IReadOnlyList<Reason> reasons)
    {
        json.WriteStartArray(name);
        foreach (Reason reason in reasons)
        {
            json.WriteStartObject();
            json.WriteString("name", reason.Name);
            json.WriteString("text", reason.Text);
            WriteMeasure(json, "log_odds", reason.LogOdds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteChanges(Utf8JsonWriter json, IReadOnlyList<Change> changes)
    {
        json.WriteStartArray("changes");
        foreach (Change change in changes)
        {
            json.WriteStartObject();
            json.WriteString("time", Time(change.Time));
            json.WriteString("id", change.Id);
            json.WriteString("zone", change.Zone);
            json.WriteString("source", change.Source);
            json.WriteString("kind", change.Kind);
            json.WriteString("control", change.Control);
            json.WriteString("rule_id", change.RuleId);
            json.WriteString("rule_reference", change.RuleReference);
            json.WriteString("actor", change.Actor);
            json.WriteString("actor_kind", change.ActorKind);
            json.WriteString("summary", change.Summary);
            json.WriteString("old_value", change.OldValue);
            json.WriteString("new_value", change.NewValue);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDifferences(Utf8JsonWriter json, IReadOnlyList<FieldContrast> differences)
    {
        json.WriteStartArray("differences");
        foreach (FieldContrast contrast in differences)
        {
            json.WriteStartObject();
            json.WriteString("field", contrast.Field);
            json.WriteString("value", contrast.Value);
            WriteMeasure(json, "stopped", contrast.Stopped);
            WriteMeasure(json, "stopped_all", contrast.StoppedAll);
            WriteMeasure(json, "passed", contrast.Passed);
            WriteMeasure(json, "passed_all", contrast.PassedAll);
            WriteMeasure(json, "separation", contrast.Separation);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCells(Utf8JsonWriter json, Finding finding)
    {
        json.WriteNumber("cell_count", finding.CellCount);
        json.WriteStartArray("cells");
        foreach (FindingCell cell in finding.Cells)
        {
            json.WriteStartObject();
            json.WriteStartObject("endpoint");
            json.WriteString("zone", cell.Endpoint.Zone);
            json.WriteString("host", cell.Endpoint.Host);
            json.WriteString("method", cell.Endpoint.Method);
            json.WriteString("path", cell.Endpoint.Path);
            json.WriteString("surface", cell.Endpoint.Surface);
            json.WriteEndObject();
            json.WriteStartObject("client");
            json.WriteString("class", cell.Client.Class);
            json.WriteString("name", cell.Client.Name);
            json.WriteString("trust", cell.Client.Trust);
            json.WriteEndObject();
            WriteLoss(json, cell.Loss);
            WriteLegitimacy(json, cell.Legitimacy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTrend(Utf8JsonWriter json, TrendLine? trend)
    {
        if (trend is null)
        {
            json.WriteNull("trend");
            return;
        }

        json.WriteStartObject("trend");
        json.WriteString("start", Time(trend.Start));
        json.WriteNumber("bin_secs", (long)trend.Bin.TotalSeconds);
        WriteCounts(json, "requests", trend.Requests);
        WriteCounts(json, "lost", trend.Lost);
        json.WriteEndObject();
    }

    private static void WriteTrial(Utf8JsonWriter json, RemedyTrial? trial)
    {
        if (trial is null)
        {
            json.WriteNull("trial");
            return;
        }

        json.WriteStartObject("trial");
        json.WriteNumber("requests", trial.Requests);
        json.WriteNumber("freed", Math.Round(trial.Freed, 4));
        json.WriteNumber("attacks", Math.Round(trial.Attacks, 4));
        json.WriteNumber("most_attacks", Math.Round(trial.MostAttacks, 4));
        json.WriteEndObject();
    }

    private static void WriteRemedies(Utf8JsonWriter json, IReadOnlyList<Remedy> remedies)
    {
        json.WriteStartArray("remedies");
        foreach (Remedy remedy in remedies)
        {
            json.WriteStartObject();
            json.WriteString("kind", Word(remedy.Kind));
            json.WriteString("summary", remedy.Summary);
            json.WriteString("place", remedy.Place);
            json.WriteString("expression", remedy.Expression);
            json.WriteString("api_method", remedy.ApiMethod);
            json.WriteString("api_path", remedy.ApiPath);
            json.WriteString("payload", remedy.Payload);
            WriteTrial(json, remedy.Trial);
            WriteTexts(json, "not_covered", remedy.NotCovered);
            WriteTexts(json, "next_controls", remedy.NextControls);
            WriteTexts(json, "why_safe", remedy.WhySafe);
            WriteTexts(json, "warnings", remedy.Warnings);
            WriteTexts(json, "refused", remedy.Refused);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteOwner(Utf8JsonWriter json, Owner? owner)
    {
        if (owner is null)
        {
            json.WriteNull("owner");
            return;
        }

        json.WriteStartObject("owner");
        json.WriteString("name", owner.Name);
        json.WriteString("contact", owner.Contact);
        json.WriteString("why", owner.Why);
        json.WriteString("review_by", owner.ReviewBy?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteString("matched", owner.Matched);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, IReadOnlyList<long> counts)
    {
        json.WriteStartArray(name);
        foreach (long count in counts)
        {
            json.WriteNumberValue(count);
        }

        json.WriteEndArray();
    }

    /// <summary>JSON has no infinities: what could not be computed is null.</summary>
    private static void WriteMeasure(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, Math.Round(value, 6));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTime? time) =>
        json.WriteString(name, time is { } value ? Time(value) : null);

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
