using System.Diagnostics;

namespace CfLogStream.ClickHouse.Embedded.Tests;

/// <summary>curl, as people use it by hand. Debian: apt-get install curl.</summary>
public sealed class CurlTests(EmbeddedFixture fixture)
{
    [Fact]
    public async Task Curl_GetAndPost_Work()
    {
        string url = fixture.ClickHouse.Endpoint.ToString();
        Assert.Equal("Ok.\n", await CurlAsync(url));
        Assert.Equal("Ok.\n", await CurlAsync(url + "ping"));
        Assert.Equal("1\n", await CurlAsync(url + "?query=SELECT%201"));
        Assert.Equal("1\n", await CurlAsync("-d", "SELECT 1", url));
        Assert.Equal("", await CurlAsync("-d", "CREATE TABLE curl_t (a Int32) ENGINE = MergeTree ORDER BY a", url));
        Assert.Equal("", await CurlAsync("--data-binary", "1\n2\n3\n", url + "?query=INSERT%20INTO%20curl_t%20FORMAT%20TSV"));
        Assert.Equal("6\n", await CurlAsync("-H", "X-ClickHouse-User: reader", "-H", "X-ClickHouse-Key: reader", "-d",
            "SELECT sum(a) FROM curl_t", url));
        Assert.Equal("6\n", await CurlAsync("-u", "reader:reader", "--compressed", "-d", "SELECT sum(a) FROM curl_t", url
            + "?enable_http_compression=1"));
        Assert.Equal("403", await CurlAsync("-u", "reader:wrong", "-o", "/dev/null", "-w", "%{http_code}", "-d", "SELECT 1", url));
        Assert.Equal(
            "404 60", await CurlAsync("-o", "/dev/null", "-w", "%{http_code} %header{x-clickhouse-exception-code}", "-d",
            "SELECT * FROM curl_nope", url));
    }

    [Fact]
    public async Task Curl_ChunkedUploadWithExpect_Works()
    {
        string url = fixture.ClickHouse.Endpoint.ToString();
        await CurlAsync("-d", "CREATE TABLE curl_up (n UInt64) ENGINE = MergeTree ORDER BY n", url);
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "INSERT INTO curl_up FORMAT TSV\n" + string.Join('\n', Enumerable.Range(0,
                300_000)), TestContext.Current.CancellationToken);
            Assert.Equal("", await CurlAsync("-X", "POST", "-H", "Transfer-Encoding: chunked", "-H", "Expect: 100-continue",
                "--data-binary", "@" + file, url));
            Assert.Equal("300000\t44999850000\n", await CurlAsync("-d", "SELECT count(), sum(n) FROM curl_up", url));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> CurlAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("curl") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-sS");
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Start(start);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await errors);
        return output;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException("These tests need curl. Install it (Debian: apt-get install curl).", exception);
        }
    }
}
