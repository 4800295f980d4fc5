namespace CfLogStream.Kafka.Slices.Schemas;

/// <summary>A schema, as far as bytes depend on it: without documentation and defaults.</summary>
internal sealed class AvroSchema
{
    private AvroSchema(AvroType type, string name, AvroField[] fields, AvroSchema[] parts)
    {
        Type = type;
        Name = name;
        Fields = fields;
        Parts = parts;
    }

    public AvroType Type { get; }

    /// <summary>A record's name with its namespace.</summary>
    public string Name { get; }

    /// <summary>A record's fields in their order.</summary>
    public IReadOnlyList<AvroField> Fields { get; }

    /// <summary>A union's branches; of an array the type of its items, of a map that of its values.</summary>
    public IReadOnlyList<AvroSchema> Parts { get; }

    public static AvroSchema Primitive(AvroType type) => new(type, "", [], []);

    public static AvroSchema Record(string name, AvroField[] fields) => new(AvroType.Record, name, fields, []);

    public static AvroSchema Of(AvroType type, params AvroSchema[] parts) => new(type, "", [], parts);

    /// <summary>The fewest bytes of a value.</summary>
    public int MinBytes => Type switch
    {
        AvroType.Null => 0,
        AvroType.Float => sizeof(float),
        AvroType.Double => sizeof(double),
        AvroType.Record => Fields.Sum(part => part.Type.MinBytes),
        _ => 1,
    };
}
