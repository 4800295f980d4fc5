namespace CfLogStream.Kafka.Slices.Schemas;

/// <summary>How a Logpush field's value stands in a slice.</summary>
internal enum ValueKind : byte
{
    Null = 0,
    Long,
    Text,

    /// <summary>The JSON of an array or object.</summary>
    Json,
}
