using System.Globalization;
using System.Text.Json;
using CfLogStream.Cli.Terminal;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Retesting;
using CfLogStream.Core.Traffic.Controls;
using CfLogStream.Server.Insight.Retesting;

namespace CfLogStream.Cli.Reports;

/// <summary>Writes a retest: the verdict first, then what it rests on, then the copy of the request.</summary>
internal sealed class RetestReport(RetestAnswer answer, CurlCopy? copy, Change? change, IReadOnlyList<string> knownEndpoints, string storeWords)
{
    private const int LabelColumns = 10;

    private RetestVerdict Verdict => answer.Verdict;

    /// <summary>One line while waiting.</summary>
    public static string Progress(RetestAnswer answer)
    {
        RetestVerdict verdict = answer.Verdict;
        string counts = verdict.Since.Requests > 0 ? $": {Count(verdict.Since.Requests, "call")}, {verdict.Since.Lost:N0} lost" : "";
        string needed = verdict.State == RetestState.TooLittleData ? $"; {Needed(verdict)}" : "";
        return $"{Name(verdict.State)}{counts}{needed}";
    }

    public void Write(TextWriter stdout, int columns)
    {
        var text = new TextBlock(stdout, Math.Clamp(columns, 60, 140));
        text.Wrap("", $"{Name(Verdict.State)}: {Sentence()}");
        text.Blank();
        void Row(string label, string value)
        {
            if (value.Length > 0)
            {
                text.Wrap(label.PadRight(LabelColumns), value);
            }
        }

        Row("Client", answer.Subject.ShownClient);
        Row("Endpoint", answer.Subject.ShownEndpoint);
        Row("Since", Minute(Verdict.From) + (change is null ? ", the first whole minute" : $", two minutes after the change {change.Id}: {change.Summary}"));
        Row("Before", BeforeText());
        Row("Now", NowText());
        foreach (RetestStop stop in Verdict.StoppedSinceBy.Take(3))
        {
            Row("", $"{Count(stop.Lost, "call")} stopped by {Rule(stop)}");
        }

        foreach (RetestStop stop in Verdict.SetAside.Take(3))
        {
            Row("", $"not counted: {Count(stop.Lost, "call")} stopped by {Rule(stop)}, which stops no greater share than before");
        }

        Row("Elsewhere", answer.Elsewhere.Requests > 0
            ? $"on other endpoints of the host {Count(answer.Elsewhere.Requests, "call")} since, {answer.Elsewhere.Lost:N0} lost" : "");
        Row("Scanners", ScannerText());
        foreach (RetestRay ray in answer.Rays.Take(5))
        {
            Row(ray == answer.Rays[0] ? "Kept" : "", $"{ray.Time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {ray.Outcome} "
                + (ray.Status > 0 ? $"{ray.Status} " : "") + $"ray {ray.Ray}" + (ray.IsEarly ? " (its minute is still open)" : ""));
        }

        foreach (string endpoint in knownEndpoints)
        {
            Row(endpoint == knownEndpoints[0] ? "Known" : "", endpoint);
        }

        WriteCopy(text);
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("state", Key(Verdict.State));
        json.WriteBoolean("decided", Verdict.IsDecided);
        json.WriteString("text", Sentence());
        json.WriteStartObject("client");
        json.WriteString("class", answer.Subject.Client);
        json.WriteString("name", answer.Subject.ClientName);
        json.WriteString("trust", answer.Subject.Trust);
        json.WriteEndObject();
        json.WriteStartObject("endpoint");
        json.WriteString("zone", answer.Subject.Zone);
        json.WriteString("host", answer.Subject.Host);
        json.WriteString("method", answer.Subject.Method);
        json.WriteString("path", answer.Subject.Path);
        json.WriteEndObject();
        json.WriteString("since", Verdict.From);
        json.WriteString("change", change?.Id ?? "");
        WriteTime(json, "newest_minute", answer.NewestMinute);
        WriteCounts(json, "now", Verdict.Since);
        WriteCounts(json, "before", Verdict.Before);
        WriteTime(json, "stopped_since", Verdict.StoppedSince);
        WriteStops(json, "stopped_before_by", Verdict.StoppedBefore is { } before ? [before] : []);
        WriteStops(json, "stopped_now_by", Verdict.StoppedSinceBy);
        WriteStops(json, "not_counted", Verdict.SetAside);
        json.WriteNumber("loss_at_most", Math.Round(Verdict.LossBoundNow, 4));
        json.WriteNumber("loss_at_most_wanted", Math.Round(Verdict.LossBoundWanted, 4));
        json.WriteNumber("confidence", LossBound.Confidence);
        json.WriteNumber("calls_needed", Verdict.CallsNeeded);
        json.WriteNumber("minutes_needed", Verdict.MinutesNeeded);
        WriteTime(json, "last_seen", Verdict.LastSeen);
        WriteTime(json, "last_passed_before", Verdict.LastPassedBefore);
        json.WriteNumber("origin_errors", answer.OriginErrors);
        json.WriteNumber("open_challenges", answer.OpenChallenges);
        json.WriteNumber("elsewhere_requests", answer.Elsewhere.Requests);
        json.WriteNumber("elsewhere_lost", answer.Elsewhere.Lost);
        WriteCounts(json, "scanners", answer.Scanners);
        WriteCounts(json, "scanners_before", answer.ScannersBefore);
        json.WriteBoolean("scanners_pass_more", answer.ScannersPassMore);
        json.WriteStartArray("kept");
        foreach (RetestRay ray in answer.Rays)
        {
            json.WriteStartObject();
            json.WriteString("time", ray.Time);
            json.WriteString("ray", ray.Ray);
            json.WriteString("outcome", ray.Outcome);
            json.WriteNumber("edge_status", ray.Status);
            json.WriteBoolean("early", ray.IsEarly);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("curl", copy?.Command ?? "");
        json.WriteString("curl_ray", copy?.Ray ?? "");
        json.WriteStartArray("curl_cannot_copy");
        foreach (string missing in copy?.Missing ?? [])
        {
            json.WriteStringValue(missing);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteCopy(TextBlock text)
    {
        text.Blank();
        if (copy is null)
        {
            text.Wrap("", "No request of this client is kept there, so there is nothing to copy.");
            return;
        }

        if (copy.Command.Length > 0)
        {
            text.Wrap("", $"A copy of ray {copy.Ray}" + (copy.IsWrite ? "; it is a real request and may change data:" : ":"));
            text.Whole("  ", copy.Command);
        }

        text.Wrap("", "It cannot copy:");
        text.Items(copy.Missing, "  - ");
        text.Wrap("", "So an answer to this curl proves little about the client, whichever it is. Verify from the original client, and look up the cf-ray of its answer:");
        text.Whole("  ", $"cflogstream ray RAYID{storeWords}");
    }

    private string Sentence() => Verdict.State switch
    {
        RetestState.NoData => answer.NewestMinute is { } newest
            ? $"no record of any client has come since, the newest is of {Minute(newest)}. That is the pipeline, not the client: it says nothing about the change."
            : "no record has ever come. That is the pipeline, not the client: it says nothing about the change.",
        RetestState.Silent => SilentText(),
        RetestState.TooLittleData => $"{Count(Verdict.Since.Requests, "call")} since, {Verdict.Since.Lost:N0} lost: {BoundText()}; {Needed(Verdict)}.",
        RetestState.StillStopped => $"{Verdict.Since.Lost:N0} of {Count(Verdict.Since.Requests, "call")} since are lost, to {Rule(Verdict.StoppedSinceBy[0])}"
            + (Verdict.StoppedBefore?.Rule == Verdict.StoppedSinceBy[0].Rule ? ", as before." : "."),
        RetestState.Moved => $"{Rule(Verdict.StoppedBefore!.Value)} is not what stops it now: {Verdict.Since.Lost:N0} of {Count(Verdict.Since.Requests, "call")} "
            + $"since are lost, to {Rule(Verdict.StoppedSinceBy.First(stop => stop.Rule != Verdict.StoppedBefore!.Value.Rule))}.",
        _ => (Verdict.Since.Lost == 0 ? $"{Count(Verdict.Since.Requests, "call")} since, none lost"
            : $"{Verdict.Since.Lost:N0} of {Count(Verdict.Since.Requests, "call")} since lost") + $": {BoundText()}.",
    };

    private string SilentText()
    {
        string last = Verdict.LastSeenBefore is { } seen
            ? $"the client has not called since; its last call was at {Minute(seen)}" + (Verdict.GaveUpStopped ? " and was stopped. It may have given up: that is no fix" : "")
            : $"no such client called this endpoint in the last {RetestReader.Past.TotalHours:0} hours";
        string usual = Verdict.UsuallyEvery is { } every && Verdict.SilenceProbability is { } chance
            ? $". It used to call in one minute of {every.TotalMinutes:0.#}" + (chance < 1e-4 ? ", so it has fallen silent"
                : $", so such a silence has a chance of {ReportPercent(chance)}") : "";
        string open = answer.OpenChallenges > 0 ? $". {Count(answer.OpenChallenges, "challenge")} of browsers are still open" : "";
        return last + usual + open + ". Make the original client call.";
    }

    private string BeforeText()
    {
        if (Verdict.Before.Requests == 0)
        {
            return $"not seen in the {RetestReader.Past.TotalHours:0} hours before";
        }

        string passed = Verdict.LastPassedBefore is { } last ? $"; the last call that passed was at {Minute(last)}" : "; no call passed";
        string lost = Verdict.StoppedBefore is { } stop
            ? $"{Verdict.Before.Lost:N0} of {Count(Verdict.Before.Requests, "call")} lost from {Minute(Verdict.StoppedSince!.Value)} on, to {Rule(stop)}"
            : $"none of {Count(Verdict.Before.Requests, "call")} lost: there was nothing to fix, so this shows no effect of a change";
        return lost + passed;
    }

    private string NowText() => Verdict.Since.Requests == 0 ? "" :
        $"{Verdict.Since.Lost:N0} of {Count(Verdict.Since.Requests, "call")} lost, in {Count(Verdict.Since.CallerMinutes, "caller-minute")}"
        + (Verdict.State is RetestState.StillStopped or RetestState.Moved ? "" : $"; {BoundText()}")
        + (answer.OriginErrors > 0 ? $"; {Count(answer.OriginErrors, "call")} passed and got an error of the origin" : "");

    private string ScannerText() => answer.Scanners is not { Requests: > 0 } now ? ""
        : $"of {Count(now.Requests, "call")} of known scanners on the host since, {now.Lost:N0} were stopped; before, "
            + $"{answer.ScannersBefore.Lost:N0} of {answer.ScannersBefore.Requests:N0}"
            + (answer.ScannersPassMore ? ". More of them get through than before: the change may be too broad" : "");

    private string BoundText() => $"at most {ReportPercent(Verdict.LossBoundNow)} of its calls can still be lost ({LossBound.Confidence * 100:0} % sure)";

    private static string Needed(RetestVerdict verdict) => verdict.CallsNeeded > 0
        ? $"need about {verdict.CallsNeeded:N0} more {(verdict.CallsNeeded == 1 ? "call" : "calls")} without a loss to say at most {ReportPercent(verdict.LossBoundWanted)}"
        : $"need calls in {Count(verdict.MinutesNeeded, "more minute")}: one burst may have been lucky";

    private string Rule(RetestStop stop)
    {
        if (stop.Rule.Control.Length == 0)
        {
            return "no rule that was logged";
        }

        string text = answer.Rules.GetValueOrDefault(stop.Rule, "");
        string id = stop.Rule.Id.Length > 0 ? $" rule {stop.Rule.Id}" : "";
        return $"{ControlNames.Of(stop.Rule.Control)}{(text.Length > 0 ? $" \"{text}\"" : "")} ({stop.Action}{(id.Length > 0 ? "," : "")}{id})";
    }

    private void WriteStops(Utf8JsonWriter json, string name, IReadOnlyList<RetestStop> stops)
    {
        json.WriteStartArray(name);
        foreach (RetestStop stop in stops)
        {
            json.WriteStartObject();
            json.WriteString("zone", stop.Rule.Zone);
            json.WriteString("control", stop.Rule.Control);
            json.WriteString("rule_id", stop.Rule.Id);
            json.WriteString("rule", answer.Rules.GetValueOrDefault(stop.Rule, ""));
            json.WriteString("action", stop.Action);
            json.WriteNumber("lost", stop.Lost);
            json.WriteNumber("caller_minutes", stop.Callers);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, RetestCounts counts)
    {
        json.WriteStartObject(name);
        json.WriteNumber("requests", counts.Requests);
        json.WriteNumber("lost", counts.Lost);
        json.WriteNumber("caller_minutes", counts.CallerMinutes);
        json.WriteNumber("caller_minutes_lost", counts.CallerMinutesLost);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTime? time)
    {
        if (time is { } known)
        {
            json.WriteString(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Key(RetestState state) => state switch
    {
        RetestState.NoData => "no_data",
        RetestState.Silent => "silent",
        RetestState.TooLittleData => "too_little_data",
        RetestState.StillStopped => "still_stopped",
        RetestState.Moved => "moved",
        _ => "fixed",
    };

    private static string Name(RetestState state) => Key(state).Replace('_', ' ');

    private static string Count(long count, string noun) => $"{count.ToString("N0", CultureInfo.InvariantCulture)} {noun}{(count == 1 ? "" : "s")}";

    private static string Minute(DateTime time) => time.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string ReportPercent(double share) => (share * 100).ToString(share < 0.1 ? "0.##" : "0.#", CultureInfo.InvariantCulture) + " %";
}
