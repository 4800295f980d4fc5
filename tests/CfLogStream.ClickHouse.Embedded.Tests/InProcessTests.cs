using System.Net;
using System.Text;

namespace CfLogStream.ClickHouse.Embedded.Tests;

/// <summary>The way to the engine that takes no socket: as over HTTP, request by request.</summary>
public sealed class InProcessTests : IDisposable
{
    private readonly EmbeddedFixture _fixture;
    private readonly HttpClient _http;

    public InProcessTests(EmbeddedFixture fixture)
    {
        _fixture = fixture;
        _http = new HttpClient(fixture.ClickHouse.CreateHandler()) { BaseAddress = new Uri("http://localhost/") };
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("SELECT number, toString(number) FROM numbers(3) FORMAT TabSeparatedWithNames")]
    [InlineData("SELECT number FROM numbers(300000) FORMAT RowBinary")]
    [InlineData("SELECT 1 FORMAT JSON")]
    [InlineData("SELECT")]
    [InlineData("SELECT throwIf(number = 1000) FROM numbers(2000)")]
    [InlineData("CREATE TABLE IF NOT EXISTS nowhere.x (n UInt8) ENGINE = Memory")]
    public async Task Statement_AnsweredAsOverHttp(string statement)
    {
        using HttpResponseMessage over = await _fixture.Http.PostAsync(new Uri("/", UriKind.Relative), new StringContent(statement), Cancel);
        using HttpResponseMessage within = await _http.PostAsync(new Uri("/", UriKind.Relative), new StringContent(statement), Cancel);

        Assert.Equal(over.StatusCode, within.StatusCode);
        Assert.Equal(Names(over), Names(within));
        Assert.Equal(Header(over, "X-ClickHouse-Exception-Code"), Header(within, "X-ClickHouse-Exception-Code"));
        Assert.Equal(over.Content.Headers.ContentType, within.Content.Headers.ContentType);
        Assert.Equal(Untimed(await over.Content.ReadAsByteArrayAsync(Cancel)), Untimed(await within.Content.ReadAsByteArrayAsync(Cancel)));
    }

    [Fact]
    public async Task Ping_Answers() => Assert.Equal("Ok.\n", await _http.GetStringAsync(new Uri("/ping", UriKind.Relative), Cancel));

    [Fact]
    public async Task WrongPassword_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("SELECT 1") };
        request.Headers.Add("X-ClickHouse-User", "owner");
        request.Headers.Add("X-ClickHouse-Key", "wrong");
        using HttpResponseMessage answer = await _http.SendAsync(request, Cancel);
        Assert.Equal((HttpStatusCode.Forbidden, "516"), (answer.StatusCode, Header(answer, "X-ClickHouse-Exception-Code")));
    }

    [Fact]
    public async Task Insert_BodyOfUnknownLength_IsStreamedAndCommitted()
    {
        await PostAsync("CREATE OR REPLACE TABLE streamed_within (n UInt64) ENGINE = MergeTree ORDER BY n");
        using var body = new PushContent(async stream =>
        {
            for (int i = 0; i < 3_000; i++)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"{i}\n", 500))));
            }
        });

        await PostAsync("?query=INSERT+INTO+streamed_within+FORMAT+TSV", body);

        Assert.Equal("1500000\t2999\n", await PostAsync("SELECT count(), max(n) FROM streamed_within"));
        await PostAsync("DROP TABLE streamed_within SYNC");
    }

    [Fact]
    public async Task Insert_BodyBreaksOff_CommitsNothingAndFails()
    {
        await PostAsync("CREATE OR REPLACE TABLE broken_within (n UInt64) ENGINE = MergeTree ORDER BY n");
        using var body = new PushContent(async stream =>
        {
            await stream.WriteAsync("1\n2\n"u8.ToArray());
            throw new InvalidOperationException("No more.");
        });

        HttpRequestException problem = await Assert.ThrowsAsync<HttpRequestException>(
            () => _http.PostAsync(new Uri("/?query=INSERT+INTO+broken_within+FORMAT+TSV", UriKind.Relative), body, Cancel));

        Assert.Contains("No more.", problem.ToString(), StringComparison.Ordinal);
        Assert.Equal("0\n", await PostAsync("SELECT count() FROM broken_within"));
        await PostAsync("DROP TABLE broken_within SYNC");
    }

    [Fact]
    public async Task Request_Cancelled_EndsItsStatement()
    {
        using var impatient = new CancellationTokenSource();
        Task<string> running = _http.GetStringAsync(
            new Uri("/?query=SELECT+count()+FROM+numbers(1000000000000)+WHERE+sipHash64(number,'cancelled+within')=1", UriKind.Relative), impatient.Token);
        await _fixture.WaitUntilAsync("cancelled within", running: true);

        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await _fixture.WaitUntilAsync("cancelled within", running: false);
    }

    [Fact]
    public async Task Answer_ClosedBeforeItsEnd_EndsItsStatement()
    {
        HttpResponseMessage answer = await _http.GetAsync(
            new Uri("/?query=SELECT+'closed+within',number+FROM+numbers(1000000000000)", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
        Stream body = await answer.Content.ReadAsStreamAsync(Cancel);
        await body.ReadExactlyAsync(new byte[1000], Cancel);
        await _fixture.WaitUntilAsync("closed within", running: true);

        answer.Dispose();

        await _fixture.WaitUntilAsync("closed within", running: false);
    }

    private async Task<string> PostAsync(string statement)
    {
        using var content = new StringContent(statement);
        return await PostAsync("", content);
    }

    private async Task<string> PostAsync(string parameters, HttpContent content)
    {
        using HttpResponseMessage answer = await _http.PostAsync(new Uri("/" + parameters, UriKind.Relative), content, Cancel);
        string text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    // What the web server and its sockets add of themselves.
    private static string[] Names(HttpResponseMessage answer) =>
    [
        .. answer.Headers.Concat(answer.Content.Headers).Select(header => header.Key)
            .Except(["Date", "Transfer-Encoding", "Content-Length", "Connection"]).Order(StringComparer.Ordinal),
    ];

    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(',', values) : "";

    // The JSON format tells how long it took.
    private static string Untimed(byte[] body)
    {
        string text = Encoding.Latin1.GetString(body);
        int elapsed = text.IndexOf("\"elapsed\"", StringComparison.Ordinal);
        return elapsed < 0 ? text : text[..elapsed];
    }

    private sealed class PushContent(Func<Stream, Task> write) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
