using System.Globalization;
using System.Text.Json;
using CfLogStream.Cli.Terminal;
using CfLogStream.Server.Insight.Requests;

namespace CfLogStream.Cli.Reports;

/// <summary>Writes requests that were looked for, the newest first, and what to ask next.</summary>
internal sealed class FindReport
{
    private readonly FindFilter _filter;
    private readonly TimeZoneInfo _zone;
    private readonly int _sampleOneOf;
    private readonly string _storeWords;

    /// <param name="storeWords">The words by which the next command finds the same store.</param>
    public FindReport(FindFilter filter, TimeZoneInfo zone, int sampleOneOf, string storeWords)
    {
        _filter = filter;
        _zone = zone;
        _sampleOneOf = sampleOneOf;
        _storeWords = storeWords;
    }

    /// <summary>Writes a table to stdout, and to stderr what it does not say.</summary>
    public void Write(TextWriter stdout, TextWriter stderr, int columns, IReadOnlyList<FoundRequest> found, bool isCut)
    {
        if (found.Count == 0)
        {
            stderr.WriteLine($"No kept request passes the filter between {Local(_filter.From)} and {Local(_filter.Until)} ({Zone}).");
            stderr.WriteLine(Sampled);
            return;
        }

        // What is left beside time, ray, status and outcome is shared: a wide terminal shows more of each.
        const int Fixed = 14 + 2 + 16 + 2 + 7 + 2 + 11 + 2;
        int left = Math.Clamp(columns, 100, 240) - Fixed - 4;
        int control = Math.Clamp(found.Max(static one => Stopped(one).Length), 7, left * 3 / 10);
        int client = Math.Clamp(found.Max(static one => Client(one).Length), 6, left * 26 / 100);
        bool oneHost = found.All(one => one.Host == found[0].Host);
        string request = oneHost ? $"request on {found[0].Host}" : "request";
        stdout.WriteLine(
            $"{"time",-14}  {"ray",-16}  {"status",-7}  {"outcome",-11}  {Fit("control", control)}  {Fit("client", client)}  "
            + TerminalText.Cut(request, left - control - client));
        foreach (FoundRequest one in found)
        {
            string outcome = one.IsEarly ? one.Outcome + "*" : one.Outcome;
            string target = oneHost ? $"{one.Method} {one.Path}" : $"{one.Method} {one.Host}{one.Path}";
            string time = TimeZoneInfo.ConvertTimeFromUtc(one.Time, _zone).ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            stdout.WriteLine(
                $"{time}  {Fit(one.Ray, 16)}  {Status(one),-7}  {Fit(outcome, 11)}  {Fit(Stopped(one), control)}  {Fit(Client(one), client)}  "
                + TerminalText.Cut(target, left - control - client));
        }

        stdout.Flush();
        stderr.WriteLine();
        string span = $"between {Local(_filter.From)} and {Local(_filter.Until)} ({Zone})";
        stderr.WriteLine(isCut
            ? $"The newest {found.Count} kept requests {span}; there are more: narrow the filter, or raise --limit."
            : $"{found.Count} kept request{(found.Count == 1 ? "" : "s")} {span}.");
        stderr.WriteLine(Sampled);
        if (found.Any(static one => one.IsEarly))
        {
            stderr.WriteLine("* of a minute that is not closed yet, or past its limit of kept requests: in no sum of kept requests.");
        }

        if (Next(found) is { } next)
        {
            stderr.WriteLine($"Next: {next}");
        }
    }

    /// <summary>Writes the same as JSON, with all texts as they are.</summary>
    public void WriteJson(Utf8JsonWriter json, IReadOnlyList<FoundRequest> found, bool isCut)
    {
        json.WriteStartObject();
        json.WriteString("from", Iso(_filter.From));
        json.WriteString("until", Iso(_filter.Until));
        json.WriteNumber("limit", _filter.Limit);
        json.WriteBoolean("cut", isCut);
        json.WriteNumber("sample_one_of", _sampleOneOf);
        if (Next(found) is { } next)
        {
            json.WriteString("next", next);
        }

        json.WriteStartArray("requests");
        foreach (FoundRequest one in found)
        {
            json.WriteStartObject();
            json.WriteString("time", Iso(one.Time));
            json.WriteString("ray", one.Ray);
            json.WriteString("method", one.Method);
            json.WriteString("host", one.Host);
            json.WriteString("path", one.Path);
            json.WriteNumber("edge_status", one.EdgeStatus);
            if (one.OriginStatus is { } origin)
            {
                json.WriteNumber("origin_status", origin);
            }
            else
            {
                json.WriteNull("origin_status");
            }

            json.WriteString("outcome", one.Outcome);
            json.WriteBoolean("lost", one.Lost);
            json.WriteString("control", one.Control);
            json.WriteString("action", one.Action);
            json.WriteString("rule_id", one.RuleId);
            json.WriteString("rule", one.RuleDescription);
            json.WriteString("client_class", one.ClientClass);
            json.WriteString("client_name", one.ClientName);
            json.WriteString("trust", one.Trust);
            json.WriteString("client_ip", one.Address);
            json.WriteString("user_agent", one.UserAgent);
            json.WriteNumber("weight", one.Weight);
            json.WriteBoolean("early", one.IsEarly);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private string Zone => TerminalText.Escape(_zone.Id);

    private string Sampled => _sampleOneOf switch
    {
        1 => "All requests are kept, but lost ones past the limit per minute, host and rule.",
        0 => "Passed requests are not kept (correlation.sample_one_of is 0); of lost ones past the limit per minute, host and rule only a sample.",
        _ => $"Of passed requests one in {_sampleOneOf} is kept, and past the limit per minute, host and rule only a sample of the lost ones.",
    };

    private static string Fit(string text, int columns) => TerminalText.Fit(text, columns);

    private static string Client(FoundRequest one) =>
        TerminalText.Escape(one.ClientName.Length > 0 ? $"{one.ClientClass}/{one.ClientName}" : one.ClientClass);

    private static string Stopped(FoundRequest one) => one.Control.Length + one.RuleId.Length == 0
        ? ""
        : TerminalText.Escape(one.RuleDescription.Length > 0 ? $"\"{one.RuleDescription}\" {one.Control}" : $"{one.Control} {one.RuleId}");

    private static string Status(FoundRequest one)
    {
        string origin = one.OriginStatus switch
        {
            null => "?",
            0 => "-",
            { } status => status.ToString(CultureInfo.InvariantCulture),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{(one.EdgeStatus > 0 ? one.EdgeStatus : "-")}/{origin}");
    }

    private static string Iso(DateTime utc) => utc.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    private string Local(DateTime utc) =>
        TimeZoneInfo.ConvertTimeFromUtc(utc, _zone).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>The command for the newest ray that can be put into one; what else a log has in that field never gets into a shell.</summary>
    private string? Next(IReadOnlyList<FoundRequest> found)
    {
        FoundRequest? one = found.FirstOrDefault(static one => one.Ray.Length > 0 && one.Ray.All(char.IsAsciiLetterOrDigit));
        return one is null ? null : $"cflogstream ray {one.Ray}{_storeWords}";
    }
}
