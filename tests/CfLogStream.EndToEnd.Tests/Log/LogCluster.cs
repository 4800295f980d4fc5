using System.Globalization;
using System.IO.Compression;
using System.Text;
using CfLogStream.ClickHouse;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.ClickHouse.Schema;
using CfLogStream.Core.Logpush;
using CfLogStream.EndToEnd.Tests.Oracle;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Generator;
using CfLogStream.Kafka.Client;
using CfLogStream.Kafka.Slices;
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

    /// <summary>After how long a silent member is out of the group. librdkafka's broker also lets a rebalance take a second less than this.</summary>
    public const int SessionSecs = 4;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly ClickHouseConnection _connection;
    private readonly IProducer<Null, byte[]> _producer;
    private readonly List<ServiceProcess> _services = [];
    private readonly Uri _clickhouse;
    private readonly int _partitions;
    private readonly Dictionary<OracleEndpoint, OracleRequests> _requests = [];
    private readonly Dictionary<(OracleEndpoint Endpoint, string Control, string Rule, string Action), (long Count, long Lost)> _mitigations = [];
    private int _configurations;
    private int _poison;
    private int _segments;
    private IReadOnlyList<LogBatch> _batches = [];
    private DateTime _last;
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

    public int Partitions => _partitions;

    private string Uploads => _folder.Combine("uploads");

    public Queries Queries { get; }

    /// <summary>The count of the uploads that were generated last.</summary>
    public LogOracle Oracle { get; private set; } = null!;

    public IReadOnlyList<ServiceProcess> Services => _services;

    /// <param name="clickhouse">Where the services write; null for the tests' own ClickHouse, which is always the one that is asked.</param>
    public static LogCluster Start(EngineFixture engine, Uri? clickhouse = null, int brokers = 1, int partitions = 4) =>
        new(clickhouse ?? engine.Endpoint, engine.Endpoint, brokers, partitions);

    /// <summary>Generates uploads and reads them with the oracle. When called again, the next ones are of later hours.</summary>
    public async Task GenerateAsync(string scenario, ulong seed, long records, TimeSpan? duration = null)
    {
        await WriteUploadsAsync(scenario, seed, records, duration);
        Expect(LogOracle.Read(Uploads));
        _last = _requests.Keys.Max(key => key.Minute);
    }

    /// <summary>Generates 40 minutes of batches and rearranges them; the oracle reads what comes of that, <see cref="ProduceBatchesAsync"/> produces it.</summary>
    public async Task<IReadOnlyList<LogBatch>> ArrangeAsync(
        string scenario, ulong seed, long records, Func<IReadOnlyList<LogBatch>, IEnumerable<LogBatch>> arrange)
    {
        await WriteUploadsAsync(scenario, seed, records, TimeSpan.FromMinutes(40), TimeSpan.FromSeconds(30));
        LogBatch[] generated = [.. Directory.EnumerateFiles(Uploads, "*.gz", SearchOption.AllDirectories)
            .Select(file => LogBatch.Read(file, Encoding.UTF8.GetString(Unpack(File.ReadAllBytes(file)))))
            .OrderBy(batch => batch.At).ThenBy(batch => batch.IsEvents)];
        _last = LogOracle.Read(Uploads).Requests().Keys.Max(key => key.Minute);
        _batches = [.. arrange(generated)];
        Expect(LogOracle.Of(_batches.SelectMany(batch => batch.Lines)));
        return _batches;
    }

    /// <summary>Starts a service with the roles.</summary>
    public ServiceProcess Serve(string roles, string? crashAt = null, ServiceSettings? settings = null)
    {
        settings ??= new ServiceSettings();
        string config = _folder.Combine($"serve-{_configurations++}.yaml");
        File.WriteAllText(
            config,
            $"""
            kafka:
              bootstrap_servers: {Kafka.BootstrapServers}
              topic: {Topic}
              group: {settings.Group}
              session_timeout_secs: {SessionSecs}
              properties: [{string.Join(", ", settings.Properties.Select(property => $"'{property}'"))}]
            ingest:
              topics: [{Source}]
              linger_ms: 200
            process:
              cut_secs: {settings.CutSecs}
              cut_records: {settings.CutRecords}
              queue_bytes: {settings.QueueBytes}
            clickhouse:
              url: '{(settings.DataFolder is null ? _clickhouse.ToString().TrimEnd('/') : "")}'
              database: {settings.Database ?? Database}
            metrics:
              listen: ''
            {settings.More}
            """);
        ServiceProcess service = ServiceProcess.Start(_folder.Path, config, roles, crashAt, settings);
        _services.Add(service);
        return service;
    }

    /// <summary>Produces the uploads in their order, in turn as they are, unpacked, as zstd and as single lines, some of them once more much later; then what
    /// closes all windows.</summary>
    public async Task ProduceAsync(Func<int, Task>? between = null)
    {
        await ProduceUploadsAsync(between);
        await CloseAsync();
    }

    /// <summary>Produces the uploads as <see cref="ProduceAsync(Func{int, Task}?)"/> does; windows stay open.</summary>
    public async Task ProduceUploadsAsync(Func<int, Task>? between = null)
    {
        byte[][] uploads = [.. UploadFiles().Select(File.ReadAllBytes)];
        for (int i = 0; i < uploads.Length; i++)
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
    }

    /// <summary>The files of the uploads that were generated last, in the order of their times.</summary>
    public IEnumerable<string> UploadFiles() =>
        Directory.EnumerateFiles(Uploads, "*.gz", SearchOption.AllDirectories).OrderBy(Path.GetFileName, StringComparer.Ordinal);

    /// <summary>A folder for a test's own files.</summary>
    public string Folder(string name) => Directory.CreateDirectory(_folder.Combine(name)).FullName;

    /// <summary>Produces the arranged batches in exactly their order, then what closes all windows.</summary>
    /// <param name="closeWithEvents">Whether that is security events, and not requests.</param>
    public async Task ProduceBatchesAsync(bool closeWithEvents = false)
    {
        foreach (LogBatch batch in _batches)
        {
            await _producer.ProduceAsync(
                new TopicPartition(Source, 0), new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes(string.Join('\n', batch.Lines)) });
        }

        await CloseAsync(closeWithEvents);
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
    public async Task CloseAsync(bool withEvents = false)
    {
        _end = _last.AddHours(6);
        var lines = new StringBuilder();
        for (int i = 0; i < 64 * _partitions; i++)
        {
            string ray = (0x9100000000000000UL + (ulong)(i * 7919)).ToString("x16", CultureInfo.InvariantCulture);
            lines.Append(
                withEvents
                    ? $$"""{"RayID":"{{ray}}","Datetime":"{{_end:yyyy-MM-ddTHH:mm:ss}}Z","ClientRequestHost":"closing.example","ClientRequestMethod":"GET","ClientRequestPath":"/","EdgeResponseStatus":200,"OriginResponseStatus":200,"Action":"log","Source":"firewallCustom","RuleID":"closing","MatchIndex":0}"""
                    : $$"""{"RayID":"{{ray}}","EdgeStartTimestamp":"{{_end:yyyy-MM-ddTHH:mm:ss}}Z","ClientRequestHost":"closing.example","ClientRequestMethod":"GET","ClientRequestURI":"/","EdgeResponseStatus":200,"OriginResponseStatus":200}""");
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
        StoredCounts stored = StoredCounts.OfLog(Queries, _end);
        using var late = new CancellationTokenSource(s_limit);
        string differences;
        do
        {
            Assert.All(_services.Where(service => service.HasExited && service.ExitCode is not (0 or 137)), service => Assert.Fail(service.Stderr));
            await Task.Delay(200, TestContext.Current.CancellationToken);
            differences = await DifferencesAsync(stored, _requests);
            if (differences.Length == 0)
            {
                differences = StoredCounts.Differences(_mitigations, await stored.MitigationsAsync());
            }
        }
        while (differences.Length > 0 && !late.IsCancellationRequested);

        TestContext.Current.TestOutputHelper?.WriteLine(await QualityAsync());
        Assert.True(
            differences.Length == 0,
            $"{await QualityAsync()}\n{differences}\nThe services said:\n{string.Join("\n--\n", _services.Select(service => Tail(service.Stderr)))}");
    }

    /// <summary>Waits until the quality of requests and security events adds up to a number; what closed the windows is not among them.</summary>
    public Task UntilQualityAsync(string column, long expected) => UntilRowsAsync(
        $"SELECT toUInt64(sum({column})) FROM {Database}.quality_1m FINAL "
        + $"WHERE dataset IN ('http_requests', 'firewall_events') AND window != toDateTime('{_end:yyyy-MM-dd HH:mm:ss}', 'UTC')",
        (ulong)expected);

    /// <summary>Waits until a service has written something.</summary>
    public async Task HasRowsAsync()
    {
        using var late = new CancellationTokenSource(s_limit);
        while (await DifferencesAsync(StoredCounts.OfLog(Queries, DateTime.UnixEpoch), []) is not { Length: > 0 } text
            || !text.Contains("keys differ", StringComparison.Ordinal))
        {
            Assert.False(late.IsCancellationRequested, "No service has written anything.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Appends a message to the log that is no slice; returns 1.</summary>
    public async Task<int> PoisonAsync(int partition)
    {
        await _producer.ProduceAsync(
            new TopicPartition(Topic, partition), new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes($"no slice {_poison++}") });
        return 1;
    }

    /// <summary>Waits until the log has all records and what closes the windows, and nothing more comes; returns the ends of its partitions.</summary>
    public async Task<IReadOnlyList<long>> UntilLogIsAsync(long records)
    {
        using var late = new CancellationTokenSource(s_limit);
        long[] before = [];
        while (true)
        {
            await Task.Delay(2_000, TestContext.Current.CancellationToken);
            using IConsumer<Ignore, byte[]> consumer = Consumer();
            long[] now = [.. Enumerable.Range(0, _partitions)
                .Select(partition => consumer.QueryWatermarkOffsets(new TopicPartition(Topic, partition), TimeSpan.FromSeconds(10)).High.Value)];
            if (now.SequenceEqual(before))
            {
                long found = 0;
                for (int partition = 0; partition < _partitions; partition++)
                {
                    found += (await RecordsBeforeAsync(partition, now[partition])).Records;
                }

                if (found >= records)
                {
                    return now;
                }
            }

            Assert.False(late.IsCancellationRequested, "The log does not come to rest.");
            before = now;
        }
    }

    /// <summary>Counts the records, copies not included, in a partition's messages before an offset, rounded up to where the broker can trim.</summary>
    public async Task<(long Records, long Offset)> RecordsBeforeAsync(int partition, long offset)
    {
        using IConsumer<Ignore, byte[]> consumer = Consumer();
        consumer.Assign(new TopicPartitionOffset(Topic, partition, 0));
        var reader = new SliceReader([]);
        LogRecord record = reader.CreateRecord();
        long records = 0;
        long next = 0;
        while (next < offset)
        {
            ConsumeResult<Ignore, byte[]>? result = consumer.Consume(TimeSpan.FromSeconds(10));
            Assert.NotNull(result);
            next = result.Offset.Value + 1;
            SliceHeader header = SliceMessages.HeaderOf(result.Message.Headers);
            Assert.Equal(SliceStatus.Ok, reader.Open(in header, result.Message.Value));
            SliceRecord info;
            if (reader.Kind == SliceKind.DeadLetters)
            {
                while (reader.TryReadNext(out DeadLetter? _, out info))
                {
                    records++;
                }
            }
            else
            {
                while (reader.TryReadNext(record, out info))
                {
                    records += info.IsCopy ? 0 : 1;
                }
            }
        }

        await Task.CompletedTask;
        return (records, next);
    }

    /// <summary>Waits until a group has processed and committed everything.</summary>
    public async Task UntilReadAsync(string group, IReadOnlyList<long> end)
    {
        using var admin = new TopicAdmin(new KafkaOptions { BootstrapServers = Kafka.BootstrapServers, Topic = Topic });
        using var late = new CancellationTokenSource(2 * s_limit);
        while (true)
        {
            IReadOnlyList<PartitionLag> lags = await admin.LagAsync(Topic, group, TestContext.Current.CancellationToken);
            if (lags.Select(lag => lag.Committed ?? 0).SequenceEqual(end))
            {
                return;
            }

            Assert.False(
                late.IsCancellationRequested,
                $"Committed: {string.Join(", ", lags.Select(lag => lag.Committed))} of {string.Join(", ", end)}\n{_services[^1].Stderr}");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Asks ClickHouse until it answers with the number.</summary>
    public async Task UntilRowsAsync(string sql, ulong expected)
    {
        using var late = new CancellationTokenSource(s_limit);
        string found = "";
        while (found != expected.ToString(CultureInfo.InvariantCulture))
        {
            Assert.False(late.IsCancellationRequested, $"{sql}: expected {expected}, found {found}\n{Tail(_services[^1].Stderr)}");
            await Task.Delay(200, TestContext.Current.CancellationToken);
            try
            {
                found = Convert.ToString((await ReadAsync(sql))[0], CultureInfo.InvariantCulture)!;
            }
            catch (ServerAnswerException problem)
            {
                // The tables are made by the service.
                found = problem.Message;
            }
        }
    }

    /// <summary>Reads a column of text.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync(string sql) => [.. (await ReadAsync(sql)).Cast<string>()];

    /// <summary>Brings the tables of a service's own ClickHouse, which has ended, into the one that is asked.</summary>
    public async Task ImportAsync(string dataFolder)
    {
        await new SchemaManager(_connection, RetentionOptions.Off, TimeProvider.System).ApplyAsync(TestContext.Current.CancellationToken);
        foreach (string table in (string[])["requests_1m", "mitigations_1m", "quality_1m"])
        {
            string definition = await File.ReadAllTextAsync(
                Directory.EnumerateFiles(dataFolder, table + ".sql", SearchOption.AllDirectories).First(), TestContext.Current.CancellationToken);
            string id = definition.Split("UUID '")[1].Split('\'')[0];
            string to = Assert.Single(await RowsAsync($"SELECT data_paths[1] FROM system.tables WHERE database = '{Database}' AND name = '{table}'"));
            string from = Directory.EnumerateDirectories(dataFolder, id, SearchOption.AllDirectories).First();
            foreach (string part in Directory.EnumerateDirectories(from).Where(part => File.Exists(Path.Combine(part, "checksums.txt"))))
            {
                foreach (string file in Directory.EnumerateFiles(part, "*", SearchOption.AllDirectories))
                {
                    string copy = Path.Combine(to, "detached", Path.GetRelativePath(from, file));
                    Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                    File.Copy(file, copy);
                }
            }

            await Queries.ExecuteAsync($"ALTER TABLE {Database}.{table} ATTACH PARTITION ALL", null, TestContext.Current.CancellationToken);
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
        await Queries.ExecuteAsync($"DROP DATABASE IF EXISTS {Database}_busy", null, CancellationToken.None);
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

    private async Task WriteUploadsAsync(string scenario, ulong seed, long records, TimeSpan? duration, TimeSpan? interval = null)
    {
        if (Directory.Exists(Uploads))
        {
            Directory.Delete(Uploads, recursive: true);
        }

        await new LogpushGenerator(new GeneratorOptions
        {
            Scenario = scenario,
            Seed = seed,
            Records = records,
            Folder = Uploads,
            Disorder = Disorder.None,
            Duration = duration,
            BatchInterval = interval,
            Start = GeneratorDefaults.Start + (_segments * (duration ?? TimeSpan.Zero)),
        }).RunAsync(null, TestContext.Current.CancellationToken);
        _segments++;
    }

    /// <summary>Adds what the oracle has counted to what the tables must say.</summary>
    private void Expect(LogOracle oracle)
    {
        Oracle = oracle;
        foreach ((OracleEndpoint key, OracleRequests value) in oracle.Requests())
        {
            _requests.Add(key, value);
        }

        foreach ((var key, (long Count, long Lost) value) in oracle.Mitigations())
        {
            _mitigations.Add(key, value);
        }
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

    private async Task<IReadOnlyList<object>> ReadAsync(string sql) =>
        await Queries.ReadAsync(sql, null, row => row.GetValue(0), TestContext.Current.CancellationToken);

    private IConsumer<Ignore, byte[]> Consumer() => new ConsumerBuilder<Ignore, byte[]>(
        new ConsumerConfig { BootstrapServers = Kafka.BootstrapServers, GroupId = "test", EnableAutoCommit = false }).Build();

    private async Task SendAsync(byte[] message) => await _producer.ProduceAsync(Source, new Message<Null, byte[]> { Value = message });
}
