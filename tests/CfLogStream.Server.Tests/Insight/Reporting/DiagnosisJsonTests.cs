using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Remedies;
using CfLogStream.Server.Insight.Reporting;
using CfLogStream.Server.Tests.Configuration;
using NJsonSchema;

namespace CfLogStream.Server.Tests.Insight.Reporting;

public sealed class DiagnosisJsonTests
{
    public static TheoryData<string> Diagnoses => ["sample", "nothing", "hostile", "every word"];

    [Theory]
    [MemberData(nameof(Diagnoses))]
    public async Task Write_AnyDiagnosis_FitsThePublishedSchema(string name)
    {
        JsonSchema schema = await SchemaAsync();

        Assert.Empty(schema.Validate(Json(Diagnosis(name))).Select(error => error.ToString()));
    }

    [Theory]
    [InlineData("findings/0/loss", "share_low")]
    [InlineData("findings/0/rule", "action")]
    [InlineData("findings/0/cells/0/endpoint", "path")]
    [InlineData("findings/0/cells/0/legitimacy", "reasons")]
    [InlineData("findings/0/remedies/0", "refused")]
    [InlineData("rightly_stopped/0", "verdict")]
    public async Task Schema_KeyMissing_RefusesTheDocument(string place, string key)
    {
        JsonSchema schema = await SchemaAsync();
        JsonNode document = JsonNode.Parse(Json(SampleDiagnosis.Build()))!;
        JsonNode at = place.Split('/').Aggregate(document, (node, step) => int.TryParse(step, out int index) ? node[index]! : node[step]!);

        Assert.True(at.AsObject().Remove(key));
        Assert.NotEmpty(schema.Validate(document.ToJsonString()));
    }

    [Fact]
    public async Task Schema_UnknownWordOfAnEnumeration_RefusesTheDocument()
    {
        JsonSchema schema = await SchemaAsync();

        Assert.NotEmpty(schema.Validate(Json(SampleDiagnosis.Build()).Replace("\"bot_threshold\"", "\"?\"").Replace("\"unsolvable_challenge\"", "\"?\"")));
    }

    [Fact]
    public void Write_SampleDiagnosis_HasItsValuesUnderStableNames()
    {
        JsonNode document = JsonNode.Parse(Json(SampleDiagnosis.Build()))!;

        JsonNode finding = document["findings"]![0]!;
        Assert.Equal(1, (int)document["format_version"]!);
        Assert.Equal("2026-05-04T00:00:00Z", (string)document["from"]!);
        Assert.Equal("misjudged", (string)finding["kind"]!);
        Assert.Equal("unsolvable_challenge", (string)finding["pattern"]!);
        Assert.Equal("2026-05-04T15:31:12Z", (string)finding["onset"]!);
        Assert.Equal("managedchallenge", (string)finding["rule"]!["action"]!);
        Assert.Equal(0.992, (double)finding["loss"]!["share_high"]!);
        Assert.Equal(3.1, (double)finding["legitimacy"]!["reasons"]![0]!["log_odds"]!);
        Assert.Equal("2026-09-01", (string)finding["owner"]!["review_by"]!);
        Assert.Equal("edit_rule", (string)finding["remedies"]![0]!["kind"]!);
        Assert.Equal("""{"requests":1204,"freed":0.9873,"attacks":0.0017,"most_attacks":0.0049}""", finding["remedies"]![0]!["trial"]!.ToJsonString());
        Assert.Null(finding["remedies"]![1]!["trial"]);
        Assert.Null(document["findings"]![1]!["owner"]);
    }

    [Fact]
    public void Write_HostileText_IsWholeInTheJson()
    {
        string text = string.Join('\n', HostileDiagnosis.Html) + "\u202e\0\u001b[2J";

        JsonNode document = JsonNode.Parse(Json(HostileDiagnosis.Build(text)))!;

        Assert.Equal(text, (string)document["findings"]![0]!["title"]!);
        Assert.Equal(text, (string)document["findings"]![0]!["differences"]![0]!["value"]!);
        Assert.Null(document["findings"]![0]!["score"]);
    }

    private static Diagnosis Diagnosis(string name) => name switch
    {
        "sample" => SampleDiagnosis.Build(),
        "nothing" => SampleDiagnosis.Nothing(),
        "hostile" => HostileDiagnosis.Build("\ud800<\"\0"),
        _ => SampleDiagnosis.Build() with
        {
            Findings =
            [
                .. Enum.GetValues<FindingKind>().Select(kind => SampleDiagnosis.Challenge() with { Kind = kind, Rule = null }),
                .. Enum.GetValues<MisjudgementPattern>().Select(pattern => SampleDiagnosis.Challenge() with { Pattern = pattern, Trend = null }),
                .. Enum.GetValues<RemedyKind>().Select(kind => SampleDiagnosis.Challenge() with { Remedies = [new Remedy { Kind = kind, Summary = "" }] }),
            ],
        },
    };

    private static string Json(Diagnosis diagnosis)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            DiagnosisJson.Write(diagnosis, json);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>The validator knows the drafts up to 7, where <c>$defs</c> is called <c>definitions</c>; the schema uses nothing else that differs.</summary>
    private static async Task<JsonSchema> SchemaAsync()
    {
        string schema = await File.ReadAllTextAsync(
            Path.Combine(RepositoryRoot.Find(), "schemas", "diagnosis.schema.json"), TestContext.Current.CancellationToken);
        return await JsonSchema.FromJsonAsync(schema.Replace("$defs", "definitions", StringComparison.Ordinal), TestContext.Current.CancellationToken);
    }
}
