using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace CfLogStream.Benchmarks.Receive;

/// <summary>Sends uploads as Logpush does, some at the same time, over connections that stay open, each until it is acknowledged.</summary>
internal sealed class UploadSender : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;
    private readonly Uri _receiver;

    public UploadSender(Uri receiver, int senders)
    {
        _receiver = receiver;
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = senders + 1, UseProxy = false }) { Timeout = s_limit };
    }

    /// <summary>Whether the receiver takes uploads: it answers one that only tries it.</summary>
    public async Task<bool> IsAnsweredAsync()
    {
        try
        {
            using HttpResponseMessage answer = await _http.PostAsync(_receiver, new StringContent("test")).ConfigureAwait(false);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Sends a load in its order.</summary>
    /// <param name="recordsPerSecond">At which pace; null for as fast as they are acknowledged.</param>
    /// <param name="acknowledged">Is told of each upload that was acknowledged.</param>
    public async Task<LoadResult> SendAsync(UploadLoad load, int senders, double? recordsPerSecond = null, Action<Upload>? acknowledged = null)
    {
        var result = new LoadResult();
        IReadOnlyList<Upload> uploads = load.Uploads;
        TimeSpan[] times = [.. TimesOf(uploads, recordsPerSecond)];
        int next = -1;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(SendNextAsync))).ConfigureAwait(false);
        result.WallSeconds = clock.Elapsed.TotalSeconds;
        return result;

        async Task SendNextAsync()
        {
            int i;
            while ((i = Interlocked.Increment(ref next)) < uploads.Count)
            {
                byte[] body = await File.ReadAllBytesAsync(uploads[i].File).ConfigureAwait(false);
                TimeSpan early = times[i] - clock.Elapsed;
                if (early > TimeSpan.Zero)
                {
                    await Task.Delay(early).ConfigureAwait(false);
                }

                (double ms, int refused) = await SendAsync(body, isGzip: true).ConfigureAwait(false);
                result.Add(ms, refused);
                acknowledged?.Invoke(uploads[i]);
            }
        }
    }

    /// <summary>Sends one upload until it is acknowledged; returns how long that took, and how often it was refused before.</summary>
    public async Task<(double Ms, int Refused)> SendAsync(byte[] body, bool isGzip)
    {
        long started = Stopwatch.GetTimestamp();
        for (int refused = 0; ; refused++)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("text/plain");
            if (isGzip)
            {
                content.Headers.ContentEncoding.Add("gzip");
            }

            using HttpResponseMessage answer = await _http.PostAsync(_receiver, content).ConfigureAwait(false);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return (Stopwatch.GetElapsedTime(started).TotalMilliseconds, refused);
            }

            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || Stopwatch.GetElapsedTime(started) > s_limit)
            {
                string text = await answer.Content.ReadAsStringAsync().ConfigureAwait(false);
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture, $"An upload of {body.Length} bytes was answered {(int)answer.StatusCode}: {text.Trim()}"));
            }

            await Task.Delay(s_retry).ConfigureAwait(false);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Returns when each upload is due: when the records before it have had their time.</summary>
    private static IEnumerable<TimeSpan> TimesOf(IReadOnlyList<Upload> uploads, double? recordsPerSecond)
    {
        long before = 0;
        foreach (Upload upload in uploads)
        {
            yield return recordsPerSecond is { } rate ? TimeSpan.FromSeconds(before / rate) : TimeSpan.Zero;
            before += upload.Records;
        }
    }
}
