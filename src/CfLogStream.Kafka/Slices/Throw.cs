using System.Diagnostics.CodeAnalysis;
using CfLogStream.Kafka.Slices.Schemas;

namespace CfLogStream.Kafka.Slices;

/// <summary>Throws; so that its callers stay small.</summary>
internal static class Throw
{
    [DoesNotReturn]
    public static AvroSchema UnsupportedSchemaType(string name) =>
        throw new NotSupportedException($"A slice's schema has the type '{name}', which this program does not read.");

    [DoesNotReturn]
    public static Stream MissingSchema(string resource) =>
        throw new InvalidOperationException($"The schema '{resource}' is not in this program.");

    [DoesNotReturn]
    public static void UnusableSchema(SliceKind kind, string what) =>
        throw new NotSupportedException($"A schema of {SliceKinds.NameOf(kind)} cannot be read: {what}.");
}
