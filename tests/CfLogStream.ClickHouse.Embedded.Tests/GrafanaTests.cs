using System.Net.Http.Headers;
using System.Text;

namespace CfLogStream.ClickHouse.Embedded.Tests;

/// <summary>The exchange of Grafana's ClickHouse data source over HTTP (clickhouse-go), byte by byte.</summary>
public sealed class GrafanaTests(EmbeddedFixture fixture)
{
    private const string Parameters = "/?client_protocol_version=54460&default_format=Native&max_execution_time=60&database=system";

    [Fact]
    public async Task Hello_IsNativeAtTheClientsRevision_AndGivesRevisionZero()
    {
        (HttpResponseMessage answer, byte[] body) = await SendAsync("SELECT displayName(), version(), revision(), timezone()");
        using (answer)
        {
            Assert.Equal("Native", answer.Headers.GetValues("X-ClickHouse-Format").Single());
        }

        byte[] expected =
        [
            0x01, 0x00, 0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x04, 0x01,
            .. Text("displayName()"), .. Text("String"), 0x00, .. Text("cflogstream"),
            .. Text("version()"), .. Text("String"), 0x00, .. Text("26.7.2.1"),
            .. Text("revision()"), .. Text("UInt32"), 0x00, 0x00, 0x00, 0x00, 0x00,
            .. Text("timezone()"), .. Text("String"), 0x00, .. Text(fixture.ClickHouse.Engine.TimeZone),
        ];
        Assert.Equal(expected, body);
    }

    [Fact]
    public async Task LaterStatement_IsNativeAtRevisionZero()
    {
        (HttpResponseMessage answer, byte[] body) = await SendAsync("SELECT toUInt8(7) AS n, 'x' AS s FROM one");
        answer.Dispose();
        Assert.Equal([0x02, 0x01, .. Text("n"), .. Text("UInt8"), 0x07, .. Text("s"), .. Text("String"), .. Text("x")], body);
    }

    [Fact]
    public async Task EmptyResult_IsAnEmptyBody()
    {
        (HttpResponseMessage answer, byte[] body) = await SendAsync("SELECT 1 FROM one WHERE 0");
        answer.Dispose();
        Assert.Empty(body);
    }

    [Fact]
    public async Task Error_IsAStatusAndText()
    {
        (HttpResponseMessage answer, byte[] body) = await SendAsync("SELECT * FROM nope");
        using (answer)
        {
            Assert.Equal(404, (int)answer.StatusCode);
        }

        Assert.StartsWith("Code: 60. DB::Exception: ", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hello_WithoutAProtocolVersion_IsTheEnginesOwnAnswer()
    {
        (int status, string text) = await fixture.PostAsync("", "SELECT displayName(), version(), revision(), timezone()");
        Assert.Equal(200, status);
        Assert.Contains("\t26.7.2.1\t", text, StringComparison.Ordinal);
    }

    private async Task<(HttpResponseMessage Answer, byte[] Body)> SendAsync(string statement)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Parameters) { Content = new StringContent(statement) };
        request.Headers.Add("X-ClickHouse-User", "reader");
        request.Headers.Add("X-ClickHouse-Key", EmbeddedFixture.ReaderPassword);
        request.Headers.Add("X-ClickHouse-SSL-Certificate-Auth", "off");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        HttpResponseMessage answer = await fixture.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer, await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private static byte[] Text(string text) => [(byte)Encoding.UTF8.GetByteCount(text), .. Encoding.UTF8.GetBytes(text)];
}
