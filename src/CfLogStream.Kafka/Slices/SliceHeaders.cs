using System.Globalization;
using System.Text;

namespace CfLogStream.Kafka.Slices;

/// <summary>Writes and reads the headers of a message that is a slice.</summary>
public static class SliceHeaders
{
    /// <summary>The dataset, for instance <c>http_requests</c>.</summary>
    public const string Dataset = "cflogstream-dataset";

    /// <summary>The fingerprint of the schema, 16 hexadecimal digits.</summary>
    public const string Schema = "cflogstream-schema";

    /// <summary>The hash of the batch, 16 hexadecimal digits.</summary>
    public const string Batch = "cflogstream-batch";

    /// <summary>The slice's number among those of its batch, dataset and partition, in decimal digits.</summary>
    public const string Part = "cflogstream-part";

    /// <summary>The number of records in decimal digits.</summary>
    public const string Count = "cflogstream-count";

    /// <summary>Lists the headers of a slice with their values.</summary>
    public static (string Name, byte[] Value)[] Write(in SliceHeader header) =>
    [
        (Dataset, Encoding.ASCII.GetBytes(SliceKinds.NameOf(header.Kind))),
        (Schema, Encoding.ASCII.GetBytes(header.Schema.ToString("x16", CultureInfo.InvariantCulture))),
        (Batch, Encoding.ASCII.GetBytes(header.Batch.ToString("x16", CultureInfo.InvariantCulture))),
        (Part, Encoding.ASCII.GetBytes(header.Part.ToString(CultureInfo.InvariantCulture))),
        (Count, Encoding.ASCII.GetBytes(header.Count.ToString(CultureInfo.InvariantCulture))),
    ];

    /// <summary>Reads the headers of a message; the kind is <see cref="SliceKind.None"/> when they are not those of a slice.</summary>
    public static SliceHeader Read(params ReadOnlySpan<(string Name, byte[]? Value)> headers)
    {
        var parser = new SliceHeaderParser();
        foreach ((string name, byte[]? value) in headers)
        {
            parser.Add(name, value);
        }

        return parser.Finish();
    }
}
