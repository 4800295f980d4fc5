namespace CfLogStream.Kafka.Slices.Schemas;

/// <summary>The types of Avro that slices are made of, or may be made of one day.</summary>
internal enum AvroType : byte
{
    Null = 0,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Record,
    Array,
    Map,
    Union,
}
