using System.Collections;
using System.Globalization;
using System.Text.Json;
using CfLogStream.Core.Insight.Controls;
using CfLogStream.Core.Insight.Requests;
using CfLogStream.Core.Traffic.Controls;
using CfLogStream.Server.Insight.Reporting;
using CfLogStream.Server.Insight.Requests;

namespace CfLogStream.Cli.Reports;

/// <summary>Writes what is known of a ray as JSON: the facts of the screen under stable names, and every column.</summary>
internal static class RayJson
{
    public static void Write(string ray, IReadOnlyList<RequestScreen> screens, IReadOnlyList<AbsenceCheck> absence, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("ray", ray);
        json.WriteBoolean("found", screens.Count > 0);
        json.WriteStartArray("requests");
        foreach (RequestScreen screen in screens)
        {
            Write(screen, json);
        }

        json.WriteEndArray();
        json.WriteStartArray("absence");
        foreach (AbsenceCheck check in absence)
        {
            json.WriteStartObject();
            json.WriteString("name", check.Name);
            json.WriteString("finding", check.Finding switch
            {
                AbsenceFinding.Trace => "trace",
                AbsenceFinding.Possible => "possible",
                AbsenceFinding.Excluded => "excluded",
                _ => "not_checkable",
            });
            json.WriteString("text", check.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(RequestScreen screen, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("ray", screen.Ray);
        Write(json, "time", screen.Time);
        json.WriteString("answered_by", screen.Answer.By switch
        {
            AnsweredBy.Edge => "edge",
            AnsweredBy.Origin => "origin",
            _ => "unknown",
        });
        if (screen.Answer.OriginAsked is { } asked)
        {
            json.WriteBoolean("origin_asked", asked);
        }
        else
        {
            json.WriteNull("origin_asked");
        }

        json.WriteString("verdict", screen.Answer.Text);
        json.WriteString("outcome", screen.Outcome);
        json.WriteBoolean("lost", screen.Lost);
        json.WriteBoolean("early", screen.IsEarly);
        json.WriteBoolean("order_logged", screen.IsOrderLogged);
        WriteMatches(screen, json);
        json.WriteStartArray("scores");
        foreach (RequestScore score in screen.Scores)
        {
            json.WriteStartObject();
            json.WriteString("name", score.Name);
            if (score.Value is { } value)
            {
                json.WriteNumber("value", value);
            }
            else
            {
                json.WriteNull("value");
            }

            json.WriteString("meaning", score.Meaning);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("client");
        json.WriteString("class", screen.Client.Class);
        json.WriteString("name", screen.Client.Name);
        json.WriteString("trust", screen.Client.Trust);
        json.WriteStartArray("reasons");
        foreach (string reason in screen.ClientReasons)
        {
            json.WriteStringValue(reason);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        WriteJudgement(screen.Verdict, json);
        WritePast("caller_on_host", screen.OnHost, json);
        WritePast("caller_on_endpoint", screen.OnEndpoint, json);
        WriteMinute(screen.Minute, json);
        WriteNeighbours(screen, json);
        json.WriteStartObject("columns");
        foreach ((string name, object? value) in screen.Columns.All)
        {
            json.WritePropertyName(name);
            WriteValue(json, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteJudgement(RequestVerdict? verdict, Utf8JsonWriter json)
    {
        if (verdict is null)
        {
            json.WriteNull("judgement");
            return;
        }

        json.WriteStartObject("judgement");
        DiagnosisJson.Write(verdict.Finding, verdict.Legitimacy, verdict.Owner, json);
        json.WriteEndObject();
    }

    private static void WriteMatches(RequestScreen screen, Utf8JsonWriter json)
    {
        json.WriteStartArray("matches");
        foreach (MatchedControl match in screen.Matches)
        {
            json.WriteStartObject();
            json.WriteString("control", match.Control);
            json.WriteString("control_name", ControlNames.Of(match.Control));
            json.WriteString("action", match.Action);
            json.WriteString("rule_id", match.RuleId);
            json.WriteString("rule_ref", match.Reference);
            json.WriteString("rule", match.Description);
            json.WriteNumber("match_index", match.Index);
            json.WriteString("originator_ray", match.OriginatorRay);
            json.WriteBoolean("ended_request", match.EndedRequest);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("not_evaluated");
        foreach (LaterControl later in screen.NotEvaluated)
        {
            json.WriteStartObject();
            json.WriteString("control", later.Facts.Control);
            json.WriteString("control_name", later.Facts.Name);
            json.WriteString("phase", later.Facts.Phase);
            json.WriteString("relation", later.Relation switch
            {
                LaterRelation.SamePhase => "same_phase",
                LaterRelation.Later => "later",
                _ => "order_unknown",
            });
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePast(string name, CallerPast? past, Utf8JsonWriter json)
    {
        if (past is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        Write(json, "from", past.From);
        json.WriteNumber("requests_before", past.Before);
        json.WriteNumber("good_before", past.GoodBefore);
        json.WriteNumber("lost_before", past.LostBefore);
        Write(json, "last_good", past.LastGood);
        Write(json, "first_lost", past.FirstLost);
        json.WriteNumber("good_after", past.GoodAfter);
        Write(json, "next_good", past.NextGood);
        json.WriteNumber("kept", past.Kept);
        json.WriteEndObject();
    }

    private static void WriteMinute(MinuteTraffic? minute, Utf8JsonWriter json)
    {
        if (minute is null)
        {
            json.WriteNull("minute");
            return;
        }

        json.WriteStartObject("minute");
        Write(json, "window", minute.Window);
        json.WriteNumber("requests", minute.Requests);
        json.WriteNumber("lost", minute.Lost);
        json.WriteNumber("callers", minute.Callers);
        json.WriteNumber("requests_on_endpoint", minute.RequestsOnEndpoint);
        json.WriteNumber("lost_on_endpoint", minute.LostOnEndpoint);
        json.WriteEndObject();
    }

    private static void WriteNeighbours(RequestScreen screen, Utf8JsonWriter json)
    {
        json.WriteStartArray("neighbours");
        foreach (Neighbour one in screen.Neighbours)
        {
            json.WriteStartObject();
            Write(json, "time", one.Time);
            json.WriteString("ray", one.Ray);
            json.WriteString("method", one.Method);
            json.WriteString("host", one.Host);
            json.WriteString("path", one.Path);
            json.WriteString("outcome", one.Outcome);
            json.WriteNumber("edge_status", one.EdgeStatus);
            json.WriteNumber("origin_status", one.OriginStatus);
            json.WriteNumber("weight", one.Weight);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, DateTime? utc)
    {
        if (utc is { } time)
        {
            json.WriteString(name, time.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case byte or ushort or uint or sbyte or short or int or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case double or float:
                json.WriteNumberValue(Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            case IDictionary map:
                json.WriteStartObject();
                foreach (DictionaryEntry entry in map)
                {
                    json.WriteString(RequestColumns.Show(entry.Key), RequestColumns.Show(entry.Value));
                }

                json.WriteEndObject();
                break;
            case IEnumerable items and not string:
                json.WriteStartArray();
                foreach (object? item in items)
                {
                    WriteValue(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(RequestColumns.Show(value));
                break;
        }
    }
}
