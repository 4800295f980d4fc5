using System.IO.Compression;
using System.Text.Json;

namespace CfLogStream.Generator.Tests;

/// <summary>A finished run with its uploads and its ledger, read independently of the generator.</summary>
internal sealed class GeneratedRun
{
    public const int Seed = 7;

    public required GeneratorSummary Summary { get; init; }

    public required MemoryUploads Uploads { get; init; }

    public required List<JsonElement> Ledger { get; init; }

    public JsonElement Header => Ledger[0];

    public JsonElement Incident => Header.GetProperty("incident");

    public static async Task<GeneratedRun> CreateAsync(GeneratorOptions options)
    {
        var uploads = new MemoryUploads();
        GeneratorSummary summary = await new LogpushGenerator(options with { Uploads = uploads, Compress = false }).RunAsync(null,
            TestContext.Current.CancellationToken);
        return new GeneratedRun
        {
            Summary = summary,
            Uploads = uploads,
            Ledger = [.. uploads.LedgerText.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
                JsonDocument.Parse(line).RootElement)],
        };
    }

    public static Task<GeneratedRun> CreateAsync(string scenario, long records = 12_000, ulong seed = Seed) =>
        CreateAsync(new GeneratorOptions { Scenario = scenario, Records = records, Seed = seed });

    public IEnumerable<JsonElement> LedgerLines(string type) => Ledger.Where(line => line.GetProperty("type").GetString() == type);

    /// <summary>Lines of a dataset's uploads as bytes, without their ends, in order of file name.</summary>
    public IEnumerable<(string File, ReadOnlyMemory<byte> Line)> Lines(string dataset)
    {
        foreach ((string name, byte[] content) in Uploads.Files.Where(file =>
            file.Key.StartsWith(dataset + "/", StringComparison.Ordinal)).OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            int from = 0;
            while (from < content.Length)
            {
                int end = content.AsSpan(from).IndexOf((byte)'\n');
                Assert.True(end >= 0, $"The last line of '{name}' has no end.");
                yield return (name, content.AsMemory(from, end));
                from += end + 1;
            }
        }
    }

    /// <summary>Records of a dataset, each RayID, rule and match once.</summary>
    public List<JsonElement> Distinct(string dataset)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var records = new List<JsonElement>();
        foreach ((_, ReadOnlyMemory<byte> line) in Lines(dataset))
        {
            JsonElement record = JsonDocument.Parse(line).RootElement;
            string key = dataset switch
            {
                "http_requests" => Text(record, "RayID"),
                "firewall_events" =>
                    $"{Text(record, "RayID")}/{Text(record, "Source")}/{Text(record, "RuleID")}/{record.GetProperty("MatchIndex").GetInt32()}",
                "audit_logs" => Text(record, "ID"),
                _ => Text(record, "AuditLogID"),
            };
            if (seen.Add(key))
            {
                records.Add(record);
            }
        }

        return records;
    }

    public static string Text(JsonElement record, string name) => record.GetProperty(name).GetString()!;

    public static long Ms(JsonElement record, string name) => record.GetProperty(name).GetInt64() / 1_000_000;

    public static long LedgerMs(JsonElement line, string name) => line.GetProperty(name).GetDateTimeOffset().ToUnixTimeMilliseconds();

    public static long Gzipped(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return target.Length;
    }
}
