using System.Diagnostics;
using System.Text;
using CfLogStream.Server.Insight.Requests;
using CfLogStream.Server.Insight.Retesting;

namespace CfLogStream.Server.Tests.Insight.Retesting;

/// <summary>The copy of a request, read by a real shell.</summary>
public sealed class CurlCopyTests
{
    [Fact]
    public async Task Of_PlainRequest_CopiesWhatTheLogHas()
    {
        CurlCopy copy = CurlCopy.Of(Request(("method", "POST"), ("query", "?page=2&token=***"), ("protocol", "HTTP/1.1"), ("x_requested_with", "XMLHttpRequest")));
        Assert.Equal(
            "curl -sS -o /dev/null -D - --globoff --path-as-is --http1.1 -X 'POST' -H 'User-Agent: okhttp/4.9' -H 'X-Requested-With: XMLHttpRequest' "
                + "'https://api.shop.example/v1/orders?page=2&token=***'",
            copy.Command);
        Assert.True(copy.IsWrite);
        Assert.Contains("The TLS fingerprint, JA4 t13d: curl has its own, and bot scores and rules may rest on it.", copy.Missing);
        Assert.Contains("The address and network (203.0.113.7, AS16509, IE): rules by address, ASN, country or reputation and rate limits see yours.", copy.Missing);
        Assert.Contains(copy.Missing, static text => text.StartsWith("Secrets in the path or query", StringComparison.Ordinal));
        Assert.Contains(copy.Missing, static text => text.StartsWith("The body", StringComparison.Ordinal));
        Assert.Contains(copy.Missing, static text => text.StartsWith("Credentials and cookies, and all other headers such as Accept", StringComparison.Ordinal));
        Assert.Equal("https://api.shop.example/v1/orders?page=2&token=***", (await WordsAsync(copy.Command))[^1]);
    }

    [Theory]
    [InlineData("-oProxyCommand", "GET")]
    [InlineData("a b.example", "GET")]
    [InlineData("a.example/$(id)", "GET")]
    [InlineData("a.example", "GET -o /tmp/x")]
    [InlineData("", "GET")]
    public void Of_HostOrMethodThatIsNone_GivesNoCommand(string host, string method) =>
        Assert.Equal("", CurlCopy.Of(Request(("host", host), ("method", method))).Command);

    [Fact]
    public async Task Of_HostileTexts_StayTheWordsTheyAre()
    {
        var random = new Random(20260806);
        string[] texts =
        [
            "'; touch /tmp/cflogstream-owned; '", "$(touch x)`touch y`", "\"\\'\\\\'!!", "a\nb\r\nX-Evil: 1", "\u001b[31mred\u0007", "@/etc/passwd", "-K /etc/passwd",
            "\u202eright to left", "x\0y", "é ü 日本 😀", "{a,b}[1-3]", "%0a%27", "../../etc#frag?x=1", "~root * ? & | > < ;", " ", "''''", "'",
            .. Enumerable.Range(0, 200).Select(_ => new string(random.GetItems<char>("'\"\\`$(){}[];&|<>\n\r\t !#~*?-@%aé\u2028", random.Next(24)))),
        ];
        var script = new StringBuilder("curl() { for word; do printf '%s\\0' \"$word\"; done; printf 'END\\0'; }\n");
        CurlCopy[] copies = [.. texts.Select(static text => CurlCopy.Of(Request(
            ("path", "/v1/" + text), ("query", text), ("user_agent", text), ("referer", text), ("x_requested_with", text), ("protocol", text))))];
        foreach (CurlCopy copy in copies)
        {
            script.Append(copy.Command).Append('\n');
        }

        string[] words = (await ShellAsync(script.ToString())).Split('\0');
        int at = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            int end = Array.IndexOf(words, "END", at);
            string[] own = words[at..end];
            at = end + 1;

            // The options are the program's own, each value one word, and the address the last.
            string[] headers = [.. own.Select(static (word, index) => (word, index)).Where(pair => pair.index > 0 && own[pair.index - 1] == "-H").Select(static pair => pair.word)];
            Assert.Equal(headers.Length, own.Count(static word => word == "-H"));
            Assert.Equal(own.Length, 8 + (2 * headers.Length));
            Assert.All(headers, header => Assert.Contains(header, new[] { "User-Agent:", $"User-Agent: {texts[i]}", $"Referer: {texts[i]}", $"X-Requested-With: {texts[i]}" }));
            Assert.StartsWith("https://api.shop.example/v1/", own[^1], StringComparison.Ordinal);
            Assert.All(own[^1], static letter => Assert.InRange(letter, '!', '~'));
            Assert.All(copies[i].Command, static letter => Assert.False(char.IsControl(letter) || letter == '\u202e'));
        }

        Assert.Equal("", string.Concat(words[at..]));
    }

    private static async Task<string[]> WordsAsync(string command) =>
        (await ShellAsync("curl() { for word; do printf '%s\\0' \"$word\"; done; }\n" + command + "\n")).TrimEnd('\0').Split('\0');

    private static async Task<string> ShellAsync(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        })!;
        Task<string> said = shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> problems = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.StandardInput.WriteAsync(script);
        shell.StandardInput.Close();
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (shell.ExitCode, await problems));
        return await said;
    }

    private static RequestColumns Request(params (string Name, string Value)[] changed)
    {
        var columns = new Dictionary<string, object?>
        {
            ["ray"] = "aaaaaaaaaaaaaaaa",
            ["method"] = "GET",
            ["host"] = "api.shop.example",
            ["path"] = "/v1/orders",
            ["query"] = "",
            ["scheme"] = "https",
            ["protocol"] = "HTTP/2",
            ["user_agent"] = "okhttp/4.9",
            ["referer"] = "",
            ["x_requested_with"] = "",
            ["ja4"] = "t13d",
            ["client_ip"] = "203.0.113.7",
            ["asn"] = 16509U,
            ["country"] = "IE",
        };
        foreach ((string name, string value) in changed)
        {
            columns[name] = value;
        }

        return new RequestColumns(columns);
    }
}
