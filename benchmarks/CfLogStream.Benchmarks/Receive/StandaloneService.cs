using System.Globalization;
using CfLogStream.Benchmarks.Log;

namespace CfLogStream.Benchmarks.Receive;

/// <summary>A <c>cflogstream serve</c> without Kafka: receiver, spool and process, with the engine inside it or with no ClickHouse at all.</summary>
internal sealed class StandaloneService : IDisposable
{
    /// <summary>Enough of them for every partition of the spool.</summary>
    public const int ClosingRecordCount = 256;

    // A reading that waits longer than this for the backlog of a load has stopped.
    private const double SlowestBytesPerSecond = 1e6;

    private readonly ServeProcess _process;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Uri _receiver;
    private readonly Uri? _clickhouse;

    private StandaloneService(string program, string folder, UploadLoad load, bool hasClickHouse)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        _receiver = new Uri($"http://127.0.0.1:{ServeProcess.FreePort()}/");
        var clickhouse = new Uri($"http://127.0.0.1:{ServeProcess.FreePort()}/");
        _clickhouse = hasClickHouse ? clickhouse : null;
        _process = new ServeProcess(
            program,
            folder,
            "ingest,process",
            Configuration(
                _receiver.Authority,
                hasClickHouse ? $"embedded_port: {clickhouse.Port}" : $"url: http://{clickhouse.Authority}"),
            TimeSpan.FromSeconds(120 + (load.JsonBytes / SlowestBytesPerSecond)));
    }

    /// <summary>CPU-seconds so far, start included.</summary>
    public double CpuSeconds => _process.CpuSeconds;

    public long PeakBytes => _process.PeakBytes;

    /// <summary>Starts a service with an empty folder; comes back when it takes uploads and its tables are there.</summary>
    public static async Task<StandaloneService> StartAsync(string program, string folder, UploadLoad load, bool hasClickHouse)
    {
        var service = new StandaloneService(program, folder, load, hasClickHouse);
        try
        {
            using UploadSender sender = service.Sender(1);
            await service._process.UntilAsync(sender.IsAnsweredAsync, () => "The receiver does not answer.").ConfigureAwait(false);
            if (hasClickHouse)
            {
                await service._process.UntilAsync(service.HasTablesAsync, () => "ClickHouse does not answer.").ConfigureAwait(false);
            }

            return service;
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }

    /// <summary>The configuration of a service.</summary>
    public static string Configuration(string receiver, string clickhouse) =>
        $$"""
        receiver: {listen: '{{receiver}}'}
        clickhouse: {{{clickhouse}}}
        spool: {max_bytes: 1099511627776}
        """;

    public UploadSender Sender(int senders) => new(_receiver, senders);

    /// <summary>Returns the records that the log has acknowledged.</summary>
    public async Task<long> IngestedAsync() =>
        (long)(await _process.MetricsAsync().ConfigureAwait(false))("cflogstream_ingest_records_total");

    /// <summary>Waits until so many records are in the tables and none is on its way.</summary>
    public async Task ProcessedAsync(long records)
    {
        double done = 0;
        double inFlight = 0;
        await _process.UntilAsync(
            async () =>
            {
                Func<string, double> metrics = await _process.MetricsAsync().ConfigureAwait(false);
                done = metrics("cflogstream_process_records_counted_total") + metrics("cflogstream_process_records_duplicate_total")
                    + metrics("cflogstream_process_records_dead_lettered_total");
                inFlight = metrics("cflogstream_process_records_in_flight");
                return done >= records && inFlight == 0;
            },
            () => string.Create(CultureInfo.InvariantCulture, $"{done} of {records} records are in tables, {inFlight} on their way."))
            .ConfigureAwait(false);
    }

    /// <summary>Returns what the tables have counted, apart from the records that closed the windows.</summary>
    public async Task<StoredRecords> CountsAsync()
    {
        string answer = await QueryAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT sum(received), sum(counted), sum(duplicates) FROM cflogstream.quality_1m FINAL WHERE window < toDateTime({ClosingRecords.Time.ToUnixTimeSeconds()})"))
            .ConfigureAwait(false);
        long[] counts = [.. answer.Split('\t').Select(value => long.Parse(value, CultureInfo.InvariantCulture))];
        return new StoredRecords(counts[0], counts[1], counts[2]);
    }

    /// <summary>Asks the engine inside the service.</summary>
    public async Task<string> QueryAsync(string sql)
    {
        using var content = new StringContent(sql);
        using HttpResponseMessage answer = await _http.PostAsync(_clickhouse, content).ConfigureAwait(false);
        string text = await answer.Content.ReadAsStringAsync().ConfigureAwait(false);
        return answer.IsSuccessStatusCode
            ? text
            : throw new InvalidOperationException($"ClickHouse answered {(int)answer.StatusCode} to '{sql}': {text.Trim()}");
    }

    /// <summary>Ends the service as a supervisor does.</summary>
    public Task EndAsync() => _process.EndAsync();

    public void Dispose()
    {
        _process.Dispose();
        _http.Dispose();
    }

    private async Task<bool> HasTablesAsync()
    {
        try
        {
            await QueryAsync("SELECT count() FROM cflogstream.quality_1m").ConfigureAwait(false);
            return true;
        }
        catch (Exception problem) when (problem is HttpRequestException or InvalidOperationException)
        {
            return false;
        }
    }
}
