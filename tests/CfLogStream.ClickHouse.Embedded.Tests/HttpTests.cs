using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace CfLogStream.ClickHouse.Embedded.Tests;

public sealed class HttpTests(EmbeddedFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", "Ok.\n")]
    [InlineData("/ping", "Ok.\n")]
    [InlineData("/replicas_status", "")]
    public async Task Probe_NeedsNoUser(string path, string expected) =>
        Assert.Equal(expected, await fixture.Http.GetStringAsync(new Uri(path, UriKind.Relative), Token));

    [Fact]
    public async Task Path_Unknown_Is404()
    {
        using HttpResponseMessage answer = await fixture.Http.GetAsync(new Uri("/nowhere", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.StartsWith("There is no handle /nowhere\n", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_HasTheHeadersOfClickHouse()
    {
        using HttpResponseMessage answer = await fixture.Http.GetAsync(
            new Uri("/?query=SELECT+number+FROM+numbers(7)&query_id=q-1&default_format=JSONEachRow", UriKind.Relative), Token);
        Assert.Equal("q-1", Header(answer, "X-ClickHouse-Query-Id"));
        Assert.Equal("JSONEachRow", Header(answer, "X-ClickHouse-Format"));
        Assert.Equal("cflogstream", Header(answer, "X-ClickHouse-Server-Display-Name"));
        Assert.NotEmpty(Header(answer, "X-ClickHouse-Timezone"));
        Assert.Matches("^[a-z]{16}$", Header(answer, "X-ClickHouse-Exception-Tag"));
        Assert.Matches(
            "^{\"read_rows\":\"7\",\"read_bytes\":\"56\",\"written_rows\":\"0\",\"written_bytes\":\"0\",\"total_rows_to_read\":\"0\","
            + "\"result_rows\":\"7\",\"result_bytes\":\"[0-9]+\",\"elapsed_ns\":\"[0-9]+\"}$",
            Header(answer, "X-ClickHouse-Summary"));
        Assert.Equal("application/x-ndjson; charset=UTF-8", answer.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("SELECT 1 AS format FORMAT CSV", "CSV", "1\n")]
    [InlineData("SELECT 1 FORMAT TSV SETTINGS max_threads = 1;", "TSV", "1\n")]
    [InlineData("SELECT 'FORMAT JSON' -- FORMAT XML", "TabSeparated", "FORMAT JSON\n")]
    [InlineData("SHOW DATABASES LIKE 'system' FORMAT JSONEachRow", "JSONEachRow", "{\"name\":\"system\"}\n")]
    [InlineData("EXISTS TABLE system.one", "TabSeparated", "1\n")]
    [InlineData("WITH 1 AS a SELECT a", "TabSeparated", "1\n")]
    [InlineData("(SELECT 1)", "TabSeparated", "1\n")]
    public async Task Format_OfTheStatement_IsInTheHeader(string statement, string format, string expected)
    {
        using var content = new StringContent(statement);
        using HttpResponseMessage answer = await fixture.Http.PostAsync(new Uri("/", UriKind.Relative), content, Token);
        Assert.Equal(expected, await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal(format, Header(answer, "X-ClickHouse-Format"));
    }

    [Theory]
    [InlineData("SELECT * FROM nope", 404, 60, "UNKNOWN_TABLE")]
    [InlineData("SELECT * FROM nope.nope", 404, 81, "UNKNOWN_DATABASE")]
    [InlineData("SELECT nope", 404, 47, "UNKNOWN_IDENTIFIER")]
    [InlineData("SELECT nope()", 404, 46, "UNKNOWN_FUNCTION")]
    [InlineData("SELECT 1 FORMAT Nope", 404, 73, "UNKNOWN_FORMAT")]
    [InlineData("SELECT 1 SETTINGS nope = 1", 404, 115, "UNKNOWN_SETTING")]
    [InlineData("SELEC 1", 400, 62, "SYNTAX_ERROR")]
    [InlineData("", 400, 62, "SYNTAX_ERROR")]
    [InlineData("SELECT 1; SELECT 2", 400, 62, "Multi-statements are not allowed")]
    [InlineData("CREATE TABLE multi (a Int8) ENGINE = Memory; DROP TABLE multi", 400, 62, "Multi-statements are not allowed")]
    [InlineData("DROP TABLE IF EXISTS multi; garbage", 400, 62, "Multi-statements are not allowed")]
    [InlineData("SELECT throwIf(1)", 500, 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO")]
    [InlineData("SELECT sleep(3) SETTINGS max_execution_time = 1", 408, 159, "TIMEOUT_EXCEEDED")]
    [InlineData("INSERT INTO nope FORMAT TSV\n1", 404, 60, "UNKNOWN_TABLE")]
    [InlineData("INSERT INTO system.one FORMAT TSV\n1", 501, 48, "NOT_IMPLEMENTED")]
    [InlineData("USE nope", 404, 81, "UNKNOWN_DATABASE")]
    public async Task Error_HasStatusCodeAndText(string statement, int status, int code, string text)
    {
        using var content = new StringContent(statement);
        using HttpResponseMessage answer = await fixture.Http.PostAsync(new Uri("/", UriKind.Relative), content, Token);
        string body = await answer.Content.ReadAsStringAsync(Token);
        Assert.Contains(text, body, StringComparison.Ordinal);
        Assert.StartsWith($"Code: {code}. DB::Exception: ", body, StringComparison.Ordinal);
        Assert.EndsWith("(version 26.7.2.1)\n", body, StringComparison.Ordinal);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(code.ToString(System.Globalization.CultureInfo.InvariantCulture), Header(answer, "X-ClickHouse-Exception-Code"));
    }

    [Theory]
    [InlineData("?session_id=a", 501, "The embedded ClickHouse keeps no HTTP sessions: each request is a session of its own.")]
    [InlineData("?decompress=1", 501, "Use HTTP compression: 'enable_http_compression=1'")]
    [InlineData("?role=x", 501, "has no roles to choose ('role')")]
    [InlineData("?nope=1", 404, "Unknown setting 'nope'")]
    [InlineData("?a'b=1", 404, "Unknown setting 'a'b'")]
    [InlineData("?max_threads=abc", 400, "abc")]
    [InlineData("?database=nope", 404, "nope")]
    [InlineData("?database=sys%60%3BSELECT", 404, "UNKNOWN_DATABASE")]
    public async Task Parameter_Wrong_IsRefused(string parameters, int status, string text)
    {
        (int actual, string body) = await fixture.PostAsync(parameters, "SELECT 1");
        Assert.Contains(text, body, StringComparison.Ordinal);
        Assert.Equal(status, actual);
    }

    [Fact]
    public async Task Parameter_TypedPlaceholders_AreBound()
    {
        string parameters = "?param_n=-5&param_s=" + Uri.EscapeDataString("it's \\t \\\\ ü") + "&param_a="
            + Uri.EscapeDataString("['x','y\\'z']")
            + "&param_t=one&database=system";
        Assert.Equal(
            (200, "-4\tit's \t \\ ü\ty'z\t0\n"),
            await fixture.PostAsync(parameters, "SELECT {n:Int32} + 1, {s:String}, {a:Array(String)}[2], dummy "
                + "FROM {t:Identifier} FORMAT TSVRaw"));
        (int status, string text) = await fixture.PostAsync("?param_n=x", "SELECT {n:Int32}");
        Assert.Contains("BAD_QUERY_PARAMETER", text, StringComparison.Ordinal);
        Assert.Equal(500, status);
    }

    [Fact]
    public async Task Get_ThatWrites_IsRefused()
    {
        using HttpResponseMessage answer = await fixture.Http.GetAsync(
            new Uri("/?query=CREATE+TABLE+by_get+(a+Int8)+ENGINE+=+Memory", UriKind.Relative), Token);
        Assert.Equal(500, (int)answer.StatusCode);
        Assert.Equal(
            "Code: 164. DB::Exception: default: Cannot execute query in readonly mode: only one statement, and one that only reads, is "
            + "allowed. For queries over HTTP, method GET implies readonly. You should use method POST for modifying queries (READONLY) "
            + "(version 26.7.2.1)\n",
            await answer.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [InlineData("owner", EmbeddedFixture.OwnerPassword, 200)]
    [InlineData("owner", "wrong", 403)]
    [InlineData("owner", "", 403)]
    [InlineData("nobody", "", 403)]
    [InlineData("default", "", 200)]
    [InlineData("default", "x", 403)]
    [InlineData("reader", EmbeddedFixture.ReaderPassword, 200)]
    public async Task User_EachWayOfAuthentication_IsChecked(string user, string password, int status)
    {
        string failure = $"Code: 516. DB::Exception: {user}: Authentication failed: password is incorrect, or "
            + $"there is no user with such name "
            + "(AUTHENTICATION_FAILED) (version 26.7.2.1)\n";
        string expected = status == 200 ? "1\n" : failure;
        using var headers = new HttpRequestMessage(HttpMethod.Get, "/?query=SELECT+1");
        headers.Headers.Add("X-ClickHouse-User", user);
        headers.Headers.TryAddWithoutValidation("X-ClickHouse-Key", Uri.EscapeDataString(password));
        if (password.All(char.IsAscii))
        {
            headers.Headers.Remove("X-ClickHouse-Key");
            headers.Headers.Add("X-ClickHouse-Key", password);
            Assert.Equal((status, expected), await SendAsync(headers));
        }

        using var basic = new HttpRequestMessage(HttpMethod.Get, "/?query=SELECT+1");
        basic.Headers.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        Assert.Equal((status, expected), await SendAsync(basic));
        using var url = new HttpRequestMessage(HttpMethod.Get, $"/?query=SELECT+1&user={user}&password={Uri.EscapeDataString(password)}");
        Assert.Equal((status, expected), await SendAsync(url));
    }

    [Fact]
    public async Task Statement_OverTheLimit_IsRefused()
    {
        (int status, string text) = await fixture.PostAsync("", "SELECT '" + new string('x', EmbeddedClickHouseDefaults.QueryBytes) + "'");
        Assert.Equal(400, status);
        Assert.Contains("Max query size exceeded: the statement is larger than 1048576 bytes", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Result_TooLargeForAStatementsMemory_IsRefused()
    {
        (int status, string text) = await fixture.PostAsync(
            "?max_memory_usage=50000000", "SELECT repeat('x', 1000) FROM numbers(400000) FORMAT JSON");
        Assert.Equal(500, status);
        Assert.Contains("(MEMORY_LIMIT_EXCEEDED)", text, StringComparison.Ordinal);
        Assert.Equal((200, "536870912\n"), await fixture.PostAsync("", "SELECT getSetting('max_memory_usage')"));
    }

    [Fact]
    public async Task Texts_ThatAHeaderCannotCarry_AreMasked()
    {
        using HttpResponseMessage answer = await fixture.Http.GetAsync(
            new Uri("/?query=SELECT+1&query_id=%C3%BC%0D%0Ax", UriKind.Relative), Token);
        Assert.Equal("???x", Header(answer, "X-ClickHouse-Query-Id"));
        Assert.Equal("1\n", await answer.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Method_Other_IsRefused(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/?query=SELECT+1");
        Assert.Equal(501, (await SendAsync(request)).Status);
    }

    [Fact]
    public async Task External_Tables_AreRefused()
    {
        using var content = new MultipartFormDataContent { { new StringContent("1"), "t", "t.tsv" } };
        using HttpResponseMessage answer = await fixture.Http.PostAsync(new Uri("/?query=SELECT+1", UriKind.Relative), content, Token);
        Assert.Equal(501, (int)answer.StatusCode);
    }

    private async Task<(int Status, string Text)> SendAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage answer = await fixture.Http.SendAsync(request, Token);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();
}
