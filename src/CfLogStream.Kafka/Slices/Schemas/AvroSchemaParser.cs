using System.Text.Json;

namespace CfLogStream.Kafka.Slices.Schemas;

/// <summary>Reads the schema files of this program; not every schema there can be.</summary>
internal static class AvroSchemaParser
{
    private static readonly Dictionary<string, AvroType> s_primitives = new(StringComparer.Ordinal)
    {
        ["null"] = AvroType.Null,
        ["boolean"] = AvroType.Boolean,
        ["int"] = AvroType.Int,
        ["long"] = AvroType.Long,
        ["float"] = AvroType.Float,
        ["double"] = AvroType.Double,
        ["bytes"] = AvroType.Bytes,
        ["string"] = AvroType.String,
    };

    /// <summary>Parses a schema file.</summary>
    /// <exception cref="NotSupportedException">It has a type that slices do not have: enum, fixed, a reference to a named type.</exception>
    public static AvroSchema Parse(ReadOnlyMemory<byte> utf8Json)
    {
        using JsonDocument document = JsonDocument.Parse(utf8Json);
        return Parse(document.RootElement, "");
    }

    private static AvroSchema Parse(JsonElement element, string parentNamespace)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                string name = element.GetString()!;
                return s_primitives.TryGetValue(name, out AvroType primitive)
                    ? AvroSchema.Primitive(primitive)
                    : Throw.UnsupportedSchemaType(name);
            case JsonValueKind.Array:
                return AvroSchema.Of(AvroType.Union, [.. element.EnumerateArray().Select(branch => Parse(branch, parentNamespace))]);
            default:
                return ParseObject(element, parentNamespace);
        }
    }

    private static AvroSchema ParseObject(JsonElement element, string parentNamespace)
    {
        JsonElement type = element.GetProperty("type");
        if (type.ValueKind != JsonValueKind.String)
        {
            return Parse(type, parentNamespace);
        }

        switch (type.GetString())
        {
            case "record":
                string ownNamespace = element.TryGetProperty("namespace", out JsonElement given) ? given.GetString()! : parentNamespace;
                string name = element.GetProperty("name").GetString()!;
                return AvroSchema.Record(
                    ownNamespace.Length == 0 || name.Contains('.', StringComparison.Ordinal) ? name : ownNamespace + "." + name,
                    [.. element.GetProperty("fields").EnumerateArray().Select(field => new AvroField(
                        field.GetProperty("name").GetString()!, Parse(field.GetProperty("type"), ownNamespace)))]);
            case "array":
                return AvroSchema.Of(AvroType.Array, Parse(element.GetProperty("items"), parentNamespace));
            case "map":
                return AvroSchema.Of(AvroType.Map, Parse(element.GetProperty("values"), parentNamespace));
            default:
                return Parse(type, parentNamespace);
        }
    }
}
