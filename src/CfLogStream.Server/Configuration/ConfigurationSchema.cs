using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CfLogStream.Server.Insight.Ownership;

namespace CfLogStream.Server.Configuration;

/// <summary>Writes <c>schemas/cflogstream.schema.json</c>, the JSON Schema (draft 7, for editors) of the configuration.</summary>
public static class ConfigurationSchema
{
    // The text is our own and read by people: quotes and angle brackets need no escapes.
    private static readonly JsonSerializerOptions s_format = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Returns the whole schema, ending in a line feed.</summary>
    public static string Write() => Write(typeof(CfLogStreamOptions), "CfLogStream configuration");

    /// <summary>Returns the schema of <c>owners.yaml</c>.</summary>
    public static string WriteOwners() => Write(typeof(OwnersDocument), "CfLogStream owners");

    private static string Write(Type type, string title)
    {
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = title,
            ["description"] = Plain(OptionText.OfType(type)),
        };
        Fill(schema, OptionShape.Of(type), mayBeEmpty: true);
        return schema.ToJsonString(s_format) + "\n";
    }

    private static void Fill(JsonObject schema, OptionShape shape, bool mayBeEmpty)
    {
        schema["type"] = mayBeEmpty ? new JsonArray("object", "null") : "object";
        schema["additionalProperties"] = false;
        JsonNode?[] required = [.. shape.Keys.Where(key => key.Default is null).Select(key => (JsonNode?)key.Name)];
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray(required);
        }

        var properties = new JsonObject();
        foreach (OptionKey key in shape.Keys)
        {
            properties[key.Name] = Property(key);
        }

        schema["properties"] = properties;
    }

    private static JsonObject Property(OptionKey key)
    {
        var property = new JsonObject { ["description"] = Plain(OptionText.OfKey(key)) };
        if (!key.IsList)
        {
            Value(property, key);
            if (key.Kind != OptionKind.Section && key.Default is not null)
            {
                property["default"] = DefaultOf(key);
            }

            return property;
        }

        var items = new JsonObject();
        Value(items, key);
        property["type"] = new JsonArray("array", "null");
        property["items"] = items;
        if (key.Rule.MaxItems > 0)
        {
            property["maxItems"] = key.Rule.MaxItems;
        }

        return property;
    }

    private static void Value(JsonObject schema, OptionKey key)
    {
        switch (key.Kind)
        {
            case OptionKind.Section:
                schema["description"] ??= Plain(OptionText.OfType(key.ValueType));
                Fill(schema, key.Shape, mayBeEmpty: !key.IsList);
                break;
            case OptionKind.Number or OptionKind.Seconds:
                schema["type"] = "integer";
                if (key.Rule.HasRange)
                {
                    schema["minimum"] = key.Rule.Range.Minimum;
                    schema["maximum"] = key.Rule.Range.Maximum;
                }

                break;
            case OptionKind.YesNo:
                schema["type"] = "boolean";
                break;
            case OptionKind.Word:
                schema["enum"] = new JsonArray([.. key.Words.Select(word => (JsonNode?)word)]);
                break;
            default:
                schema["type"] = "string";
                if (key.Rule.Pattern is { } pattern)
                {
                    schema["pattern"] = pattern;
                }

                break;
        }
    }

    private static JsonNode? DefaultOf(OptionKey key) => key.Kind switch
    {
        OptionKind.Seconds => (long)((TimeSpan)key.Default!).TotalSeconds,
        OptionKind.Number => Convert.ToInt64(key.Default, System.Globalization.CultureInfo.InvariantCulture),
        OptionKind.YesNo => (bool)key.Default!,
        _ => OptionKey.Written(key.Default!),
    };

    private static string Plain(string markdown) => markdown.Replace("`", "", StringComparison.Ordinal);
}
