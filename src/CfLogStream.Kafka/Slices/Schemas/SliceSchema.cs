using System.Text;

namespace CfLogStream.Kafka.Slices.Schemas;

/// <summary>A schema that slices are or were written with.</summary>
internal sealed class SliceSchema
{
    public SliceSchema(SliceKind kind, string json)
    {
        Kind = kind;
        Json = json;
        Root = AvroSchemaParser.Parse(Encoding.UTF8.GetBytes(json));
        CanonicalText = CanonicalForm.Of(Root);
        Fingerprint = Crc64Avro.Of(Encoding.UTF8.GetBytes(CanonicalText));
        Plan = new SlicePlan(Root, kind);
    }

    public SliceKind Kind { get; }

    /// <summary>The schema's file.</summary>
    public string Json { get; }

    public AvroSchema Root { get; }

    /// <summary>Its Parsing Canonical Form.</summary>
    public string CanonicalText { get; }

    /// <summary>The CRC-64-AVRO of that.</summary>
    public ulong Fingerprint { get; }

    /// <summary>How slices written with it are read.</summary>
    public SlicePlan Plan { get; }
}
