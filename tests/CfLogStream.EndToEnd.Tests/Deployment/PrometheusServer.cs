using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Deployment;

/// <summary>A real Prometheus that scrapes one service every two seconds.</summary>
internal sealed class PrometheusServer : IDisposable
{
    private const string Program = "/usr/bin/prometheus";

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http;
    private readonly Process _process;

    private PrometheusServer(Uri service)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        File.WriteAllText(
            _folder.Combine("prometheus.yml"),
            $$"""
            global: {scrape_interval: 2s}
            scrape_configs:
              - job_name: cflogstream
                static_configs:
                  - targets: ['{{service.Authority}}']
            """);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        _process = Process.Start(new ProcessStartInfo(
            Program,
            [
                "--config.file=" + _folder.Combine("prometheus.yml"), "--storage.tsdb.path=" + _folder.Combine("data"),
                string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}"), "--log.level=error",
            ]))!;
    }

    public static PrometheusServer Start(Uri service)
    {
        Assert.SkipUnless(File.Exists(Program), "prometheus (Debian package prometheus) is not here; tests/run.sh installs it.");
        return new PrometheusServer(service);
    }

    /// <summary>Returns the values that a query gives now; none while the server does not answer yet.</summary>
    /// <exception cref="InvalidOperationException">The query is wrong.</exception>
    public async Task<IReadOnlyList<double>> QueryAsync(string query)
    {
        using var content = new FormUrlEncodedContent([new("query", query)]);
        try
        {
            using HttpResponseMessage answer = await _http.PostAsync(new Uri("/api/v1/query", UriKind.Relative), content, TestContext.Current.CancellationToken);
            string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                return [];
            }

            using var document = JsonDocument.Parse(text);
            return document.RootElement.GetProperty("status").GetString() == "success"
                ?
                [
                    .. document.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()
                        .Select(series => double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)),
                ]
                : throw new InvalidOperationException($"'{query}': {text}");
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }
}
