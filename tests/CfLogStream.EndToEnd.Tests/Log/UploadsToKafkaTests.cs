using System.Net;
using System.Net.Sockets;
using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>The receiver and a watched folder before a log in Kafka, with the roles in processes of their own.</summary>
public sealed class UploadsToKafkaTests(EngineFixture engine)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Uploads_OverHttpAndFromAFolder_AreCountedOnceAcrossAKill()
    {
        await using LogCluster cluster = LogCluster.Start(engine);
        await cluster.GenerateAsync("custom-rule-hits-api", 71, 5_000);
        string inbox = cluster.Folder("inbox");
        var receiver = new Uri($"http://127.0.0.1:{FreePort()}/");
        var settings = new ServiceSettings
        {
            More = $"receiver: {{listen: '{receiver.Authority}'}}\nfolders: [{{name: inbox, path: '{inbox}', poll_secs: 1}}]",
        };
        ServiceProcess ingest = cluster.Serve("ingest", settings: settings);
        cluster.Serve("process");
        string[] uploads = [.. cluster.UploadFiles()];
        using var http = new HttpClient();
        for (int i = 0; i < uploads.Length; i++)
        {
            if (i == uploads.Length / 4)
            {
                ingest.Kill();
                await ingest.WaitAsync(TimeSpan.FromSeconds(10));
                cluster.Serve("ingest", settings: settings);
            }

            if (i < uploads.Length / 2)
            {
                await SendAsync(http, receiver, uploads[i]);
            }
            else
            {
                File.Copy(uploads[i], Path.Combine(inbox, Path.GetFileName(uploads[i])));
            }
        }

        // Some come again, by the other way.
        File.Copy(uploads[3], Path.Combine(inbox, Path.GetFileName(uploads[3])));
        await cluster.UntilRowsAsync(
            $"SELECT toUInt64(count()) FROM {cluster.Database}.objects_read FINAL WHERE key != ''",
            (ulong)(uploads.Length - (uploads.Length / 2) + 1));
        await SendAsync(http, receiver, uploads[^1]);
        await cluster.CloseAsync();
        await cluster.ExpectOracleAsync();
    }

    private static async Task SendAsync(HttpClient http, Uri receiver, string file)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        late.CancelAfter(s_limit);
        byte[] body = await File.ReadAllBytesAsync(file, Cancel);
        while (true)
        {
            try
            {
                using HttpResponseMessage answer = await http.PostAsync(receiver, new ByteArrayContent(body), late.Token);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // The service is down.
            }

            await Task.Delay(50, late.Token);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
