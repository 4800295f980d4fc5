using System.Text;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Generator;
using CfLogStream.Kafka.Slices;
using CsCheck;

namespace CfLogStream.Kafka.Tests.Slices;

/// <summary>A record that went through a slice is classified exactly as the line it came from.</summary>
public sealed class ClassificationTests
{
    private static readonly string[] s_values =
    [
        "null", "\"\"", "\"0\"", "0", "7", "\"7\"", "\"007\"", "-0", "-3", "12345678901",
        "99999999999999999999", "1.0", "1e2", "\"1e2\"", "true",
        "false", "\"true\"", "[]", "[ ]", "{}", "[\"a\"]", "[\"a\",\"b\\n\"]", "[1,null,\"x\"]", "[[\"a\"],{}]",
        "{\"a\":\"b\",\"sec-fetch-mode\":\"cors\"}",
        "\"block\"", "\"managedChallenge\"", "\"\\u0031\\u0032\"", "\"\\ud800\"", "\"ü\"",
        "\"https://a.example/x?token=abc\"", "\"8dea4d930b427529\"",
        "\"2026-08-13T10:00:00.5Z\"", "1786600001", "\"ok\"", "\"Verified Bot\"", "\"passed\"", "\"mobile\"", "\"/v1/users/17\"", "\"GET\"",
        $"\"{new string('a', 130)}\"",
    ];

    private static readonly string[] s_oldNames =
        ["WAFAction", "WAFRuleID", "WAFRuleMessage", "FirewallMatchesActions", "FirewallMatchesRuleIDs", "FirewallMatchesSources"];

    private static readonly string[] s_names =
    [
        .. Enum.GetValues<LogField>().Where(field => field is < LogField.When and not (LogField.RayID or LogField.Datetime))
            .Select(field => field.ToString()), .. s_oldNames, "ClientCity", "Cookies",
    ];

    [Fact]
    public async Task Decode_EveryScenario_ClassifiesAsTheLines()
    {
        foreach (ScenarioInfo scenario in ScenarioCatalog.All)
        {
            var uploads = new Uploads();
            var options = new GeneratorOptions
            {
                Scenario = scenario.Name,
                Records = 2_000,
                Seed = 11,
                Compress = false,
                Uploads = uploads,
            };
            await new LogpushGenerator(options).RunAsync(null, TestContext.Current.CancellationToken);
            int records = uploads.Files.Sum(file => AssertSame(Samples.Buffer(file), scenario.Name));
            Assert.True(records >= 2_000, $"{scenario.Name}: {records} records");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decode_EveryFieldWithEveryOddValue_ClassifiesAsTheLines(bool isEvent)
    {
        var lines = new List<string>();
        foreach (string name in s_names.Where(name => !isEvent || !name.EndsWith("Timestamp", StringComparison.Ordinal)))
        {
            lines.AddRange(s_values.Select(value => Line(isEvent, $"\"{name}\":{value}")));
        }

        int records = AssertSame(Samples.Buffer(lines), $"events: {isEvent}");
        Assert.True(records > lines.Count * 9 / 10, $"{records} of {lines.Count}");
    }

    [Fact]
    public void Decode_FieldsTogether_ClassifyAsTheLines()
    {
        Gen<string> field = Gen.Select(Gen.OneOf(s_names), Gen.OneOf(s_values)).Select((name, value) => $"\"{name}\":{value}");
        Gen.Select(Gen.Bool, field.List[0, 30]).Select((isEvent, fields) => Line(isEvent, string.Join(',', fields))).List[1, 20]
            .Sample(lines => AssertSame(Samples.Buffer(lines), string.Join('\n', lines)), iter: 2_000, seed: "0000RqN4DhW3");
    }

    private static string Line(bool isEvent, string fields) => isEvent ? Samples.Event(fields) : Samples.Http(fields);

    private static int AssertSame(PaddedBuffer lines, string what)
    {
        var settings = new ClassificationSettings { ExtraFields = Samples.ExtraFields, SampleOneOf = 1 };
        var fromLines = new TrafficClassifier(settings);
        var fromSlices = new TrafficClassifier(settings);
        var expected = new Dictionary<Dataset, TrafficBatch> { [Dataset.HttpRequests] = new(), [Dataset.FirewallEvents] = new() };
        var reader = new RecordReader(Samples.Options);
        LogRecord record = reader.CreateRecord();
        int position = PaddedBuffer.Padding;
        while (reader.TryReadNext(lines, ref position, record, out _, out ReadStatus status, out _))
        {
            if (status == ReadStatus.Record && expected.TryGetValue(record.Dataset, out TrafficBatch? batch))
            {
                fromLines.Classify(record, batch);
            }
        }

        int records = 0;
        var slices = new SliceReader(Samples.ExtraFields);
        LogRecord decoded = slices.CreateRecord();
        foreach (IGrouping<SliceKind, Slice> kind in Samples.Slice(lines).GroupBy(slice => slice.Header.Kind))
        {
            var actual = new TrafficBatch();
            foreach (Slice slice in kind)
            {
                Assert.Equal(SliceStatus.Ok, slices.Open(slice.Header, slice.Value.Span));
                while (slices.TryReadNext(decoded, out _))
                {
                    records++;
                    if (expected.ContainsKey(decoded.Dataset))
                    {
                        fromSlices.Classify(decoded, actual);
                    }
                }
            }

            if (expected.Remove((Dataset)kind.Key, out TrafficBatch? batch))
            {
                AssertSame(batch, actual, what);
            }
        }

        Assert.All(expected.Values, batch => Assert.Equal(0, batch.Count));
        return records;
    }

    private static void AssertSame(TrafficBatch expected, TrafficBatch actual, string what)
    {
        Assert.True(expected.Count == actual.Count, what);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.True(expected.Head(i).Equals(actual.Head(i)), $"head of {i} in {what}");
            Assert.True(
                expected[i].Data.SequenceEqual(actual[i].Data),
                $"texts of {i} in {what}: {Encoding.UTF8.GetString(expected[i].Data)} {Encoding.UTF8.GetString(actual[i].Data)}");
        }
    }

    private sealed class Uploads : IUploadTarget
    {
        public List<byte[]> Files { get; } = [];

        public Stream Begin() => new MemoryStream();

        public void Complete(Stream body, string name, DateTimeOffset deliveredAt) => Files.Add(((MemoryStream)body).ToArray());

        public void Repeat(string name, string again, DateTimeOffset deliveredAt)
        {
        }

        public Stream OpenLedger() => new MemoryStream();
    }
}
