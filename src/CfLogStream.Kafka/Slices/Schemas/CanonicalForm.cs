using System.Text;

namespace CfLogStream.Kafka.Slices.Schemas;

/// <summary>Writes the Parsing Canonical Form of a schema: two schemas with the same one have the same bytes.</summary>
internal static class CanonicalForm
{
    public static string Of(AvroSchema schema)
    {
        var text = new StringBuilder();
        Write(schema, text);
        return text.ToString();
    }

    private static void Write(AvroSchema schema, StringBuilder text)
    {
        switch (schema.Type)
        {
            case AvroType.Record:
                text.Append("{\"name\":\"").Append(schema.Name).Append("\",\"type\":\"record\",\"fields\":[");
                for (int i = 0; i < schema.Fields.Count; i++)
                {
                    text.Append(i == 0 ? "" : ",").Append("{\"name\":\"").Append(schema.Fields[i].Name).Append("\",\"type\":");
                    Write(schema.Fields[i].Type, text);
                    text.Append('}');
                }

                text.Append("]}");
                break;
            case AvroType.Array:
                text.Append("{\"type\":\"array\",\"items\":");
                Write(schema.Parts[0], text);
                text.Append('}');
                break;
            case AvroType.Map:
                text.Append("{\"type\":\"map\",\"values\":");
                Write(schema.Parts[0], text);
                text.Append('}');
                break;
            case AvroType.Union:
                text.Append('[');
                for (int i = 0; i < schema.Parts.Count; i++)
                {
                    text.Append(i == 0 ? "" : ",");
                    Write(schema.Parts[i], text);
                }

                text.Append(']');
                break;
            default:
                text.Append('"').Append(NameOf(schema.Type)).Append('"');
                break;
        }
    }

    private static string NameOf(AvroType type) => type switch
    {
        AvroType.Null => "null",
        AvroType.Boolean => "boolean",
        AvroType.Int => "int",
        AvroType.Long => "long",
        AvroType.Float => "float",
        AvroType.Double => "double",
        AvroType.Bytes => "bytes",
        _ => "string",
    };
}
