using System.Globalization;
using System.IO.Compression;
using System.Text;
using CfLogStream.ClickHouse;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.EndToEnd.Tests.Oracle;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Generator;
using CfLogStream.Kafka.Testing;
using Confluent.Kafka;

namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>
/// Kafka (librdkafka's broker), a database of its own in the ClickHouse of the tests, generated uploads and what the oracle says of them.
/// Both stay when services are killed.
/// </summary>
internal sealed class LogCluster : IAsyncDisposable
{
    public const string Source = "logpush";

    private const int SentAgainAfter = 30;

    public const string Topic = "cflogstream.log";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly ClickHouseConnection _connection;
    private readonly IProducer<Null, byte[]> _producer;
    private readonly List<ServiceProcess> _services = [];
    private readonly Uri _clickhouse;
    private readonly int _partitions;
    private DateTime _end;

    private LogCluster(Uri clickhouse, Uri queries, int brokers, int partitions)
    {
        _clickhouse = clickhouse;
        _partitions = partitions;
        Database = "log_" + Guid.NewGuid().ToString("N");
        Kafka = new MockKafka(brokers);
        Kafka.GroupInitialRebalanceDelay(100);
        Kafka.CreateTopic(Source, 3, Math.Min(brokers, 3));
        Kafka.CreateTopic(Topic, partitions, Math.Min(brokers, 3));
        _connection = new ClickHouseConnection(new ClickHouseOptions { Endpoint = queries, Database = Database });
        Queries = new Queries(_connection);
        _producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = Kafka.BootstrapServers,
            CompressionType = CompressionType.Zstd,
            MessageMaxBytes = 20_000_000,
        }).Build();
    }

    public MockKafka Kafka { get; }

    public string Database { get; }

    public Queries Queries { get; }

    public LogOracle Oracle { get; private set; } = null!;

    public IReadOnlyList<ServiceProcess> Services => _services;

    /// <param name="clickhouse">Where the services write; null for the tests' own ClickHouse, which is always the one that is asked.</param>
    public static LogCluster Start(EngineFixture engine, Uri? clickhouse = null, int brokers = 1, int partitions = 4) =>
        new(clickhouse ?? engine.Endpoint, engine.Endpoint, brokers, partitions);

    /// <summary>Generates uploads and reads them with the oracle.</summary>
    public async Task GenerateAsync(string scenario, ulong seed, long records)
    {
        await new LogpushGenerator(new GeneratorOptions
        {
            Scenario = scenario,
            Seed = seed,
            Records = records,
            Folder = _folder.Combine("uploads"),
            Disorder = Disorder.None,
        }).RunAsync(null, TestContext.Current.CancellationToken);
        Oracle = LogOracle.Read(_folder.Combine("uploads"));
    }

    /// <summary>Starts a service with the roles.</summary>
    public ServiceProcess Serve(string roles, string? crashAt = null, string more = "")
    {
        string config = _folder.Combine($"{roles.Replace(',', '-')}.yaml");
        File.WriteAllText(
            config,
            $"""
            kafka:
              bootstrap_servers: {Kafka.BootstrapServers}
              topic: {Topic}
              session_timeout_secs: 6
            ingest:
              topics: [{Source}]
              linger_ms: 200
            process:
              cut_secs: 1
            clickhouse:
              url: {_clickhouse.ToString().TrimEnd('/')}
              database: {Database}
            metrics:
              listen: ''
            {more}
            """);
        ServiceProcess service = ServiceProcess.Start(_folder.Path, config, roles, crashAt);
        _services.Add(service);
        return service;
    }

    /// <summary>Produces the uploads in their order, in turn as they are, unpacked, as zstd and as single lines, some of them once more much later; then what
    /// closes all windows.</summary>
    public async Task ProduceAsync(Func<int, Task>? between = null)
    {
        string[] files = [.. Directory.EnumerateFiles(_folder.Combine("uploads"), "*.gz", SearchOption.AllDirectories)
            .OrderBy(Path.GetFileName, StringComparer.Ordinal)];
        byte[][] uploads = [.. files.Select(File.ReadAllBytes)];
        for (int i = 0; i < files.Length; i++)
        {
            await ProduceAsync(uploads[i], i);
            if (i % 7 == 3 && i >= SentAgainAfter && (i - SentAgainAfter) % 4 != 3
                && Unpack(uploads[i - SentAgainAfter]).Count((byte)'\n') > 1)
            {
                // As Logpush does, more than an hour later; perhaps compressed in another way. As single lines nobody could know it again.
                await ProduceAsync(uploads[i - SentAgainAfter], i % 3);
            }

            if (between is not null)
            {
                await between(i);
            }
        }

        await CloseAsync();
    }

    /// <summary>Produces one upload in one of four forms.</summary>
    public async Task ProduceAsync(byte[] upload, int form)
    {
        switch (form % 4)
        {
            case 0:
                await SendAsync(upload);
                break;
            case 1:
                await SendAsync(Unpack(upload));
                break;
            case 2:
                using (var packed = new MemoryStream())
                {
                    using (var zstd = new ZstdSharp.CompressionStream(packed, leaveOpen: true))
                    {
                        zstd.Write(Unpack(upload));
                    }

                    await SendAsync(packed.ToArray());
                }

                break;
            default:
                await Task.WhenAll(Encoding.UTF8.GetString(Unpack(upload)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => SendAsync(Encoding.UTF8.GetBytes(line))));
                break;
        }
    }

    /// <summary>Produces records of a later hour for every partition, so that the watermark passes all windows before.</summary>
    public async Task CloseAsync()
    {
        _end = Oracle.Requests().Keys.Max(key => key.Minute).AddHours(3);
        var lines = new StringBuilder();
        for (int i = 0; i < 64 * _partitions; i++)
        {
            lines.Append(
                CultureInfo.InvariantCulture,
                $$"""{"RayID":"{{0x9100000000000000UL + (ulong)(i * 7919):x16}}","EdgeStartTimestamp":"{{_end:yyyy-MM-ddTHH:mm:ss}}Z","ClientRequestHost":"closing.example","ClientRequestMethod":"GET","ClientRequestURI":"/","EdgeResponseStatus":200,"OriginResponseStatus":200}""");
            lines.Append('\n');
        }

        for (int partition = 0; partition < 3; partition++)
        {
            await _producer.ProduceAsync(
                new TopicPartition(Source, partition), new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes(lines.ToString()) });
        }
    }

    /// <summary>Waits until the tables say what the oracle says.</summary>
    public async Task ExpectOracleAsync()
    {
        StoredCounts stored = StoredCounts.OfLog(Queries, _end.AddHours(-1));
        Dictionary<OracleEndpoint, OracleRequests> requests = Oracle.Requests();
        Dictionary<(OracleEndpoint Endpoint, string Control, string Rule, string Action), (long Count, long Lost)> mitigations = Oracle.Mitigations();
        using var late = new CancellationTokenSource(s_limit);
        string differences;
        do
        {
            Assert.All(_services.Where(service => service.HasExited && service.ExitCode is not (0 or 137)), service => Assert.Fail(service.Stderr));
            await Task.Delay(200, TestContext.Current.CancellationToken);
            differences = await DifferencesAsync(stored, requests);
            if (differences.Length == 0)
            {
                differences = StoredCounts.Differences(mitigations, await stored.MitigationsAsync());
            }
        }
        while (differences.Length > 0 && !late.IsCancellationRequested);

        TestContext.Current.TestOutputHelper?.WriteLine(await QualityAsync());
        Assert.True(
            differences.Length == 0,
            $"{await QualityAsync()}\n{differences}\nThe services said:\n{string.Join("\n--\n", _services.Select(service => Tail(service.Stderr)))}");
    }

    /// <summary>Waits until a service has written something.</summary>
    public async Task HasRowsAsync()
    {
        using var late = new CancellationTokenSource(s_limit);
        while (await DifferencesAsync(StoredCounts.OfLog(Queries, DateTime.MaxValue.AddYears(-7900)), []) is not { Length: > 0 } text
            || !text.Contains("keys differ", StringComparison.Ordinal))
        {
            Assert.False(late.IsCancellationRequested, "No service has written anything.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProcess service in _services)
        {
            await service.DisposeAsync();
        }

        _producer.Dispose();
        Kafka.Dispose();
        await Queries.ExecuteAsync($"DROP DATABASE IF EXISTS {Database}", null, CancellationToken.None);
        _connection.Dispose();
        _folder.Dispose();
    }

    /// <summary>What the services say they have received, for the message of a failed test.</summary>
    private async Task<string> QualityAsync()
    {
        IReadOnlyList<string> rows = await Queries.ReadAsync(
            $"SELECT concat(dataset, ' chunk0=', toString(chunk = 0), ' received=', toString(sum(received)), ' counted=', toString(sum(counted)), "
            + $"' duplicates=', toString(sum(duplicates)), ' late=', toString(sum(late))) FROM {Queries.Table("quality_1m")} FINAL "
            + "GROUP BY dataset, chunk = 0 ORDER BY ALL",
            null,
            row => row.GetString(0),
            CancellationToken.None);
        return $"oracle: {Oracle.HttpRequests} requests, {Oracle.FirewallEvents} events, {Oracle.Duplicates} duplicates; tables: {string.Join("; ", rows)}";
    }

    private static string Tail(string text) => text.Length <= 4_000 ? text : text[^4_000..];

    private static byte[] Unpack(byte[] upload)
    {
        using var stream = new GZipStream(new MemoryStream(upload), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        stream.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    private static async Task<string> DifferencesAsync(StoredCounts stored, Dictionary<OracleEndpoint, OracleRequests> requests)
    {
        try
        {
            return StoredCounts.Differences(requests, await stored.RequestsAsync());
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // The database is made by the service.
            return problem.Message;
        }
    }

    private async Task SendAsync(byte[] message) => await _producer.ProduceAsync(Source, new Message<Null, byte[]> { Value = message });
}
