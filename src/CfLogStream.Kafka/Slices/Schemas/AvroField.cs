namespace CfLogStream.Kafka.Slices.Schemas;

/// <summary>A field of a record's schema.</summary>
internal sealed record AvroField(string Name, AvroSchema Type);
