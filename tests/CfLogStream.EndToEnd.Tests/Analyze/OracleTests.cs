using System.IO.Compression;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core;
using CfLogStream.EndToEnd.Tests.Oracle;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Generator;
using CfLogStream.Server.Analysis;

namespace CfLogStream.EndToEnd.Tests.Analyze;

/// <summary>The pipeline's tables against an independent count of the same uploads, for every scenario.</summary>
public sealed class OracleTests(EngineFixture engine)
{
    private const long Records = 6_000;

    public static TheoryData<string> Scenarios => [.. ScenarioCatalog.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Analyze_Scenario_GivesWhatTheOracleCounts(string scenario)
    {
        using var folder = new TemporaryFolder();
        ulong seed = StableHash.Of(System.Text.Encoding.UTF8.GetBytes(scenario)) % 1_000;
        await new LogpushGenerator(new GeneratorOptions
        {
            Scenario = scenario,
            Seed = seed,
            Records = Records,
            Folder = folder.Path,
            Disorder = Disorder.Heavy,
        }).RunAsync(null, TestContext.Current.CancellationToken);
        await CheckAsync(folder.Path, "oracle-" + scenario, threads: 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Analyze_UploadsSplitShuffledAndRenamed_GivesTheSameRows(int threads)
    {
        using var uploads = new TemporaryFolder();
        using var other = new TemporaryFolder();
        await new LogpushGenerator(new GeneratorOptions
        {
            Scenario = "custom-rule-hits-api",
            Seed = 11,
            Records = Records,
            Folder = uploads.Path,
            Disorder = Disorder.Heavy,
        }).RunAsync(null, TestContext.Current.CancellationToken);
        ScatterLines(uploads.Path, other.Path, files: 7, seed: 5);

        await CheckAsync(uploads.Path, "split-a", threads);
        await CheckAsync(other.Path, "split-a2", 5 - threads);
        await CheckAsync(other.Path, "split-a2", threads);
        foreach (string table in new[] { "requests_1m", "mitigations_1m", "callers_1h", "requests", "rules", "quality_1m" })
        {
            Assert.Equal(await DigestAsync(table, "split-a"), await DigestAsync(table, "split-a2"));
        }
    }

    private async Task CheckAsync(string folder, string name, int threads)
    {
        CommandResult result = await CommandLine.RunAsync(
            "analyze", folder, "--clickhouse", engine.Endpoint.ToString(), "--name", name,
            "--threads", threads.ToString(System.Globalization.CultureInfo.InvariantCulture), "--format", "json");
        Assert.Equal("", result.Stderr);
        Assert.Equal(0, result.ExitCode);

        LogOracle oracle = LogOracle.Read(folder);
        StoredCounts stored = StoredCounts.OfAnalysis(engine.Queries, name);
        Assert.Equal("", StoredCounts.Differences(oracle.Requests(), await stored.RequestsAsync()));
        Assert.Equal("", StoredCounts.Differences(oracle.Mitigations(), await stored.MitigationsAsync()));
        Assert.Equal(oracle.Duplicates, await stored.DuplicatesAsync());
    }

    /// <summary>A hash over all rows of an analysis, but for the partition that its name gives.</summary>
    private async Task<string> DigestAsync(string table, string name)
    {
        string callers = table is "requests_1m" or "mitigations_1m" ? ", callers" : "";
        return await engine.Queries.ScalarAsync<string>(
            $"SELECT concat(toString(count()), '/', toString(groupBitXor(cityHash64(* EXCEPT (partition{callers}))))) "
            + $"FROM {engine.Queries.Table(table)} FINAL WHERE partition = {{partition:UInt32}}",
            new QueryParameters().Add("partition", new AnalysisScope { Name = name }.Partition),
            TestContext.Current.CancellationToken);
    }

    /// <summary>Deals all lines of some uploads at random to other files, half of them gzip, with names that say nothing.</summary>
    private static void ScatterLines(string from, string to, int files, int seed)
    {
        var random = new Random(seed);
        string[] lines = [.. Directory.EnumerateFiles(from, "*.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(ReadLines)];
        random.Shuffle(lines);
        foreach (string[] chunk in lines.Chunk((lines.Length / files) + 1))
        {
            string name = Path.Combine(to, Guid.NewGuid().ToString("N"));
            using Stream stored = File.Create(name);
            using Stream target = random.Next(2) == 0 ? stored : new GZipStream(stored, CompressionLevel.Fastest);
            using var writer = new StreamWriter(target) { NewLine = "\n" };
            foreach (string line in chunk)
            {
                writer.WriteLine(line);
            }
        }
    }

    private static IEnumerable<string> ReadLines(string file)
    {
        using var lines = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var reader = new StreamReader(lines);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
