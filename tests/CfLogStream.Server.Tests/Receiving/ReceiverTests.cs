using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CfLogStream.Kafka.Client;
using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Tests.Receiving;

public sealed class ReceiverTests
{
    private const string Both = ReceiverPlace.Request + "\n" + ReceiverPlace.SecurityEvent + "\n";

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task Upload_OfBothDatasets_IsOnTheLogWhenItIsAnswered(string method)
    {
        await using ReceiverPlace place = await ReceiverPlace.StartAsync();

        (int status, string text) = await place.SendAsync(ReceiverPlace.Gzip(Both), method);

        Assert.Equal((200, "ok"), (status, text));
        Assert.Equal("HttpRequests 1, FirewallEvents 1", place.OnTheLog());
    }

    [Fact]
    public async Task Upload_PlainOrInSeveralMembers_IsTaken()
    {
        await using ReceiverPlace place = await ReceiverPlace.StartAsync();

        await place.SendAsync(Encoding.UTF8.GetBytes(ReceiverPlace.Request), query: "/any/path");
        await place.SendAsync([.. ReceiverPlace.Gzip(ReceiverPlace.Request + "\n"), .. ReceiverPlace.Gzip(ReceiverPlace.SecurityEvent)]);

        Assert.Equal("HttpRequests 2, FirewallEvents 1", place.OnTheLog());
    }

    [Fact]
    public async Task Upload_WithAQuery_CarriesItAsItsSource()
    {
        await using ReceiverPlace place = await ReceiverPlace.StartAsync();

        await place.SendAsync(Encoding.UTF8.GetBytes(Both), query: "/?tags=host:a.example,dataset:http_requests");

        Assert.All(place.Slices(), slice => Assert.Equal("push?tags=host:a.example,dataset:http_requests", SourceOf(slice)));
    }

    [Theory]
    [InlineData("""{"content":"test"}""")]
    [InlineData("""{"content":"tests"}""")]
    [InlineData("{\"content\": \"test\"}\n")]
    [InlineData("test")]
    [InlineData("")]
    [InlineData("\n")]
    public async Task Validation_InAllSeenForms_IsAnsweredAndLeavesNothing(string body)
    {
        await using ReceiverPlace place = await ReceiverPlace.StartAsync();

        Assert.Equal(200, (await place.SendAsync(body)).Status);
        Assert.Equal(200, (await place.SendAsync(ReceiverPlace.Gzip(body), "PUT")).Status);
        Assert.Equal("", place.OnTheLog());
    }

    [Fact]
    public async Task Upload_ThatIsNoRecords_IsKeptAsDeadLettersAndAcknowledged()
    {
        await using ReceiverPlace place = await ReceiverPlace.StartAsync();

        Assert.Equal(200, (await place.SendAsync("{\"RayID\":\n<html>\n" + ReceiverPlace.Request)).Status);

        Assert.Equal("HttpRequests 1, DeadLetters 2", place.OnTheLog());
    }

    [Fact]
    public async Task Upload_DamagedInTheMiddle_KeepsWhatCanBeReadAndADeadLetter()
    {
        await using ReceiverPlace place = await ReceiverPlace.StartAsync();
        byte[] body = [.. ReceiverPlace.Gzip(ReceiverPlace.Request + "\n"), .. ReceiverPlace.Gzip(ReceiverPlace.SecurityEvent + "\n")];

        Assert.Equal(200, (await place.SendAsync(body[..^6])).Status);

        Assert.Contains("HttpRequests 1", place.OnTheLog(), StringComparison.Ordinal);
        Assert.Contains("DeadLetters 1", place.OnTheLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_SentAgain_IsAcknowledgedWithoutASecondCopy()
    {
        await using ReceiverPlace place = await ReceiverPlace.StartAsync();

        (int Status, string Text)[] answers = await Task.WhenAll(
            place.SendAsync(ReceiverPlace.Gzip(Both)), place.SendAsync(ReceiverPlace.Gzip(Both)), place.SendAsync(Both), place.SendAsync(Both));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal("HttpRequests 1, FirewallEvents 1", place.OnTheLog());
        Assert.Equal(3, place.Metrics.Repeated);
    }

    [Fact]
    public async Task Token_MustBeOneOfThoseOfASource()
    {
        await using ReceiverPlace place = await ReceiverPlace.StartAsync(options => options with
        {
            Sources = [new("prod", ["old-secret", "new-secret"]), new("test", ["third"])],
        });
        byte[] body = Encoding.UTF8.GetBytes(Both);

        Assert.Equal((401, "The header 'Authorization' has no token that is known here."), await place.SendAsync(body));
        Assert.Equal(401, (await place.SendAsync(body, token: "old-secre")).Status);
        Assert.Equal(401, (await place.SendAsync(body, token: "Bearer ")).Status);
        Assert.Equal("", place.OnTheLog());
        Assert.Equal(200, (await place.SendAsync(body, token: "old-secret")).Status);
        Assert.Equal(200, (await place.SendAsync(body, token: "Bearer new-secret")).Status);
        Assert.Equal(200, (await place.SendAsync(Encoding.UTF8.GetBytes(ReceiverPlace.Request), token: "third")).Status);
        Assert.Equal(["prod", "prod", "test"], place.Slices().Select(SourceOf));
    }

    [Fact]
    public async Task Network_ThatIsNotListed_IsRefused()
    {
        await using ReceiverPlace place = await ReceiverPlace.StartAsync(options => options with { Networks = [new(new([10, 0, 0, 0]), 8)] });

        Assert.Equal((403, "Your network is not in receiver.networks."), await place.SendAsync(Both));
    }

    [Fact]
    public async Task Method_OtherThanPostAndPut_IsRefused()
    {
        await using ReceiverPlace place = await ReceiverPlace.StartAsync();

        Assert.Equal((405, "Send Logpush uploads here by POST or PUT."), await place.SendAsync([], "DELETE"));
    }

    [Fact]
    public async Task Upload_OverALimit_IsRefusedWithASentence()
    {
        await using ReceiverPlace place = await ReceiverPlace.StartAsync(options => options with
        {
            BodyBytes = 200_000,
            InflatedBytes = 100_000_000,
            Records = 3,
        });

        Assert.Equal(
            (413, "The upload has 200001 bytes or more; at most 200000 are taken (receiver.body_bytes). Set the job's max_upload_bytes "
                + "below that."),
            await place.SendAsync(new byte[200_001]));
        Assert.Equal(
            (413, "The upload has more than 3 lines (receiver.records). Set the job's max_upload_records to that or less."),
            await place.SendAsync("a\nb\nc\nd\n"));
        (int status, string text) = await place.SendAsync(ReceiverPlace.Gzip(new byte[40_000_000]));
        Assert.Equal(413, status);
        Assert.StartsWith("The upload is more than 400 times as large when it is inflated (receiver.inflation_ratio): "
            + "", text, StringComparison.Ordinal);
        Assert.Equal("", place.OnTheLog());
        Assert.Equal(200, (await place.SendAsync(Both)).Status);
    }

    [Fact]
    public async Task Upload_WhileAllPlacesAreTaken_IsAskedToComeAgain()
    {
        await using ReceiverPlace place = await ReceiverPlace.StartAsync(options => options with { Uploads = 1 });
        using var slow = new TcpClient();
        await slow.ConnectAsync("127.0.0.1", place.Endpoint.Port, TestContext.Current.CancellationToken);
        await slow.GetStream().WriteAsync(Head(1_000, "Expect: 100-continue\r\n"), TestContext.Current.CancellationToken);

        // The receiver asks for the body once the upload has its place.
        byte[] goOn = new byte[12];
        await slow.GetStream().ReadExactlyAsync(goOn, TestContext.Current.CancellationToken);
        HttpResponseMessage answer = await place.Client.PostAsync(place.Endpoint, new StringContent(Both), TestContext.Current.CancellationToken);

        Assert.Equal("HTTP/1.1 100", Encoding.ASCII.GetString(goOn));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("5", Assert.Single(answer.Headers.GetValues("Retry-After")));
        slow.Close();
        await UntilAsync(() => place.Client.PostAsync(place.Endpoint, new StringContent(Both)), 200);
    }

    [Fact]
    public async Task Sender_ThatGoesAwayInTheMiddle_LeavesNothing()
    {
        await using ReceiverPlace place = await ReceiverPlace.StartAsync(options => options with { Uploads = 1 });
        using (var gone = new TcpClient())
        {
            await gone.ConnectAsync("127.0.0.1", place.Endpoint.Port, TestContext.Current.CancellationToken);
            await gone.GetStream().WriteAsync(Head(Both.Length + 10), TestContext.Current.CancellationToken);
            await gone.GetStream().WriteAsync(Encoding.UTF8.GetBytes(Both), TestContext.Current.CancellationToken);
        }

        await UntilAsync(() => place.Client.PostAsync(place.Endpoint, new StringContent(ReceiverPlace.Request)), 200);

        Assert.Equal("HttpRequests 1", place.OnTheLog());
    }

    [Fact]
    public async Task Sender_ThatIsTooSlow_IsGivenUp()
    {
        await using ReceiverPlace place = await ReceiverPlace.StartAsync(options => options with { Timeout = TimeSpan.FromMilliseconds(300) });
        using var slow = new TcpClient();
        await slow.ConnectAsync("127.0.0.1", place.Endpoint.Port, TestContext.Current.CancellationToken);
        await slow.GetStream().WriteAsync(Head(1_000), TestContext.Current.CancellationToken);

        byte[] answer = new byte[12];
        await slow.GetStream().ReadExactlyAsync(answer, TestContext.Current.CancellationToken);

        Assert.Equal("HTTP/1.1 408", Encoding.ASCII.GetString(answer));
    }

    [Fact]
    public async Task Upload_WhileTheLogHasNoRoom_IsAskedToComeAgainAndThenTaken()
    {
        var log = new FullLog();
        await using ReceiverPlace place = await ReceiverPlace.StartAsync(log: log);

        HttpResponseMessage refused = await place.Client.PostAsync(place.Endpoint, new StringContent(Both), TestContext.Current.CancellationToken);
        log.IsFull = false;
        (int status, _) = await place.SendAsync(Both);

        Assert.Equal(503, (int)refused.StatusCode);
        Assert.Equal("30", Assert.Single(refused.Headers.GetValues("Retry-After")));
        Assert.Equal("no room\n", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(200, status);
        Assert.Equal(2, log.Slices);
        Assert.Equal(0, place.Metrics.Repeated);
    }

    [Fact]
    public async Task LargeUpload_OfWhichTheLogTookOnlyAPiece_IsWholeWhenItIsSentAgain()
    {
        var log = new FailingOnceLog();
        await using ReceiverPlace place = await ReceiverPlace.StartAsync(log: log);
        string filler = new('p', 700);
        byte[] upload = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 90_000).Select(i => ReceiverPlace.Request
            .Replace("9100000000000001", (0x9100000000000000 + ((ulong)i * 7919)).ToString("x16", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("\"ClientRequestURI\":\"/\"", $"\"ClientRequestURI\":\"/{filler}\"", StringComparison.Ordinal) + "\n")));

        int first = (await place.SendAsync(upload)).Status;
        int taken = log.Records.Values.Sum();
        int second = (await place.SendAsync(upload)).Status;

        Assert.Equal((503, 200), (first, second));
        Assert.InRange(taken, 1, 89_999);
        Assert.True(log.Repeated > 0);
        Assert.Equal(90_000, log.Records.Values.Sum());
    }

    private static async Task<HttpResponseMessage> UntilAsync(Func<Task<HttpResponseMessage>> send, int status)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            HttpResponseMessage answer = await send();
            if ((int)answer.StatusCode == status)
            {
                return answer;
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static byte[] Head(int length, string more = "") => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"POST / HTTP/1.1\r\nHost: receiver\r\nContent-Length: {length}\r\n{more}\r\n"));

    /// <summary>A slice begins with the name of its source, in Avro.</summary>
    private static string SourceOf(Slice slice)
    {
        ReadOnlySpan<byte> value = slice.Value.Span;
        int length = value[0] >> 1;
        int start = 1;
        if (value[0] >= 0x80)
        {
            length = ((value[0] & 0x7F) | (value[1] << 7)) >> 1;
            start = 2;
        }

        return Encoding.UTF8.GetString(value.Slice(start, length));
    }

    private sealed class FullLog : ILogWriter
    {
        public bool IsFull { get; set; } = true;

        public int Slices { get; private set; }

        public int Partitions => 1;

        public Task AppendAsync(IReadOnlyList<Slice> slices, CancellationToken ct)
        {
            if (IsFull)
            {
                throw new LogAppendException("no room", isTransient: true);
            }

            Slices += slices.Count;
            return Task.CompletedTask;
        }
    }

    /// <summary>A log that refuses its second append, and knows slices as the process role does: by batch, kind and part.</summary>
    private sealed class FailingOnceLog : ILogWriter
    {
        private int _appends;

        public Dictionary<(int Partition, ulong Batch, SliceKind Kind, int Part), int> Records { get; } = [];

        public int Repeated { get; private set; }

        public int Partitions => 4;

        public Task AppendAsync(IReadOnlyList<Slice> slices, CancellationToken ct)
        {
            if (++_appends == 2)
            {
                throw new LogAppendException("no room", isTransient: true);
            }

            foreach (Slice slice in slices)
            {
                Repeated += Records.TryAdd((slice.Partition, slice.Header.Batch, slice.Header.Kind, slice.Header.Part), slice.Header.Count) ? 0 : 1;
            }

            return Task.CompletedTask;
        }
    }
}
