using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CfLogStream.Generator.Tests;

public sealed class LogpushGeneratorTests
{
    [Theory]
    [InlineData("clean-fix", Disorder.Heavy, Oddities.All)]
    [InlineData("quiet", Disorder.Typical, Oddities.None)]
    [InlineData("attack-blocked", Disorder.None, Oddities.None)]
    public async Task Run_SameOptions_SameBytes(string scenario, Disorder disorder, Oddities oddities)
    {
        var options = new GeneratorOptions { Scenario = scenario, Seed = 42, Records = 6000, Disorder = disorder, Oddities = oddities };

        GeneratedRun first = await GeneratedRun.CreateAsync(options);
        GeneratedRun second = await GeneratedRun.CreateAsync(options);

        Assert.Equal(first.Uploads.Files.Keys.Order(), second.Uploads.Files.Keys.Order());
        Assert.All(first.Uploads.Files, file => Assert.Equal(file.Value, second.Uploads.Files[file.Key]));
        Assert.Equal(first.Uploads.Delivered, second.Uploads.Delivered);
        Assert.Equal(first.Uploads.LedgerText, second.Uploads.LedgerText);
    }

    [Fact]
    public async Task Run_Quiet_HasTheSameBytesOnEveryMachine()
    {
        // Pins the output: a change of it is a change for everyone who compares runs, and must be meant.
        GeneratedRun run = await GeneratedRun.CreateAsync(new GeneratorOptions { Records = 1000, Seed = 1, Disorder = Disorder.None });

        Assert.Equal("00e535eb7841a05f", Hash(run)[..16]);
    }

    [Fact]
    public async Task Run_OtherSeed_OtherBytes()
    {
        GeneratedRun first = await GeneratedRun.CreateAsync("quiet", 2000, 1);
        GeneratedRun second = await GeneratedRun.CreateAsync("quiet", 2000, 2);

        Assert.NotEqual(Hash(first), Hash(second));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(20_001)]
    public async Task Run_Records_WritesExactlyThatMany(long records)
    {
        foreach (string scenario in (string[])["quiet", "attack-blocked"])
        {
            GeneratedRun run = await GeneratedRun.CreateAsync(scenario, records);

            Assert.Equal(records, run.Summary.Records);
            Assert.Equal(records, run.Summary.Datasets.Sum(dataset => (long)run.Distinct(dataset.Name).Count));
        }
    }

    [Fact]
    public async Task Run_TargetBytes_StopsThere()
    {
        const long Target = 8_000_000;
        GeneratedRun run = await GeneratedRun.CreateAsync(new GeneratorOptions { TargetBytes = Target, Seed = 3 });

        Assert.InRange(run.Summary.Bytes, Target, Target + 60_000);
    }

    [Fact]
    public async Task Run_OtherBatchSizes_SameTruth()
    {
        var options = new GeneratorOptions { Scenario = "clean-fix", Records = 8000, Seed = 5 };
        GeneratedRun large = await GeneratedRun.CreateAsync(options);
        GeneratedRun small = await GeneratedRun.CreateAsync(options with { BatchRecords = 77, BatchInterval = TimeSpan.FromSeconds(35) });

        foreach (string type in (string[])["minute", "actor", "incident", "end"])
        {
            Assert.Equal(large.LedgerLines(type).Select(line => line.GetRawText()),
                small.LedgerLines(type).Select(line => line.GetRawText()));
        }

        Assert.True(small.Summary.Uploads > 2 * large.Summary.Uploads);
        Assert.Equal(large.Summary.Datasets.Select(dataset => (dataset.Records, dataset.Bytes)),
            small.Summary.Datasets.Select(dataset => (dataset.Records, dataset.Bytes)));
        Assert.All(small.LedgerLines("batch"), batch => Assert.True(batch.GetProperty("lines").GetInt64() <= 77));
    }

    [Fact]
    public async Task Run_FullJob_RecordsLookLikeLogpush()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync("quiet", 20_000);
        DatasetSummary http = run.Summary.Datasets[0];
        byte[] largest = run.Uploads.Files.Where(file =>
            file.Key.StartsWith("http_requests", StringComparison.Ordinal)).MaxBy(file => file.Value.Length).Value;

        Assert.InRange((double)http.Bytes / http.Records, 2500, 3000);
        Assert.InRange((double)largest.Length / GeneratedRun.Gzipped(largest), 8, 12);
        Assert.Matches(@"^http_requests/20260806/20260806T\d{6}Z_20260806T\d{6}Z_[0-9a-f]{8}\.log$",
            run.Uploads.Files.Keys.First(name => name.StartsWith("http", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_ThreeTimesTheRecords_AllocatesNothingMore()
    {
        await AllocatedAsync(10_000, 2);
        long small = await AllocatedAsync(100_000, 20);
        long large = await AllocatedAsync(300_000, 60);

        // Uploads and minutes cost a little each; records cost nothing.
        Assert.InRange((large - small) / 200_000.0, -100, 45);
    }

    [Fact]
    public async Task Run_ToFolder_WritesUploadsAndLedger()
    {
        string folder = Path.Combine(Path.GetTempPath(), "cflogstream-generator-" + Guid.NewGuid().ToString("N"));
        try
        {
            var options = new GeneratorOptions { Records = 3000, Folder = folder, Seed = 9 };
            GeneratorSummary summary = await new LogpushGenerator(options).RunAsync(null, TestContext.Current.CancellationToken);
            string[] files = Directory.GetFiles(folder, "*.log.gz", SearchOption.AllDirectories);

            Assert.Equal(summary.Uploads, files.Length);
            Assert.All(files, file => Assert.Equal((byte)0x1F, File.ReadAllBytes(file)[0]));
            Assert.True(File.Exists(Path.Combine(folder, "ledger.ndjson")));
            Assert.Empty(Directory.GetFiles(folder, ".upload-*"));
            Assert.True(File.GetLastWriteTimeUtc(files[0]) > new DateTime(2026, 8, 6, 12, 0, 0, DateTimeKind.Utc));
            Assert.InRange(summary.StoredBytes, summary.Bytes / 14, summary.Bytes / 6);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Run_Progress_Rises()
    {
        var reports = new List<GeneratorProgress>();
        var options = new GeneratorOptions { Records = 60_000, Uploads = new MemoryUploads(), Minimal = true };
        await new LogpushGenerator(options).RunAsync(new Recorder(reports), TestContext.Current.CancellationToken);

        Assert.NotEmpty(reports);
        Assert.Equal(reports.OrderBy(report => report.Fraction), reports);
        Assert.All(reports, report => Assert.InRange(report.Fraction, 0, 1));
    }

    [Fact]
    public async Task Run_Cancelled_Stops()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        var options = new GeneratorOptions { Records = 100_000, Uploads = new MemoryUploads() };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new LogpushGenerator(options).RunAsync(null, cancellation.Token));
    }

    [Fact]
    public async Task Run_TargetFails_FailsWithItsError()
    {
        var options = new GeneratorOptions { Records = 100_000, Uploads = new FailingUploads() };

        IOException error = await Assert.ThrowsAsync<IOException>(() =>
            new LogpushGenerator(options).RunAsync(null, TestContext.Current.CancellationToken));
        Assert.Equal("No space left on device.", error.Message);
    }

    [Theory]
    [InlineData(TimestampFormat.Unix, JsonValueKind.Number)]
    [InlineData(TimestampFormat.Rfc3339, JsonValueKind.String)]
    [InlineData(TimestampFormat.Rfc3339Ms, JsonValueKind.String)]
    [InlineData(TimestampFormat.Rfc3339Ns, JsonValueKind.String)]
    public async Task Run_TimestampFormat_IsUsedEverywhere(TimestampFormat format, JsonValueKind kind)
    {
        GeneratedRun run = await GeneratedRun.CreateAsync(new GeneratorOptions
        {
            Scenario = "clean-fix",
            Records = 2000,
            TimestampFormat = format
        });

        Assert.All(run.Distinct("http_requests"), record => Assert.Equal(kind, record.GetProperty("EdgeStartTimestamp").ValueKind));
        Assert.All(run.Distinct("http_requests"), record => Assert.Equal(kind, record.GetProperty("EdgeEndTimestamp").ValueKind));
        Assert.All(run.Distinct("firewall_events"), record => Assert.Equal(kind, record.GetProperty("Datetime").ValueKind));
        Assert.All(run.Distinct("audit_logs"), record => Assert.Equal(kind, record.GetProperty("When").ValueKind));
        Assert.All(run.Distinct("audit_logs_v2"), record => Assert.Equal(kind, record.GetProperty("ActionTimestamp").ValueKind));
    }

    [Fact]
    public void Options_Defaults_AreThese()
    {
        var options = new GeneratorOptions();

        Assert.Equal("quiet", options.Scenario);
        Assert.Equal(1UL, options.Seed);
        Assert.Equal(100_000, options.Records);
        Assert.Null(options.TargetBytes);
        Assert.Equal(new DateTimeOffset(2026, 8, 6, 12, 0, 0, TimeSpan.Zero), options.Start);
        Assert.Null(options.Duration);
        Assert.Null(options.Rate);
        Assert.Equal("cflogstream-logs", options.Folder);
        Assert.True(options.Compress);
        Assert.Equal(100_000, options.BatchRecords);
        Assert.Null(options.BatchInterval);
        Assert.Equal(TimestampFormat.UnixNano, options.TimestampFormat);
        Assert.Equal(Disorder.Typical, options.Disorder);
        Assert.Equal(Oddities.None, options.Oddities);
        Assert.Equal(Variation.Default, options.Variation);
        Assert.False(options.Minimal);
    }

    [Fact]
    public void Options_Wrong_AreRefused()
    {
        Assert.StartsWith("There is no scenario 'loud'; known are: quiet, custom-rule-hits-api, ", Refused(new() { Scenario = "loud" }),
            StringComparison.Ordinal);
        Assert.StartsWith("Records (99) must be at least 100.", Refused(new() { Records = 99 }), StringComparison.Ordinal);
        Assert.StartsWith("TargetBytes (5) must be at least 100000.", Refused(new() { TargetBytes = 5 }), StringComparison.Ordinal);
        Assert.StartsWith("BatchRecords (0) must be at least 1.", Refused(new() { BatchRecords = 0 }), StringComparison.Ordinal);
        Assert.StartsWith("Duration (00:09:00) must be between 10 minutes and 31 days.",
            Refused(new() { Duration = TimeSpan.FromMinutes(9) }), StringComparison.Ordinal);
        Assert.StartsWith("Rate and Duration exclude each other: the rate decides how much time the records span.",
            Refused(new() { Rate = 100, Duration = TimeSpan.FromHours(1) }), StringComparison.Ordinal);
        Assert.StartsWith("Rate (0) must be above 0 and at most 20000 records per second.", Refused(new() { Rate = 0 }), StringComparison.Ordinal);
        Assert.StartsWith("Rate (NaN) must be", Refused(new() { Rate = double.NaN }), StringComparison.Ordinal);
        Assert.StartsWith("At the Rate (20000) the records span 5 seconds; it must be between 10 seconds and 31 days.",
            Refused(new() { Rate = 20_000 }), StringComparison.Ordinal);
        Assert.StartsWith("At the Rate (0.01) the records span 10000000 seconds", Refused(new() { Rate = 0.01 }), StringComparison.Ordinal);
        Assert.StartsWith("BatchInterval (02:00:00) must be between 1 second and 1 hour.",
            Refused(new() { BatchInterval = TimeSpan.FromHours(2) }), StringComparison.Ordinal);
    }

    private static string Refused(GeneratorOptions options) =>
        Assert.Throws<ArgumentException>(() => new LogpushGenerator(options)).Message;

    private static async Task<long> AllocatedAsync(long records, int hours)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        var options = new GeneratorOptions
        {
            Records = records,
            Uploads = new NullUploads(),
            Duration = TimeSpan.FromHours(hours),
            Compress = false
        };
        await new LogpushGenerator(options).RunAsync(null, TestContext.Current.CancellationToken);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private static string Hash(GeneratedRun run)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, byte[] content) in run.Uploads.Files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(content);
        }

        hash.AppendData(run.Uploads.Ledger);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed class Recorder(List<GeneratorProgress> reports) : IProgress<GeneratorProgress>
    {
        public void Report(GeneratorProgress value) => reports.Add(value);
    }

    private sealed class NullUploads : IUploadTarget
    {
        public Stream Begin() => Stream.Null;

        public void Complete(Stream body, string name, DateTimeOffset deliveredAt)
        {
        }

        public void Repeat(string name, string again, DateTimeOffset deliveredAt)
        {
        }

        public Stream OpenLedger() => Stream.Null;
    }

    private sealed class FailingUploads : IUploadTarget
    {
        public Stream Begin() => throw new IOException("No space left on device.");

        public void Complete(Stream body, string name, DateTimeOffset deliveredAt)
        {
        }

        public void Repeat(string name, string again, DateTimeOffset deliveredAt)
        {
        }

        public Stream OpenLedger() => Stream.Null;
    }
}
