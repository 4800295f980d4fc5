using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CfLogStream.Server.Receiving;
using CfLogStream.Server.Tests.Sources;

namespace CfLogStream.Server.Tests.Receiving;

/// <summary>What strangers do to an endpoint on the internet; each test prints what it measured.</summary>
public sealed class ReceiverAttackTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SlowHeaders_FromManyConnections_AreGivenUpAndHinderNobody()
    {
        const int Attackers = 300;
        await using ReceiverPlace place = await ReceiverPlace.StartAsync();
        List<Socket> attackers = await ConnectAsync(place, Attackers);
        byte[] begin = Encoding.ASCII.GetBytes("POST / HTTP/1.1\r\nHost: receiver\r\nX-Slow: ");
        foreach (Socket attacker in attackers)
        {
            await attacker.SendAsync(begin, Cancel);
        }

        // One byte each, again and again, so that no connection is ever idle for long.
        int gone = 0;
        long started = Stopwatch.GetTimestamp();
        var uploadMs = new List<double>();
        while (gone < Attackers)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60), $"{gone} of {Attackers} are gone");
            gone = 0;
            foreach (Socket attacker in attackers)
            {
                gone += await TrickleAsync(attacker) ? 0 : 1;
            }

            long sent = Stopwatch.GetTimestamp();
            Assert.Equal(200, (await place.SendAsync(Request(uploadMs.Count))).Status);
            uploadMs.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            await Task.Delay(250, Cancel);
        }

        attackers.ForEach(attacker => attacker.Dispose());
        Print($"{Attackers} slow senders were given up after {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s; "
            + $"{uploadMs.Count} uploads meanwhile took at most {uploadMs.Max():0} ms");
        Assert.Equal($"HttpRequests {uploadMs.Count}", place.OnTheLog());
    }

    [Fact]
    public async Task TenThousandConnections_AreCutToTheLimitAndTheSenderGoesOn()
    {
        const int Many = 10_000;
        await using ReceiverPlace place = await ReceiverPlace.StartAsync();

        // Logpush's connection is there already; the client keeps it.
        Assert.Equal(200, (await place.SendAsync(Request(0))).Status);
        List<Socket> flood = await ConnectAsync(place, Many);
        long sent = Stopwatch.GetTimestamp();
        Assert.Equal(200, (await place.SendAsync(Request(1))).Status);
        double duringMs = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
        await Task.Delay(500, Cancel);
        int open = flood.Count(socket => !IsClosed(socket));
        flood.ForEach(socket => socket.Dispose());

        // When they are gone, there is room for new ones.
        using var client = new HttpClient();
        sent = Stopwatch.GetTimestamp();
        while (!await TrySendAsync(client, place.Endpoint, Request(2)))
        {
            Assert.True(Stopwatch.GetElapsedTime(sent) < TimeSpan.FromSeconds(30));
            await Task.Delay(20, Cancel);
        }

        Print($"{Many} connections: {open} kept, an upload meanwhile took {duringMs:0} ms, "
            + $"a new connection was taken {Stopwatch.GetElapsedTime(sent).TotalMilliseconds:0} ms after they had gone");
        Assert.InRange(open, 1, 1_000);
        Assert.Equal("HttpRequests 3", place.OnTheLog());
    }

    [Theory]
    [InlineData("header of 1 MB", 431)]
    [InlineData("1,000 headers", 431)]
    [InlineData("query of 1 MB", 414)]
    [InlineData("token of 30 kB", 401)]
    public async Task Flood_InTheHead_IsRefusedAndLeavesTheServerAlone(string what, int expected)
    {
        await using ReceiverPlace place = await ReceiverPlace.StartAsync(
            options => options with { Sources = [new ReceiverSource("prod", ["right"])] });
        string head = what switch
        {
            "header of 1 MB" => "POST / HTTP/1.1\r\nHost: r\r\nX-Big: " + new string('x', 1_000_000) + "\r\n\r\n",
            "1,000 headers" => "POST / HTTP/1.1\r\nHost: r\r\n" + string.Concat(Enumerable.Range(0, 1_000).Select(i => $"X-{i}: 1\r\n")) + "\r\n",
            "query of 1 MB" => "POST /?tags=" + new string('x', 1_000_000) + " HTTP/1.1\r\nHost: r\r\n\r\n",
            _ => "POST / HTTP/1.1\r\nHost: r\r\nAuthorization: " + new string('x', 30_000) + "\r\nContent-Length: 0\r\n\r\n",
        };
        long before = GC.GetTotalAllocatedBytes();

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(expected, await StatusOfAsync(place, head));
        }

        Print($"{what}: {expected}, {(GC.GetTotalAllocatedBytes() - before) / 20 / 1024} kB allocated for each, its sender included");
        Assert.Equal(200, (await place.SendAsync(Encoding.UTF8.GetBytes(ReceiverPlace.Request), token: "right")).Status);
    }

    [Fact]
    public async Task Bomb_NestedOrFlat_IsRefusedOrKeptAsADeadLetterInLittleMemory()
    {
        await using ReceiverPlace place = await ReceiverPlace.StartAsync();
        byte[] flat = ReceiverPlace.Gzip(new byte[200_000_000]);
        byte[] lines = new byte[200_000_000];
        Array.Fill(lines, (byte)'{');
        for (int i = 999; i < lines.Length; i += 1_000)
        {
            lines[i] = (byte)'\n';
        }

        long before = GC.GetTotalAllocatedBytes();
        long started = Stopwatch.GetTimestamp();
        (int flatStatus, _) = await place.SendAsync(flat);
        (int linesStatus, _) = await place.SendAsync(ReceiverPlace.Gzip(lines));
        (int nestedStatus, _) = await place.SendAsync(ReceiverPlace.Gzip(flat));
        TimeSpan took = Stopwatch.GetElapsedTime(started);

        Print($"1:{200_000_000 / flat.Length} and nested ones: {took.TotalMilliseconds:0} ms, "
            + $"{(GC.GetTotalAllocatedBytes() - before) / 1_000_000} MB allocated");
        Assert.Equal((413, 413, 200), (flatStatus, linesStatus, nestedStatus));
        Assert.Matches("^DeadLetters [0-9]+$", place.OnTheLog());
    }

    [Fact]
    public async Task RetryStorm_OfOneUpload_IsOneCopyOnTheLog()
    {
        const int Times = 2_000;
        await using ReceiverPlace place = await ReceiverPlace.StartAsync();
        byte[] upload = ReceiverPlace.Gzip(string.Concat(Enumerable.Range(0, 500).Select(i => Request(i) + "\n")));
        int accepted = 0;
        int later = 0;
        long started = Stopwatch.GetTimestamp();

        await Parallel.ForAsync(0, Times, new ParallelOptions { MaxDegreeOfParallelism = 50, CancellationToken = Cancel }, async (_, _) =>
        {
            (int status, string _) = await place.SendAsync(upload);
            Interlocked.Increment(ref status == 200 ? ref accepted : ref later);
            Assert.True(status is 200 or 503, $"{status}");
        });

        Print($"{Times} times in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s: {accepted} acknowledged, {later} told to come again");
        Assert.Equal("HttpRequests 500", place.OnTheLog());
        Assert.Equal(accepted - 1, place.Metrics.Repeated);
    }

    [Fact(Explicit = true)]
    public async Task Upload_OfAGigabyte_IsTakenWithinItsMemory()
    {
        await using ReceiverPlace place = await ReceiverPlace.StartAsync(options => options with { Records = 10_000_000 });
        var random = new Random(7);
        using var packed = new MemoryStream();
        long inflated = 0;
        int records = 0;
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            for (; inflated < 1_000_000_000; records++)
            {
                byte[] line = Encoding.UTF8.GetBytes(Request(records).Replace(
                    "\"ClientRequestURI\":\"/\"", $"\"ClientRequestURI\":\"/{Convert.ToHexString(BitConverter.GetBytes(random.NextInt64()))}/{new string('p', 700)}\"",
                    StringComparison.Ordinal) + "\n");
                inflated += line.Length;
                await gzip.WriteAsync(line, Cancel);
            }
        }

        byte[] upload = packed.ToArray();
        long before = Environment.WorkingSet;
        long started = Stopwatch.GetTimestamp();
        (int status, string text) = await place.SendAsync(upload);

        Print($"{inflated / 1_000_000} MB in {upload.Length / 1_000_000} MB, {records} records: {status} after "
            + $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s, resident memory {before / 1_000_000} to {Environment.WorkingSet / 1_000_000} MB");
        Assert.Equal((200, "ok"), (status, text));
        Assert.InRange(Environment.WorkingSet - before, 0, 500_000_000);
        Assert.Equal($"HttpRequests {records}", place.OnTheLog());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Tls_OverASocket_TakesUploadsAndAChangedCertificate(string version)
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "cert.pem");
        string key = Path.Combine(folder.Path, "key.pem");
        string first = WriteCertificate(file, key, 1);
        await using ReceiverPlace place = await ReceiverPlace.StartAsync(options => options with { CertificateFile = file, KeyFile = key });
        Assert.Equal("https", place.Endpoint.Scheme);

        Assert.Equal((200, first), await SendTlsAsync(place.Endpoint, version, 0));
        string second = WriteCertificate(file, key, 2);
        place.Spool.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((200, second), await SendTlsAsync(place.Endpoint, version, 1));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => new HttpClient().GetAsync(
            new UriBuilder(place.Endpoint) { Scheme = "http" }.Uri, Cancel));

        Assert.Equal("HttpRequests 2", place.OnTheLog());
    }

    private static string Request(int number) => ReceiverPlace.Request.Replace(
        "9100000000000001", string.Create(CultureInfo.InvariantCulture, $"{0x9100000000000000 + ((ulong)number * 7919):x16}"), StringComparison.Ordinal);

    private static void Print(string figures) => TestContext.Current.TestOutputHelper?.WriteLine(figures);

    private static async Task<List<Socket>> ConnectAsync(ReceiverPlace place, int count)
    {
        var sockets = new List<Socket>(count);
        for (int i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(place.Endpoint.Host, place.Endpoint.Port, Cancel);
            sockets.Add(socket);
        }

        return sockets;
    }

    /// <summary>Sends one byte; returns whether the other side still listens.</summary>
    private static async Task<bool> TrickleAsync(Socket socket)
    {
        try
        {
            await socket.SendAsync("x"u8.ToArray(), Cancel);
            return !IsClosed(socket);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Whether the other side has closed, its last answer read or not.</summary>
    private static bool IsClosed(Socket socket)
    {
        try
        {
            byte[] answer = new byte[1024];
            while (socket.Poll(0, SelectMode.SelectRead))
            {
                if (socket.Receive(answer) == 0)
                {
                    return true;
                }
            }

            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static async Task<bool> TrySendAsync(HttpClient client, Uri endpoint, string body)
    {
        try
        {
            using HttpResponseMessage answer = await client.PostAsync(endpoint, new StringContent(body), Cancel);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<int> StatusOfAsync(ReceiverPlace place, string head)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(place.Endpoint.Host, place.Endpoint.Port, Cancel);
        NetworkStream stream = client.GetStream();
        Task sending = stream.WriteAsync(Encoding.ASCII.GetBytes(head), Cancel).AsTask();
        byte[] answer = new byte[12];
        await stream.ReadExactlyAsync(answer, Cancel);
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return int.Parse(Encoding.ASCII.GetString(answer)[9..], CultureInfo.InvariantCulture);
    }

    /// <summary>Sends an upload over a new connection; returns the status and the certificate that was shown.</summary>
    private static async Task<(int Status, string Thumbprint)> SendTlsAsync(Uri endpoint, string version, int number)
    {
        string shown = "";
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) =>
            {
                shown = certificate?.Thumbprint ?? "";
                return true;
            },
        };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Put, endpoint)
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(ReceiverPlace.Gzip(Request(number))),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using HttpResponseMessage answer = await client.SendAsync(request, Cancel);
        return ((int)answer.StatusCode, shown);
    }

    private static string WriteCertificate(string file, string key, int day)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=receiver.example", ecdsa, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(
            new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2036, 1, 1, 0, 0, 0, TimeSpan.Zero));
        File.WriteAllText(file, made.ExportCertificatePem());
        File.WriteAllText(key, ecdsa.ExportPkcs8PrivateKeyPem());
        File.SetLastWriteTimeUtc(file, new DateTime(2030, 1, day, 0, 0, 0, DateTimeKind.Utc));
        return made.Thumbprint;
    }
}
