using System.Text;
using System.Text.Json;

namespace CfLogStream.Generator.Tests.Records;

public sealed class OddityTests
{
    [Fact]
    public async Task Oddities_All_AreCountedInTheLedger()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync(new GeneratorOptions
        {
            Scenario = "quiet",
            Records = 30_000,
            Seed = 31,
            Disorder = Disorder.None,
            Oddities = Oddities.All
        });
        JsonElement oddities = run.LedgerLines("end").Single().GetProperty("oddities");
        int noJson = 0;
        int validation = 0;
        int strings = 0;
        int unknownFields = 0;
        int noRay = 0;
        int unknownValues = 0;
        var timeKinds = new HashSet<int>();
        foreach ((_, ReadOnlyMemory<byte> line) in run.Lines("http_requests").Concat(run.Lines("firewall_events")))
        {
            JsonElement? record = TryParse(line);
            if (record is not { ValueKind: JsonValueKind.Object } one)
            {
                noJson++;
                continue;
            }

            validation += one.TryGetProperty("content", out _) ? 1 : 0;
            noRay += one.TryGetProperty("RayIX", out _) ? 1 : 0;
            if (one.TryGetProperty("RayIX", out _) || one.TryGetProperty("OtherTime", out _))
            {
                continue;
            }

            unknownFields += one.TryGetProperty("BrandNewFieldV2", out _) ? 1 : 0;
            strings += IsText(one, "EdgeResponseStatus") || IsText(one, "ClientASN") ? 1 : 0;
            unknownValues += one.TryGetProperty("Source", out JsonElement source) && source.GetString() == "payloaddrift" ? 1 : 0;
            if (one.TryGetProperty("EdgeStartTimestamp", out JsonElement time))
            {
                timeKinds.Add(time.GetRawText().Length);
            }
        }

        Assert.Equal(Sum(oddities, "dead_garbage", "dead_control_character", "dead_bad_utf8", "dead_too_deep", "dead_top_level_array",
            "cut"), noJson);
        Assert.Equal(Sum(oddities, "validation"), validation);
        Assert.Equal(Sum(oddities, "dead_no_ray"), noRay);
        Assert.Equal(Sum(oddities, "string_for_number"), strings);
        Assert.Equal(Sum(oddities, "unknown_field"), unknownFields);
        Assert.True(unknownValues > 0);
        Assert.True(timeKinds.Count >= 4);
        Assert.Equal(30_000, run.Summary.Records);
        Assert.Equal(
            oddities.EnumerateObject().Where(kind => kind.Name.StartsWith("dead", StringComparison.Ordinal)
                || kind.Name is "cut" or "validation").Sum(kind => kind.Value.GetInt64()),
            run.Summary.Datasets.Sum(dataset => dataset.DeadLines));
    }

    [Fact]
    public async Task Oddities_DeadLines_LeaveTheRecordsAsTheyAre()
    {
        var options = new GeneratorOptions { Records = 8000, Seed = 32, Disorder = Disorder.None };
        GeneratedRun plain = await GeneratedRun.CreateAsync(options);
        Oddities extra = Oddities.DeadLines | Oddities.CutLines | Oddities.ValidationBodies;
        GeneratedRun odd = await GeneratedRun.CreateAsync(options with { Oddities = extra });

        HashSet<string> lines = [.. odd.Lines("http_requests").Select(line => Encoding.UTF8.GetString(line.Line.Span))];
        Assert.All(plain.Lines("http_requests"), line => Assert.Contains(Encoding.UTF8.GetString(line.Line.Span), lines));
        Assert.True(lines.Count > plain.Lines("http_requests").Count());
        Assert.Equal(plain.LedgerLines("minute").Select(line => line.GetRawText()),
            odd.LedgerLines("minute").Select(line => line.GetRawText()));
    }

    private static bool IsText(JsonElement record, string name) =>
        record.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String;

    private static long Sum(JsonElement oddities, params string[] kinds) =>
        kinds.Sum(kind => oddities.TryGetProperty(kind, out JsonElement count) ? count.GetInt64() : 0);

    private static JsonElement? TryParse(ReadOnlyMemory<byte> line)
    {
        try
        {
            return JsonDocument.Parse(Encoding.UTF8.GetString(line.Span).Contains('\uFFFD', StringComparison.Ordinal) ? default
                : line).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
