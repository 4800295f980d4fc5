using System.IO.Compression;
using System.Net.Sockets;
using System.Text;

namespace CfLogStream.ClickHouse.Embedded.Tests;

public sealed class InsertTests(EmbeddedFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("JSONEachRow", "{\"a\":1,\"s\":\"x\"}\n{\"s\":\"y;z\",\"a\":2}")]
    [InlineData("TSV", "1\tx\n2\ty;z\n")]
    [InlineData("CSV", "1,x\n2,\"y;z\"\n")]
    [InlineData("JSONCompactEachRow", "[1,\"x\"]\n[2,\"y;z\"]\n")]
    [InlineData("Values", "(1,'x'),(2,concat('y',';z'))")]
    [InlineData("CSVWithNames", "s,a\nx,1\ny;z,2\n")]
    public async Task Insert_EachFormat_InBodyOrBehindTheParameter_Works(string format, string data)
    {
        string table = "ins_" + format;
        await OkAsync("", $"CREATE TABLE {table} (a UInt32, s String) ENGINE = MergeTree ORDER BY a");
        await OkAsync("", $"INSERT INTO {table} FORMAT {format}\n{data}");
        await OkAsync("?query=" + Uri.EscapeDataString($"INSERT INTO {table} (a, s) FORMAT {format}"), data);
        await OkAsync("?query=" + Uri.EscapeDataString($"insert into {table} settings max_insert_block_size = 1 format {format} "), data);
        Assert.Equal((200, "1\tx\t3\n2\ty;z\t3\n"), await fixture.PostAsync("",
            $"SELECT a, s, count() FROM {table} GROUP BY a, s ORDER BY a"));
    }

    [Fact]
    public async Task Insert_ValuesSelectAndParameters_Work()
    {
        await OkAsync("", "CREATE TABLE ins_values (a Int64, s String) ENGINE = MergeTree ORDER BY a");
        await OkAsync("", "INSERT INTO ins_values VALUES (1, 'it''s'), (2, '(x)')");
        await OkAsync("", "INSERT INTO ins_values (a) VALUES (3),\n (4);\n");
        await OkAsync("?param_a=5&param_s=five", "INSERT INTO ins_values VALUES ({a:Int64}, {s:String})");
        await OkAsync("?param_a=6", "INSERT INTO ins_values SELECT {a:Int64}, 'six'");
        await OkAsync("", "INSERT INTO ins_values WITH 7 AS x SELECT x, 'seven'");
        await OkAsync("", "INSERT INTO FUNCTION null('a Int64') FORMAT TSV\n1\n");
        Assert.Equal(
            (200, "1:it's 2:(x) 3: 4: 5:five 6:six 7:seven\n"),
            await fixture.PostAsync("", "SELECT arrayStringConcat(groupArray(concat(toString(a), ':', s)), ' ') "
                + "FROM (SELECT * FROM ins_values ORDER BY a) FORMAT TSVRaw"));
    }

    [Fact]
    public async Task Insert_EphemeralColumn_FillsAnAggregateState()
    {
        await OkAsync(
            "",
            "CREATE TABLE ins_ephemeral (k UInt8, h Array(UInt64) EPHEMERAL, c AggregateFunction(uniqCombined64, UInt64) DEFAULT "
            + "arrayReduce('uniqCombined64State', h), version UInt64) ENGINE = ReplacingMergeTree(version) ORDER BY k");
        await OkAsync("", "INSERT INTO ins_ephemeral (k, h, version) FORMAT JSONEachRow\n{\"k\":1,\"h\":[1,2,3],\"version\":1}\n");
        byte[] rowBinary = [1, 2, 10, 0, 0, 0, 0, 0, 0, 0, 11, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0];
        await OkAsync("INSERT INTO ins_ephemeral (k, h, version) FORMAT RowBinary\n", rowBinary, null);
        Assert.Equal((200, "1\t2\n"), await fixture.PostAsync("",
            "SELECT k, uniqCombined64Merge(c) FROM (SELECT * FROM ins_ephemeral FINAL) GROUP BY k"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Insert_CompressedBody_Works(string encoding)
    {
        string table = "ins_" + encoding;
        await OkAsync("", $"CREATE TABLE {table} (n UInt64) ENGINE = MergeTree ORDER BY n");
        var body = new MemoryStream(Encoding.UTF8.GetBytes($"INSERT INTO {table} FORMAT TSV\n" + string.Join('\n',
            Enumerable.Range(0, 200_000))));
        var packed = new MemoryStream();
        await using (Stream compressor = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new ZstdSharp.CompressionStream(packed, leaveOpen: true),
        })
        {
            await body.CopyToAsync(compressor, Token);
        }

        await OkAsync("", packed.ToArray(), encoding);
        Assert.Equal((200, "200000\t19999900000\n"), await fixture.PostAsync("", $"SELECT count(), sum(n) FROM {table}"));
    }

    [Fact]
    public async Task Insert_BodyThatDoesNotInflate_IsRefused()
    {
        using var content = new ByteArrayContent([1, 2, 3, 4]);
        content.Headers.ContentEncoding.Add("gzip");
        using HttpResponseMessage answer = await fixture.Http.PostAsync(new Uri("/", UriKind.Relative), content, Token);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.StartsWith(
            "Code: 117. DB::Exception: Cannot inflate the request body after 0 bytes: ", await answer.Content.ReadAsStringAsync(Token),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Insert_BadRow_SaysWhichAndCommitsNothing()
    {
        await OkAsync("", "CREATE TABLE ins_bad (a UInt32) ENGINE = MergeTree ORDER BY a");
        (int status, string text) = await fixture.PostAsync("", "INSERT INTO ins_bad FORMAT TSV\n1\n2\nx\n");
        Assert.Equal(400, status);
        Assert.Contains("(at row 3)", text, StringComparison.Ordinal);
        Assert.Equal((200, "0\n"), await fixture.PostAsync("", "SELECT count() FROM ins_bad"));
    }

    [Theory]
    [InlineData("Content-Length: 200000\r\n\r\n{0}")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n28\r\n{0}\r\n")]
    public async Task Insert_BodyBreaksOff_CommitsNothing(string tail)
    {
        await OkAsync("", "CREATE TABLE IF NOT EXISTS ins_cut (a UInt32) ENGINE = MergeTree ORDER BY a");
        using (var client = new TcpClient())
        {
            await client.ConnectAsync("127.0.0.1", fixture.ClickHouse.Endpoint.Port, Token);
            string data = "INSERT INTO ins_cut FORMAT TSV\n1111\n2222\n";
            string request = "POST / HTTP/1.1\r\nHost: x\r\n" + tail.Replace("{0}", data.PadRight(40)[..40], StringComparison.Ordinal);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Token);
            await client.GetStream().FlushAsync(Token);
        }

        await fixture.WaitUntilAsync("ins_cut", running: false);
        Assert.Equal((200, "0\n"), await fixture.PostAsync("", "SELECT count() FROM ins_cut"));
    }

    [Fact]
    public async Task Insert_Summary_CountsRows()
    {
        await OkAsync("", "CREATE TABLE ins_summary (a UInt32) ENGINE = MergeTree ORDER BY a");
        using var content = new StringContent("INSERT INTO ins_summary FORMAT TSV\n1\n2\n3\n");
        using HttpResponseMessage answer = await fixture.Http.PostAsync(new Uri("/", UriKind.Relative), content, Token);
        Assert.Contains("\"written_rows\":\"3\",\"written_bytes\":\"12\"",
            answer.Headers.GetValues("X-ClickHouse-Summary").Single(), StringComparison.Ordinal);
    }

    private async Task OkAsync(string parameters, string statement) =>
        Assert.Equal((200, ""), await fixture.PostAsync(parameters, statement));

    private async Task OkAsync(string head, byte[] data, string? encoding)
    {
        using var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes(head), .. data]);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        using HttpResponseMessage answer = await fixture.Http.PostAsync(new Uri("/", UriKind.Relative), content, Token);
        Assert.Equal("", await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal(200, (int)answer.StatusCode);
    }
}
