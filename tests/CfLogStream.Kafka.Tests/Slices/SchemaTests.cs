using System.Text;
using System.Text.Json;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Slices;
using CfLogStream.Kafka.Slices.Schemas;

namespace CfLogStream.Kafka.Tests.Slices;

/// <summary>The schema files: their fingerprints, their documentation, and that no field is forgotten.</summary>
public sealed class SchemaTests
{
    [Fact]
    public void CanonicalForm_OfEverySchema_IsThatOfApacheAvro()
    {
        Assert.Equal(8, SliceSchemas.All.Count);
        foreach (SliceSchema schema in SliceSchemas.All)
        {
            global::Avro.Schema judge = global::Avro.Schema.Parse(schema.Json);
            Assert.Equal(global::Avro.SchemaNormalization.ToParsingForm(judge), schema.CanonicalText);
            Assert.Equal(unchecked((ulong)global::Avro.SchemaNormalization.ParsingFingerprint64(judge)), schema.Fingerprint);
        }
    }

    [Theory]
    [InlineData("\"int\"", "0x7275d51a3f395c8f")]
    [InlineData("\"string\"", "0x8f014872634503c7")]
    [InlineData("\"null\"", "0x63dd24e7cc258f8a")]
    public void Crc64Avro_PrimitiveTypes_AreThoseOfTheSpecification(string form, string expected) =>
        Assert.Equal(expected, $"0x{Crc64Avro.Of(Encoding.UTF8.GetBytes(form)):x16}");

    [Fact]
    public void Schemas_EveryField_IsDocumented()
    {
        foreach (SliceSchema schema in SliceSchemas.All)
        {
            using JsonDocument document = JsonDocument.Parse(schema.Json);
            AssertDocumented(document.RootElement);
        }
    }

    [Fact]
    public void Schemas_EveryLogField_IsInOne()
    {
        HashSet<LogField> fields = [.. SliceSchemas.All.SelectMany(schema => schema.Plan.Steps)
            .Where(step => step.Op == RecordOp.Value).Select(step => step.Field)];
        Assert.DoesNotContain(Enum.GetValues<LogField>(), field => field < LogField.Count && !fields.Contains(field));
    }

    [Fact]
    public void CurrentSchemas_HaveNoFieldThatIsSkipped() =>
        Assert.All(SliceKinds.All, kind => Assert.DoesNotContain(SliceSchemas.Current(kind).Plan.Steps, step => step.Op == RecordOp.Skip));

    private static void AssertDocumented(JsonElement record)
    {
        Assert.NotEmpty(record.GetProperty("doc").GetString()!);
        foreach (JsonElement field in record.GetProperty("fields").EnumerateArray())
        {
            Assert.True(field.TryGetProperty("doc", out JsonElement doc) && doc.GetString()!.EndsWith('.'), field.ToString());
            if (field.GetProperty("type") is { ValueKind: JsonValueKind.Object } type
                && type.TryGetProperty("items", out JsonElement items))
            {
                AssertDocumented(items);
            }
        }
    }
}
