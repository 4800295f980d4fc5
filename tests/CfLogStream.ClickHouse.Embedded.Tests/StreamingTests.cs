using System.IO.Compression;
using System.Text;

namespace CfLogStream.ClickHouse.Embedded.Tests;

public sealed class StreamingTests(EmbeddedFixture fixture)
{
    private const string Rows = "SELECT number AS `n\"\n1`, concat('x', toString(number % 17)) AS s, [number] AS a FROM numbers(150000)";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Streamed()
    {
        var data = new TheoryData<string, string>();
        foreach (string format in (string[])
            ["TSV", "TabSeparatedRaw", "TSVWithNames", "TabSeparatedWithNamesAndTypes", "TSVRawWithNamesAndTypes", "CSV", "CSVWithNames",
                "CSVWithNamesAndTypes", "JSONEachRow", "JSONStringsEachRow", "JSONCompactEachRow", "JSONCompactEachRowWithNames",
                "JSONCompactEachRowWithNamesAndTypes", "JSONCompactStringsEachRowWithNamesAndTypes", "Native", "RowBinary",
                "RowBinaryWithNames", "RowBinaryWithNamesAndTypes", "MsgPack", "TSKV"])
        {
            data.Add(format, Rows);
            data.Add(format, "SELECT 1 AS a WHERE 0");
            data.Add(format, "SELECT n % 3 AS g, count() AS c FROM (SELECT number AS n FROM numbers(100)) GROUP "
                + "BY g WITH TOTALS ORDER BY g");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Streamed))]
    public async Task Result_Streamed_EqualsTheWholeOne(string format, string statement)
    {
        byte[] streamed = await QueryAsync("?default_format=" + format, statement);
        byte[] whole = await QueryAsync("?wait_end_of_query=1&default_format=" + format, statement);
        Assert.True(streamed.AsSpan().SequenceEqual(whole), $"{format}: {streamed.Length} bytes streamed, {whole.Length} whole");
    }

    [Theory]
    [InlineData("JSON", "\"statistics\"")]
    [InlineData("XML", "</result>")]
    [InlineData("PrettyCompact", "number")]
    [InlineData("Parquet", "clickhouse")]
    [InlineData("JSONEachRow SETTINGS output_format_json_array_of_rows = 1", "[")]
    public async Task Result_OfAFormatWithHeadOrFoot_IsOneDocument(string format, string mark)
    {
        // The setting asks for as many rows as chunks would split.
        byte[] body = await QueryAsync(
            "?output_format_pretty_max_rows=1000000&output_format_pretty_display_footer_column_names=0",
            $"SELECT number FROM numbers(150000) FORMAT {format}");
        string text = Encoding.Latin1.GetString(body).ToLowerInvariant();
        Assert.Equal(2, text.Split(mark).Length);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    [InlineData("br, gzip;q=1.0, zstd")]
    public async Task Answer_Compressed_InflatesToTheSame(string accepted)
    {
        byte[] plain = await QueryAsync("", Rows);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/?enable_http_compression=1") { Content = new StringContent(Rows) };
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using HttpResponseMessage answer = await fixture.Http.SendAsync(request, Token);
        string encoding = answer.Content.Headers.ContentEncoding.Single();
        Stream body = await answer.Content.ReadAsStreamAsync(Token);
        using Stream inflated = encoding switch
        {
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(body, CompressionMode.Decompress),
            _ => new ZstdSharp.DecompressionStream(body),
        };
        using var bytes = new MemoryStream();
        await inflated.CopyToAsync(bytes, Token);
        Assert.True(bytes.ToArray().AsSpan().SequenceEqual(plain));
    }

    [Fact]
    public async Task Answer_CompressionNotAskedFor_IsPlain()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("SELECT 1") };
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        using HttpResponseMessage answer = await fixture.Http.SendAsync(request, Token);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.Equal("1\n", await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Error_AfterTheFirstBytes_IsFramedAndBreaksTheConnection()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new StringContent("SELECT throwIf(number = 1000000, 'boom') FROM numbers(2000000) FORMAT TSV"),
        };
        using HttpResponseMessage answer = await fixture.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal(200, (int)answer.StatusCode);
        string tag = answer.Headers.GetValues("X-ClickHouse-Exception-Tag").Single();
        using var received = new MemoryStream();
        Stream body = await answer.Content.ReadAsStreamAsync(Token);
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(received, Token));
        string text = Encoding.UTF8.GetString(received.ToArray());
        int frame = text.IndexOf($"\r\n__exception__\r\n{tag}\r\nCode: 395. DB::Exception: boom", StringComparison.Ordinal);
        Assert.True(frame > 0, text[^Math.Min(400, text.Length)..]);
        string message = text[(frame + "\r\n__exception__\r\n".Length + tag.Length + 2)..];
        int length = message.IndexOf('\n', StringComparison.Ordinal) + 1;
        Assert.EndsWith($"{length} {tag}\r\n__exception__\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_AfterTheFirstBytes_WhoWaitsForTheEndGetsAStatus()
    {
        (int status, string text) = await fixture.PostAsync(
            "?wait_end_of_query=1", "SELECT throwIf(number = 1000000, 'boom') FROM numbers(2000000)");
        Assert.Equal(500, status);
        Assert.StartsWith("Code: 395. DB::Exception: boom", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Result_Endless_ArrivesBeforeItsEnd()
    {
        using var content = new StringContent("SELECT number FROM system.numbers FORMAT RowBinary");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = content };
        using HttpResponseMessage answer = await fixture.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        Stream body = await answer.Content.ReadAsStreamAsync(Token);
        byte[] numbers = new byte[8 * 1_000_000];
        await body.ReadExactlyAsync(numbers, Token);
        Assert.Equal(999_999ul, BitConverter.ToUInt64(numbers, numbers.Length - 8));
    }

    private async Task<byte[]> QueryAsync(string parameters, string statement)
    {
        using var content = new StringContent(statement);
        using HttpResponseMessage answer = await fixture.Http.PostAsync(new Uri("/" + parameters, UriKind.Relative), content, Token);
        byte[] body = await answer.Content.ReadAsByteArrayAsync(Token);
        Assert.True(answer.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        return body;
    }
}
