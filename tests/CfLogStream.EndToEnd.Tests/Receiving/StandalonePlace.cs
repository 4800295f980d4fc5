using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CfLogStream.ClickHouse;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.EndToEnd.Tests.Log;
using CfLogStream.EndToEnd.Tests.Oracle;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Generator;

namespace CfLogStream.EndToEnd.Tests.Receiving;

/// <summary>A service on one machine without Kafka, a sender that sends as Logpush does, and what the oracle says of the uploads.</summary>
internal sealed class StandalonePlace : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly ClickHouseConnection _connection;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly List<ServiceProcess> _services = [];
    private readonly Queries _queries;
    private readonly string _database;
    private readonly bool _isEmbedded;
    private readonly string _config;
    private readonly Uri _receiver;
    private DateTime _end;
    private LogOracle _oracle = null!;

    private StandalonePlace(Uri? clickhouse, string more, bool hasMetrics)
    {
        _isEmbedded = clickhouse is null;
        _database = _isEmbedded ? "cflogstream" : "spool_" + Guid.NewGuid().ToString("N");
        Metrics = hasMetrics ? new Uri($"http://127.0.0.1:{FreePort()}") : null;
        _receiver = new Uri($"http://127.0.0.1:{FreePort()}/logpush?tags=dataset:all");
        clickhouse ??= new Uri($"http://127.0.0.1:{FreePort()}");
        _connection = new ClickHouseConnection(new ClickHouseOptions { Endpoint = clickhouse, Database = _database });
        _queries = new Queries(_connection);
        _config = _folder.Combine("config.yaml");
        string store = _isEmbedded ? $"embedded_port: {clickhouse.Port}" : $"url: {clickhouse.ToString().TrimEnd('/')}";
        File.WriteAllText(
            _config,
            $"""
            receiver:
              listen: {_receiver.Authority}
            process:
              cut_secs: 1
            clickhouse:
              {store}
              database: {_database}
            metrics:
              listen: '{Metrics?.Authority}'
            {more}
            """);
    }

    /// <summary>How long each upload that was acknowledged at the first try took.</summary>
    public List<double> AcknowledgedMs { get; } = [];

    /// <summary>Uploads that had to be sent more than once.</summary>
    public int Retried { get; private set; }

    public ServiceProcess Service => _services[^1];

    /// <summary>The uploads with their paths below the folder they were written to, in order.</summary>
    public IReadOnlyList<(string Name, byte[] Content)> Uploads { get; private set; } = [];

    public string Database => _database;

    public string Folder => _folder.Path;

    public string Data => _folder.Combine("cflogstream-data");

    public string Spool => _folder.Combine("cflogstream-data/spool");

    public string Config => _config;

    public Uri Receiver => _receiver;

    /// <summary>Where the service shows its metrics and whether it is ready; null when it does not.</summary>
    public Uri? Metrics { get; }

    public ClickHouseConnection Connection => _connection;

    public Queries Queries => _queries;

    /// <param name="clickhouse">The ClickHouse to write to; null for the one inside the service.</param>
    /// <param name="hasMetrics">Whether it shows its metrics.</param>
    public static StandalonePlace Make(Uri? clickhouse, string more = "", bool hasMetrics = false) => new(clickhouse, more, hasMetrics);

    /// <summary>Generates uploads and reads them with the oracle.</summary>
    public async Task<IReadOnlyList<byte[]>> GenerateAsync(string scenario, ulong seed, long records, DateTimeOffset? start = null)
    {
        await new LogpushGenerator(new GeneratorOptions
        {
            Scenario = scenario,
            Seed = seed,
            Records = records,
            Folder = _folder.Combine("uploads"),
            Disorder = Disorder.None,
            Start = start ?? new GeneratorOptions().Start,
        }).RunAsync(null, TestContext.Current.CancellationToken);
        _oracle = LogOracle.Read(_folder.Combine("uploads"));
        Uploads =
        [
            .. Directory.EnumerateFiles(_folder.Combine("uploads"), "*.gz", SearchOption.AllDirectories)
                .OrderBy(Path.GetFileName, StringComparer.Ordinal)
                .Select(file => (Path.GetRelativePath(_folder.Combine("uploads"), file), File.ReadAllBytes(file))),
        ];
        return [.. Uploads.Select(upload => upload.Content)];
    }

    /// <param name="data">The data folder; null for the usual one.</param>
    public void Serve(string? crashAt = null, ServiceSettings? settings = null, string? data = null) => _services.Add(
        ServiceProcess.Start(_folder.Path, _config, "ingest,process", crashAt, settings ?? new ServiceSettings { DataFolder = data }));

    /// <summary>Adds to the configuration.</summary>
    public void Configure(string yaml) => File.AppendAllText(_config, "\n" + yaml);

    /// <summary>Sends an upload until it is acknowledged, as Logpush does.</summary>
    public async Task SendAsync(byte[] upload)
    {
        using var late = new CancellationTokenSource(s_limit);
        for (int tries = 1; ; tries++)
        {
            long started = TimeProvider.System.GetTimestamp();
            try
            {
                using HttpResponseMessage answer = await _http.PostAsync(_receiver, new ByteArrayContent(upload), late.Token);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    if (tries == 1)
                    {
                        AcknowledgedMs.Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
                    }
                    else
                    {
                        Retried++;
                    }

                    return;
                }
            }
            catch (HttpRequestException)
            {
                // The service is down.
            }

            Assert.False(late.IsCancellationRequested || Service is { HasExited: true, ExitCode: not 137 }, Service.Stderr);
            await Task.Delay(50, late.Token);
        }
    }

    /// <summary>Sends records of a later hour for every partition, so that the watermark passes all windows before.</summary>
    public async Task CloseAsync()
    {
        _end = _oracle.Requests().Keys.Max(key => key.Minute).AddHours(3);
        var lines = new StringBuilder();
        for (int i = 0; i < 256; i++)
        {
            lines.Append(
                CultureInfo.InvariantCulture,
                $$"""{"RayID":"{{0x9100000000000000UL + (ulong)(i * 7919):x16}}","EdgeStartTimestamp":"{{_end:yyyy-MM-ddTHH:mm:ss}}Z","ClientRequestHost":"closing.example","ClientRequestMethod":"GET","ClientRequestURI":"/","EdgeResponseStatus":200,"OriginResponseStatus":200}""");
            lines.Append('\n');
        }

        await SendAsync(Encoding.UTF8.GetBytes(lines.ToString()));
    }

    /// <summary>Waits until the tables say what the oracle says.</summary>
    public async Task ExpectOracleAsync()
    {
        StoredCounts stored = StoredCounts.OfLog(_queries, _end.AddHours(-1));
        Dictionary<OracleEndpoint, OracleRequests> requests = _oracle.Requests();
        Dictionary<(OracleEndpoint Endpoint, string Control, string Rule, string Action), (long Count, long Lost)> mitigations = _oracle.Mitigations();
        using var late = new CancellationTokenSource(s_limit);
        string differences;
        do
        {
            await Task.Delay(200, TestContext.Current.CancellationToken);
            try
            {
                differences = StoredCounts.Differences(requests, await stored.RequestsAsync());
                differences += StoredCounts.Differences(mitigations, await stored.MitigationsAsync());
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                // The database is made by the service.
                differences = problem.Message;
            }
        }
        while (differences.Length > 0 && !late.IsCancellationRequested);

        Assert.True(differences.Length == 0, $"{differences}\nThe services said:\n{string.Join("\n--\n", _services.Select(service => service.Stderr))}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProcess service in _services)
        {
            await service.DisposeAsync();
        }

        if (!_isEmbedded)
        {
            try
            {
                await _queries.ExecuteAsync($"DROP DATABASE IF EXISTS {_database}", null, CancellationToken.None);
            }
            catch (HttpRequestException)
            {
                // A test may name a ClickHouse that is not there.
            }
        }

        _connection.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
