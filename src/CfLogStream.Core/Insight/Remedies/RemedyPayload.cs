using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>The JSON bodies of API calls. Values are written by the JSON writer only, never pasted.</summary>
internal static class RemedyPayload
{
    // Expressions are printable ASCII and full of quotes, which the default encoder makes unreadable. Whoever shows a payload escapes it.
    private static readonly JsonWriterOptions s_options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes one document.</summary>
    public static string Write(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, s_options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>A rule of the Ruleset Engine.</summary>
    /// <param name="before">The rule before which it is placed; empty for the first place, null for none.</param>
    public static string Rule(
        string action, string expression, string description, string? before, Action<Utf8JsonWriter>? parameters, Action<Utf8JsonWriter>? more = null) =>
        Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("action", action);
            json.WriteString("expression", expression);
            if (description.Length > 0)
            {
                json.WriteString("description", description);
            }

            json.WriteBoolean("enabled", true);
            if (parameters is not null)
            {
                json.WriteStartObject("action_parameters");
                parameters(json);
                json.WriteEndObject();
            }

            more?.Invoke(json);
            if (before is not null)
            {
                json.WriteStartObject("position");
                json.WriteString("before", before);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });

    /// <summary>An object with one string.</summary>
    public static string One(string name, string value) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString(name, value);
        json.WriteEndObject();
    });

    /// <summary>An array of strings.</summary>
    public static void Array(Utf8JsonWriter json, string name, params ReadOnlySpan<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>Overrides of one rule of a managed ruleset.</summary>
    public static void Override(Utf8JsonWriter json, string rulesetId, string ruleId, Action<Utf8JsonWriter> write)
    {
        json.WriteString("id", rulesetId);
        json.WriteStartObject("overrides");
        json.WriteStartArray("rules");
        json.WriteStartObject();
        json.WriteString("id", ruleId);
        write(json);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>An IP Access rule.</summary>
    public static string Access(string mode, string target, string value, string notes) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("mode", mode);
        json.WriteStartObject("configuration");
        json.WriteString("target", target);
        json.WriteString("value", value);
        json.WriteEndObject();
        json.WriteString("notes", notes);
        json.WriteEndObject();
    });

    /// <summary>Returns text for a description: printable ASCII, at most 300 characters.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (char c in text.Length > 300 ? text[..300] : text)
        {
            plain.Append(c is >= ' ' and <= '~' ? c : '?');
        }

        return plain.ToString();
    }

    /// <summary>What an exemption says of itself.</summary>
    public static string Description(RemedyRequest request, DateTime expires, string what) => Plain(string.Create(
        CultureInfo.InvariantCulture,
        $"{what}; made {RemedyText.Day(request.Now)}, ends {RemedyText.Day(expires)}, owner {(request.Owner.Length > 0 ? request.Owner : "not named")}"));
}
