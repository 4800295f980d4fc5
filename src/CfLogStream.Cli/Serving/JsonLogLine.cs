using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CfLogStream.Cli.Serving;

/// <summary>A message of a service's log as one line of JSON. The encoder escapes control characters, quotes and everything outside ASCII, so
/// nothing in a message makes a second line.</summary>
internal static class JsonLogLine
{
    /// <summary>What the logger adds to the values: the text that they were put into.</summary>
    private const string Template = "{OriginalFormat}";

    /// <summary>Returns the line without its end.</summary>
    /// <param name="values">The message's values by name; numbers and truth values stay what they are.</param>
    public static string Of(
        string time, string level, string component, int id, string message, IEnumerable<KeyValuePair<string, object?>>? values, Exception? exception)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("time", time);
            json.WriteString("level", level);
            json.WriteString("component", component);
            json.WriteNumber("id", id);
            json.WriteString("message", message);
            KeyValuePair<string, object?>[] named = [.. (values ?? []).Where(static value => value.Key != Template)];
            if (named.Length > 0)
            {
                json.WriteStartObject("values");
                foreach ((string name, object? value) in named)
                {
                    Write(json, name, value);
                }

                json.WriteEndObject();
            }

            if (exception is not null)
            {
                json.WriteString("exception", exception.ToString());
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case bool truth:
                json.WriteBoolean(name, truth);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                json.WriteNumber(name, number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, number);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
