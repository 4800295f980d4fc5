using System.Globalization;
using CfLogStream.Cli.Terminal;
using CfLogStream.Core.Insight.Controls;
using CfLogStream.Core.Insight.Remedies;
using CfLogStream.Core.Insight.Requests;
using CfLogStream.Core.Traffic.Controls;
using CfLogStream.Server.Insight.Reporting;
using CfLogStream.Server.Insight.Requests;

namespace CfLogStream.Cli.Reports;

/// <summary>Writes what is known of one request on one screen: the verdict first, then why, then what surrounds it.</summary>
internal sealed class RayReport
{
    private const int LabelColumns = 11;
    private const int MostMatches = 8;
    private const int LongestExpression = 400;

    private static readonly Dictionary<string, string> s_scoreNames = new(StringComparer.Ordinal)
    {
        ["bot_score"] = "bot",
        ["waf_score"] = "attack",
        ["waf_sqli_score"] = "SQL injection",
        ["waf_xss_score"] = "XSS",
        ["waf_rce_score"] = "code execution",
    };

    private readonly TextWriter _out;
    private readonly int _columns;
    private readonly RayView _view;

    public RayReport(TextWriter destination, int columns, RayView view)
    {
        _out = destination;
        _columns = Math.Clamp(columns, 60, 140);
        _view = view;
    }

    /// <summary>Writes one request.</summary>
    public void Write(RequestScreen screen, bool isFirst)
    {
        if (!isFirst)
        {
            _out.WriteLine();
            _out.WriteLine(new string('-', _columns));
        }

        string answer = screen.Answer.Text;
        Line(char.ToUpperInvariant(answer[0]) + answer[1..] + ".");
        Line(Ended(screen));
        if (screen.IsEarly)
        {
            Line("It is in no sum of kept requests: its minute is not closed yet, or had more lost requests of this rule than are kept.");
        }

        _out.WriteLine();
        WriteVerdict(screen);
        WriteRequest(screen);
        WriteWorker(screen.Columns);
        WriteMatches(screen);
        Row("Scores", string.Join("; ", screen.Scores.Where(IsShown).Select(score => $"{s_scoreNames[score.Name]} {score.Meaning}")), 3);
        WritePast(screen);
        WriteAround(screen);
        if (_view.All)
        {
            RayColumnsReport.Write(_out, screen.Columns, _columns);
        }
        else
        {
            string ray = screen.Ray.All(char.IsAsciiLetterOrDigit) ? screen.Ray : ShellWord.Quote(TerminalText.Escape(screen.Ray));
            _out.WriteLine($"{"All fields",-LabelColumns}cflogstream ray {ray} --all{_view.StoreWords}");
        }
    }

    // Of the three kinds of attack only what was found matters beside the whole.
    private static bool IsShown(RequestScore score) => score.Name is "bot_score" or "waf_score" || score.Value is <= 50;

    private static string Ended(RequestScreen screen)
    {
        string outcome = screen.Outcome.Replace('_', ' ');
        outcome = (outcome.Length > 0 ? char.ToUpperInvariant(outcome[0]) + outcome[1..] : "No outcome")
            + (screen.Lost ? ", lost" : MatchOrder.IsStopped(screen.Outcome) ? ", not lost: a browser can solve it" : "");
        MatchedControl? ended = screen.Matches.FirstOrDefault(static match => match.EndedRequest);
        return ended is not null ? $"{outcome}: {Named(ended)} ended it ({ended.Action})."
            : MatchOrder.IsStopped(screen.Outcome) ? $"{outcome}: the log does not say by which rule."
            : screen.Matches.Count == 0 ? $"{outcome}: no control matched."
            : $"{outcome}: none of the rules that matched ended it.";
    }

    private static string Named(MatchedControl match)
    {
        string control = match.Control.Length == 0 ? "a control that is not logged" : ControlNames.Of(match.Control);
        return match.Description.Length > 0 ? $"{control} \"{match.Description}\"" : $"{control} {match.RuleId}";
    }

    private static string Time(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Count(double number) => number.ToString(number < 10 && number % 1 != 0 ? "0.#" : "N0", CultureInfo.InvariantCulture);

    private void WriteVerdict(RequestScreen screen)
    {
        if (screen.Verdict is not { } verdict)
        {
            Row("Verdict", screen is { Lost: true, IsEarly: true } ? "none yet: nothing is counted of its minute" : "", 1);
            return;
        }

        string client = ClientName(screen);
        string likely = FindingWording.Likely(verdict.Legitimacy.Probability);
        Row(
            "Verdict",
            verdict.IsMisjudged
                ? $"wrongly stopped, as it looks: {client} is {likely}; on this endpoint {FindingWording.Loss(verdict.Finding.Loss, "lost")}; {FindingWording.BriefSince(verdict.Finding)}"
                : verdict.Legitimacy.Probability >= 0.5
                    ? $"too little of {client} on APIs was stopped to call it an incident; it is {likely}"
                    : $"rightly stopped, as it looks: {client} is {likely}",
            3);
        Row("Owner", verdict.Owner is { } owner ? FindingWording.Owner(owner) : "nobody known (docs/owners.md)", 2);
        if (verdict.IsMisjudged)
        {
            WriteRemedy(verdict.Finding.Remedies, screen.Endpoint.Host);
        }
    }

    private void WriteRemedy(IReadOnlyList<Remedy> remedies, string host)
    {
        if (remedies.Count == 0)
        {
            return;
        }

        Row("To change", remedies[0].Summary, 3);
        if (remedies[0].Expression.Length > LongestExpression)
        {
            Row("", $"The expression has {remedies[0].Expression.Length} characters.", 1);
        }
        else if (remedies[0].Expression.Length > 0)
        {
            // Whole, because it is there to be copied.
            _out.WriteLine($"{"",-LabelColumns} {TerminalText.Escape(remedies[0].Expression)}");
        }

        string place = host.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-') ? host : ShellWord.Quote(TerminalText.Escape(host));
        Row("", "why it is safe, the API call, what else would do:", 2);
        _out.WriteLine($"{"",-LabelColumns} cflogstream diagnose --host {place}{_view.StoreWords}");
    }

    private static string ClientName(RequestScreen screen) =>
        screen.Client.Name.Length > 0 ? $"{screen.Client.Class}/{screen.Client.Name}" : screen.Client.Class;

    private void WriteRequest(RequestScreen screen)
    {
        RequestColumns columns = screen.Columns;
        string local = _view.Zone.BaseUtcOffset == TimeSpan.Zero && !_view.Zone.SupportsDaylightSavingTime
            ? ""
            : $" ({TimeZoneInfo.ConvertTimeFromUtc(screen.Time, _view.Zone):HH:mm:ss} {_view.Zone.Id})";
        Row("Ray", $"{screen.Ray} at {screen.Time.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)} UTC{local}, known from {screen.Sources}", 2);
        string query = columns.Text("query") is { Length: > 0 } text ? "?" + text : "";
        string scheme = columns.Text("scheme") is { Length: > 0 } given ? given + "://" : "";
        Row("Request", $"{screen.Endpoint.Method} {scheme}{screen.Endpoint.Host}{columns.Text("path")}{query}", 2);
        string preflight = columns.Flag("preflight") ? ", a CORS preflight" : "";
        Row("Endpoint", $"{screen.Endpoint.Path}, {screen.Endpoint.Surface} surface, zone {screen.Endpoint.Zone}{preflight}", 1);
        string[] from =
        [
            columns.Text("client_ip"), columns.Number("asn") > 0 ? $"AS{columns.Number("asn")} {columns.Text("client_asn_description")}".TrimEnd() : "",
            columns.Text("country"), columns.Text("colo") is { Length: > 0 } colo ? $"colo {colo}" : "",
        ];
        Row("Client", $"{ClientName(screen)}, {screen.Client.Trust}; {string.Join(", ", from.Where(static part => part.Length > 0))}", 2);
        Row("", columns.Text("user_agent") is { Length: > 0 } agent ? $"user agent {agent}" : "no user agent", 2);
        Row("Why", string.Join("; ", screen.ClientReasons), 4);
    }

    private void WriteWorker(RequestColumns columns)
    {
        string[] parts =
        [
            columns.Text("worker_script") is { Length: > 0 } script ? $"Worker '{script}' {columns.Text("worker_status")}".TrimEnd() : "",
            columns.Number("subrequests") > 0 ? $"{columns.Number("subrequests")} subrequests" : "",
            columns.Text("parent_ray") is { Length: > 0 } parent && parent.Trim('0').Length > 0 ? $"a subrequest of ray {parent}" : "",
        ];
        Row("Worker", string.Join(", ", parts.Where(static part => part.Length > 0)), 1);
    }

    private void WriteMatches(RequestScreen screen)
    {
        if (screen.Matches.Count == 0)
        {
            Row("Rules", "none matched", 1);
            return;
        }

        Row(
            "Rules",
            (screen.IsOrderLogged ? "in the order of evaluation" : "in the order of Cloudflare's phases, for the log has no match index")
                + (screen.Matches.Any(static match => match.EndedRequest) ? "; => ended the request:" : ":"),
            1);
        int number = 0;
        int hidden = screen.Matches.Count - MostMatches;
        foreach (MatchedControl match in screen.Matches)
        {
            number++;

            // The last ones matter most: the one that ended it is among them.
            if (number <= hidden && !_view.All)
            {
                continue;
            }

            string reference = match.Reference.Length > 0 && match.Reference != match.RuleId ? $", ref {match.Reference}" : "";
            string originator = match.OriginatorRay.Length > 0 ? $", challenge issued by ray {match.OriginatorRay}" : "";
            string action = match.Action.Length > 0 ? match.Action : "no action";
            string id = match.RuleId.Length > 0 && match.Description.Length > 0 ? $" (rule {match.RuleId})" : "";
            Line($"  {(match.EndedRequest ? "=>" : "  ")}{number,2} {action}: {Named(match)}{id}{reference}{originator}");
        }

        if (hidden > 0 && !_view.All)
        {
            Row("", $"and {hidden} before them: --all", 1);
        }

        Row("Not run", Controls(screen, LaterRelation.SamePhase, "the rest of ") + Controls(screen, LaterRelation.Later, ""), 2);
        Row("Unsure", Controls(screen, LaterRelation.OrderUnknown, "order not documented, may or may not have run: "), 2);
    }

    private static string Controls(RequestScreen screen, LaterRelation relation, string lead)
    {
        string[] names =
        [
            .. screen.NotEvaluated.Where(later => later.Relation == relation)
                .Select(static later => later.Facts.Name.Replace(" (address)", "", StringComparison.Ordinal)
                    .Replace(" (range)", "", StringComparison.Ordinal).Replace(" (ASN)", "", StringComparison.Ordinal).Replace(" (country)", "", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal),
        ];
        string end = relation == LaterRelation.SamePhase ? "; " : "";
        return names.Length == 0 ? "" : lead + string.Join(", ", names) + end;
    }

    private void WritePast(RequestScreen screen)
    {
        if (screen.Client.Class == "cf_internal")
        {
            return;
        }

        int days = (int)Math.Round((screen.Time - (screen.OnHost ?? screen.OnEndpoint)?.From ?? TimeSpan.FromDays(7)).TotalDays);
        Row("On host", screen.OnHost is { } host ? Past(host, days) : "this caller was not counted: only API surfaces are, hour by hour", 2);
        Row("On endpoint", screen.OnEndpoint is { } endpoint
            ? Past(endpoint, days) + $" (estimated from {endpoint.Kept} kept requests)"
            : "no other request of this caller is kept (a sample of passed ones is)", 2);
    }

    private static string Past(CallerPast past, int days)
    {
        string before = past.Before <= 0 && past.LastGood is null
            ? $"not seen in the {days} days before"
            : $"in the {days} days before {Count(past.GoodBefore)} of {Count(past.Before)} requests were good, {Count(past.LostBefore)} lost";
        string last = past.LastGood is { } good ? $"; last good {Time(good)}" : "; none good";
        string first = past.FirstLost is { } lost ? $"; first lost {Time(lost)}" : "";
        string after = past.GoodAfter > 0 || past.NextGood is not null
            ? $"; good again after it{(past.NextGood is { } next ? $": {Time(next)}" : "")}"
            : past.Kept > 0 ? "; no good one kept since" : "; none good since";
        return before + last + first + after;
    }

    private void WriteAround(RequestScreen screen)
    {
        if (screen.Minute is { } minute)
        {
            Row(
                "Its minute",
                $"{minute.Window.ToString("HH:mm", CultureInfo.InvariantCulture)}: {ClientName(screen)} ({screen.Client.Trust}) made {Count(minute.Requests)} requests on this host, {Count(minute.Lost)} lost, "
                + $"by {(minute.Callers == 1 ? "1 caller" : $"about {Count(minute.Callers)} callers")}; {Count(minute.RequestsOnEndpoint)} on this endpoint, {Count(minute.LostOnEndpoint)} lost",
                2);
        }

        if (screen.Neighbours.Count == 0)
        {
            Row("Around it", "no other kept request of this caller within 2 minutes", 1);
            return;
        }

        Row("Around it", "kept requests of this caller within 2 minutes:", 1);
        foreach (Neighbour one in screen.Neighbours)
        {
            string status = one.EdgeStatus > 0 ? one.EdgeStatus.ToString(CultureInfo.InvariantCulture) : "-";
            Line($"   {one.Time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {one.Ray} {status,3} {one.Outcome,-11} {one.Method} {one.Host}{one.Path}");
        }
    }

    private void Line(string text) => _out.WriteLine(TerminalText.Cut(text, _columns));

    private void Row(string label, string text, int maxLines)
    {
        if (text.Length == 0)
        {
            return;
        }

        foreach (string line in TextWrap.Lines(text.TrimEnd(' ', ';'), _columns - LabelColumns - 1, maxLines))
        {
            _out.WriteLine($"{label.PadRight(LabelColumns)} {line}");
            label = "";
        }
    }
}
