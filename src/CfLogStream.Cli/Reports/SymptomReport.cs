using System.Globalization;
using System.Text.Json;
using CfLogStream.Cli.Terminal;
using CfLogStream.Core.Insight.Controls;
using CfLogStream.Core.Insight.Symptoms;
using CfLogStream.Core.Traffic.Controls;
using CfLogStream.Server.Insight.Symptoms;

namespace CfLogStream.Cli.Reports;

/// <summary>Writes what a symptom means, and the rows that show it.</summary>
internal sealed class SymptomReport
{
    private readonly TextWriter _out;
    private readonly int _columns;

    public SymptomReport(TextWriter destination, int columns)
    {
        _out = destination;
        _columns = Math.Clamp(columns, 60, 200);
    }

    /// <summary>Writes it for people.</summary>
    /// <param name="evidence">Null when the data was not asked or is empty.</param>
    public void Write(Symptom symptom, SymptomEvidence? evidence)
    {
        _out.WriteLine(symptom.Title);
        _out.WriteLine();
        WriteWrapped(symptom.Meaning, "  ");
        if (symptom.Controls.Count > 0)
        {
            _out.WriteLine();
            _out.WriteLine("Control");
            foreach (ControlFacts facts in symptom.Controls.Select(ControlCatalog.Of))
            {
                WriteWrapped($"{facts.Name} ({facts.Control}): {facts.Place}", "  ");
            }
        }

        WriteList("To confirm it", symptom.Confirm);
        WriteList("What to do", symptom.Next);
        if (evidence is not null)
        {
            WriteEvidence(symptom, evidence);
        }
        else
        {
            _out.WriteLine();
            WriteWrapped($"With --host or --since the rows that show it follow: cflogstream explain {symptom.Id} --since 2h", "");
        }
    }

    /// <summary>Writes it for machines.</summary>
    public static void WriteJson(Symptom symptom, SymptomEvidence? evidence, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("symptom", symptom.Id);
        json.WriteString("title", symptom.Title);
        json.WriteString("meaning", symptom.Meaning);
        WriteTexts(json, "controls", symptom.Controls);
        WriteTexts(json, "confirm", symptom.Confirm);
        WriteTexts(json, "next", symptom.Next);
        if (evidence is not null)
        {
            json.WriteString("from", evidence.From);
            json.WriteString("to", evidence.To);
            json.WriteStartArray("stops");
            foreach (SymptomStop stop in evidence.Stops)
            {
                WriteStop(json, stop);
            }

            json.WriteEndArray();
            json.WriteStartArray("requests");
            foreach (SymptomRequest request in evidence.Requests)
            {
                WriteRequest(json, request);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>Writes that a symptom is not known, and which are.</summary>
    public static void WriteKnownJson(IReadOnlyList<Symptom> known, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNull("symptom");
        json.WriteStartArray("known");
        foreach (Symptom symptom in known)
        {
            json.WriteStartObject();
            json.WriteString("symptom", symptom.Id);
            json.WriteString("title", symptom.Title);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteStop(Utf8JsonWriter json, SymptomStop stop)
    {
        json.WriteStartObject();
        json.WriteString("zone", stop.Zone);
        json.WriteString("host", stop.Host);
        json.WriteString("method", stop.Method);
        json.WriteString("path", stop.Path);
        json.WriteString("client_class", stop.ClientClass);
        json.WriteString("control", stop.Control);
        json.WriteString("rule_id", stop.RuleId);
        json.WriteString("rule", stop.Rule);
        json.WriteString("action", stop.Action);
        json.WriteNumber("count", stop.Count);
        json.WriteNumber("lost", stop.Lost);
        json.WriteNumber("callers", stop.Callers);
        json.WriteString("first_seen", stop.First);
        json.WriteString("last_seen", stop.Last);
        WriteTexts(json, "rays", stop.Rays);
        json.WriteEndObject();
    }

    private static void WriteRequest(Utf8JsonWriter json, SymptomRequest request)
    {
        json.WriteStartObject();
        json.WriteString("zone", request.Zone);
        json.WriteString("host", request.Host);
        json.WriteString("method", request.Method);
        json.WriteString("path", request.Path);
        json.WriteString("client_class", request.ClientClass);
        json.WriteNumber("status", request.Status);
        json.WriteString("answered_by", request.AnsweredBy);
        json.WriteString("control", request.Control);
        json.WriteString("rule_id", request.RuleId);
        json.WriteNumber("requests", Math.Round(request.Requests));
        json.WriteString("last_seen", request.Last);
        WriteTexts(json, "rays", request.Rays);
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

    private void WriteEvidence(Symptom symptom, SymptomEvidence evidence)
    {
        string span = string.Create(
            CultureInfo.InvariantCulture, $"{evidence.From:yyyy-MM-dd HH:mm} to {evidence.To:yyyy-MM-dd HH:mm} UTC");
        if (symptom.Rows.Stops)
        {
            _out.WriteLine();
            _out.WriteLine($"What controls did, {span}");
            foreach (SymptomStop stop in evidence.Stops)
            {
                string rule = stop.Rule.Length > 0 ? $"\"{stop.Rule}\" ({stop.RuleId})" : stop.RuleId;
                WriteLine($"  {stop.Count} times {stop.Action} by {ControlNames.Of(stop.Control)} {rule}");
                WriteLine(
                    $"    {stop.Method} {stop.Host}{stop.Path} for {stop.ClientClass}, {stop.Lost} lost, {stop.Callers} callers, last {stop.Last.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)}");
                WriteRays(stop.Rays);
            }

            WriteNone(evidence.Stops.Count);
        }

        if (symptom.Rows.Requests)
        {
            _out.WriteLine();
            _out.WriteLine($"What clients got, {span}");
            foreach (SymptomRequest request in evidence.Requests)
            {
                string by = request.Control.Length > 0
                    ? $"by the edge: {ControlNames.Of(request.Control)} {request.RuleId}"
                    : request.AnsweredBy switch
                    {
                        "origin" => "by the origin, no control",
                        "edge" => "by the edge, no control",
                        _ => "no control; the origin's status is not logged",
                    };
                WriteLine(
                    $"  {request.Requests.ToString("0", CultureInfo.InvariantCulture)} times {request.Status} {by}");
                WriteLine(
                    $"    {request.Method} {request.Host}{request.Path} for {request.ClientClass}, last {request.Last.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)}");
                WriteRays(request.Rays);
            }

            WriteNone(evidence.Requests.Count);
        }
    }

    private void WriteRays(IReadOnlyList<string> rays)
    {
        // It is a command to be pasted into a shell: only what is a RayID for certain.
        if (rays.FirstOrDefault(static ray => ray.Length == 16 && ray.All(char.IsAsciiHexDigitLower)) is { } example)
        {
            WriteLine($"    cflogstream ray {example}");
        }
    }

    private void WriteNone(int rows)
    {
        if (rows == 0)
        {
            _out.WriteLine("  None. That speaks against it, unless the job filters, or samples, or the span is a different one.");
        }
    }

    private void WriteList(string title, IReadOnlyList<string> texts)
    {
        _out.WriteLine();
        _out.WriteLine(title);
        foreach (string text in texts)
        {
            WriteWrapped(text, "  - ");
        }
    }

    private void WriteLine(string text) => _out.WriteLine(TerminalText.Cut(text, _columns));

    /// <summary>Writes own text in lines of the terminal's width.</summary>
    private void WriteWrapped(string text, string indent)
    {
        string line = indent;
        string next = new(' ', indent.Length);
        foreach (string word in text.Split(' '))
        {
            if (line.Length + word.Length + 1 > _columns && line.Trim().Length > 1)
            {
                _out.WriteLine(line.TrimEnd());
                line = next;
            }

            line += word + " ";
        }

        _out.WriteLine(line.TrimEnd());
    }
}
