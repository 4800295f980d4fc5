using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using CfLogStream.Benchmarks.Log;

namespace CfLogStream.Benchmarks.Receive;

/// <summary>Sends an upload of one record every second, each with a host of its own, and asks ClickHouse until the row is there.</summary>
/// <remarks>A probe has the time of the newest upload of the load that was acknowledged, so it ends no window early and is no late
/// one.</remarks>
internal sealed class Probes(StandaloneService service, UploadSender sender, DateTimeOffset begin)
{
    /// <summary>How often the rows are looked for: no figure is finer than this.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private const string Zone = "probe.example";
    private const int Fewest = 5;

    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);

    private readonly ConcurrentDictionary<string, long> _acknowledged = new();
    private readonly ConcurrentDictionary<string, long> _seen = new();
    private long _now = begin.ToUnixTimeSeconds();

    /// <summary>Probes that were acknowledged.</summary>
    public int Count => _acknowledged.Count;

    /// <summary>From the acknowledgement of each probe until its row was there.</summary>
    public IReadOnlyList<double> VisibleMs =>
    [
        .. _acknowledged.Where(probe => _seen.ContainsKey(probe.Key))
            .Select(probe => Math.Max(0, Stopwatch.GetElapsedTime(probe.Value, _seen[probe.Key]).TotalMilliseconds)),
    ];

    /// <summary>Moves the time of the probes on to that of an upload.</summary>
    public void Advance(Upload upload)
    {
        long end = upload.End.ToUnixTimeSeconds() - 1;
        long now;
        while ((now = Volatile.Read(ref _now)) < end && Interlocked.CompareExchange(ref _now, end, now) != now)
        {
        }
    }

    /// <summary>Probes while something runs, then waits until the last row is there.</summary>
    public async Task RunAsync(Task load)
    {
        Task sending = SendAsync(load);
        long ended = 0;
        while (true)
        {
            bool isAllSent = sending.IsCompleted;
            await LookAsync().ConfigureAwait(false);
            if (isAllSent)
            {
                ended = ended == 0 ? Stopwatch.GetTimestamp() : ended;
                if (_acknowledged.Keys.All(_seen.ContainsKey) || Stopwatch.GetElapsedTime(ended) > s_limit)
                {
                    break;
                }
            }

            await Task.Delay(Poll).ConfigureAwait(false);
        }

        await sending.ConfigureAwait(false);
    }

    private async Task SendAsync(Task load)
    {
        using var timer = new PeriodicTimer(s_every);
        for (int i = 0; !load.IsCompleted || i < Fewest; i++)
        {
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
            string host = string.Create(CultureInfo.InvariantCulture, $"p{i}.{Zone}");
            string ray = $"{0x9200000000000000UL + (ulong)(i * 104_729L):x16}";
            string line = ClosingRecords.Request(ray, host, DateTimeOffset.FromUnixTimeSeconds(Volatile.Read(ref _now)));
            await sender.SendAsync(Encoding.UTF8.GetBytes(line), isGzip: false).ConfigureAwait(false);
            _acknowledged[host] = Stopwatch.GetTimestamp();
        }
    }

    private async Task LookAsync()
    {
        if (_acknowledged.Keys.All(_seen.ContainsKey))
        {
            return;
        }

        const string Sql = $"SELECT DISTINCT host FROM cflogstream.requests_1m WHERE zone = '{Zone}'";
        string answer = await service.QueryAsync(Sql).ConfigureAwait(false);
        long now = Stopwatch.GetTimestamp();
        foreach (string host in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            _seen.TryAdd(host, now);
        }
    }
}
