using System.IO.Compression;
using System.Net;
using System.Text;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Ingest;
using CfLogStream.Server.Receiving;
using CfLogStream.Server.Tests.Sources;
using CfLogStream.Server.Tests.Spool;
using Microsoft.Extensions.Logging.Abstractions;

namespace CfLogStream.Server.Tests.Receiving;

/// <summary>A receiver before a spool, and a client.</summary>
internal sealed class ReceiverPlace : IAsyncDisposable
{
    public const string Request =
        """{"RayID":"9100000000000001","EdgeStartTimestamp":"2026-10-01T10:00:00Z","ClientRequestHost":"api.example","ClientRequestMethod":"GET","ClientRequestURI":"/","EdgeResponseStatus":200}""";

    public const string SecurityEvent =
        """{"RayID":"9100000000000001","Datetime":"2026-10-01T10:00:00Z","Action":"block","Source":"firewallcustom","RuleID":"a","ClientRequestHost":"api.example","ClientRequestPath":"/"}""";

    private readonly TemporaryFolder _folder;
    private readonly ReceiverMetrics _metrics;
    private readonly IngestMetrics _ingest;
    private readonly ReceiverServer _server;

    private ReceiverPlace(SpoolFolder spool, ReceiverServer server, ReceiverMetrics metrics, IngestMetrics ingest, TemporaryFolder folder)
    {
        Spool = spool;
        _server = server;
        _metrics = metrics;
        _ingest = ingest;
        _folder = folder;
    }

    public SpoolFolder Spool { get; }

    public HttpClient Client { get; } = new();

    public Uri Endpoint => _server.Endpoint;

    public ReceiverMetrics Metrics => _metrics;

    public static async Task<ReceiverPlace> StartAsync(Func<ReceiverOptions, ReceiverOptions>? change = null, Kafka.Log.ILogWriter? log = null)
    {
        var folder = new TemporaryFolder();
        var spool = new SpoolFolder();
        var metrics = new ReceiverMetrics();
        var ingest = new IngestMetrics();
        var options = new ReceiverOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), Folder = folder.Path };
        ReceiverServer server = await ReceiverServer.StartAsync(
            change?.Invoke(options) ?? options,
            log ?? spool.Log,
            metrics,
            ingest,
            spool.Time,
            NullLogger<ReceiverServer>.Instance,
            TestContext.Current.CancellationToken);
        return new ReceiverPlace(spool, server, metrics, ingest, folder);
    }

    public static byte[] Gzip(string text) => Gzip(Encoding.UTF8.GetBytes(text));

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>Sends a body; returns the status and the text of the answer.</summary>
    public async Task<(int Status, string Text)> SendAsync(byte[] body, string method = "POST", string query = "", string? token = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Endpoint, query)) { Content = new ByteArrayContent(body) };
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", token);
        }

        using HttpResponseMessage answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).TrimEnd('\n'));
    }

    public Task<(int Status, string Text)> SendAsync(string body) => SendAsync(Encoding.UTF8.GetBytes(body));

    /// <summary>What is on the log: records per kind.</summary>
    public string OnTheLog() => string.Join(
        ", ",
        Spool.ReadAll().Messages.Values.GroupBy(slice => slice.Header.Kind).OrderBy(kind => kind.Key)
            .Select(kind => $"{kind.Key} {kind.Sum(slice => slice.Header.Count)}"));

    public IEnumerable<Slice> Slices() => Spool.ReadAll().Messages.Values;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Client.Dispose();
        _metrics.Dispose();
        _ingest.Dispose();
        Spool.Dispose();
        _folder.Dispose();
    }
}
