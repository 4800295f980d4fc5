using System.Net;
using System.Net.Sockets;
using System.Text;
using CsCheck;

namespace CfLogStream.ClickHouse.Embedded.Tests;

public sealed class ReaderTests : IAsyncLifetime, IDisposable
{
    private const string Secret = "s3cr3t-of-the-file";
    private const string Reader = "?user=reader&password=" + EmbeddedFixture.ReaderPassword;

    private readonly EmbeddedFixture _fixture;
    private readonly string _folder = Directory.CreateTempSubdirectory("cflogstream-test-").FullName;
    private readonly TcpListener _outside = new(IPAddress.Loopback, 0);

    public ReaderTests(EmbeddedFixture fixture) => _fixture = fixture;

    public async ValueTask InitializeAsync()
    {
        _outside.Start();
        await File.WriteAllTextAsync(Path.Combine(_folder, "secret.csv"), Secret + ",1\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "row.txt"), Secret + " ${a:Escaped}", TestContext.Current.CancellationToken);
        await _fixture.PostAsync("", "CREATE TABLE IF NOT EXISTS readable (a Int32) ENGINE = MergeTree ORDER BY a");
        await _fixture.PostAsync("", "CREATE VIEW IF NOT EXISTS readable_view AS SELECT a FROM readable");
        await _fixture.PostAsync("", "TRUNCATE TABLE readable");
        await _fixture.PostAsync("", "INSERT INTO readable VALUES (1), (2)");
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    public void Dispose()
    {
        _outside.Dispose();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }

        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("SELECT sum(a) FROM readable", "3\n")]
    [InlineData("SELECT sum(a) FROM readable_view", "3\n")]
    [InlineData("SELECT count() FROM system.tables WHERE name = 'readable'", "1\n")]
    [InlineData("SHOW TABLES LIKE 'readable'", "readable\n")]
    [InlineData("DESCRIBE TABLE readable", "a\tInt32\t\t\t\t\t\n")]
    [InlineData("SELECT sum(number) FROM numbers(3)", "3\n")]
    [InlineData("SELECT 'file(1)', \"a\" AS `profile` FROM readable LIMIT 1", "file(1)\t1\n")]
    [InlineData("EXISTS TABLE readable", "1\n")]
    [InlineData("SELECT length('it''s\\\\\t\nü \\0'), /* file('x') */ 1 -- file", "11\t1\n")]
    [InlineData("SELECT `a` AS \"x\\ty\" FROM readable ORDER BY \u201Ca\u201D DESC LIMIT 1 // file", "2\n")]
    public async Task Reader_Reading_Works(string statement, string expected) =>
        Assert.Equal((200, expected), await _fixture.PostAsync(Reader
            + "&max_execution_time=60&output_format_json_quote_64bit_integers=1", statement));

    [Theory]
    [InlineData("INSERT INTO readable VALUES (3)")]
    [InlineData("INSERT INTO readable FORMAT TSV\n3\n")]
    [InlineData("INSERT INTO FUNCTION file('{0}/out.csv') SELECT 1")]
    [InlineData("INSERT INTO readable SELECT 3")]
    [InlineData("CREATE TABLE x (a Int8) ENGINE = Memory")]
    [InlineData("CREATE TEMPORARY TABLE x (a Int8)")]
    [InlineData("CREATE VIEW x AS SELECT * FROM file('{0}/secret.csv')")]
    [InlineData("CREATE FUNCTION x AS (a) -> a")]
    [InlineData("CREATE USER x")]
    [InlineData("DROP TABLE readable")]
    [InlineData("TRUNCATE TABLE readable")]
    [InlineData("ALTER TABLE readable DELETE WHERE 1")]
    [InlineData("DELETE FROM readable WHERE 1")]
    [InlineData("OPTIMIZE TABLE readable")]
    [InlineData("RENAME TABLE readable TO x")]
    [InlineData("ATTACH TABLE x FROM '{0}' (a Int8) ENGINE = Log")]
    [InlineData("DETACH TABLE readable")]
    [InlineData("SET readonly = 0")]
    [InlineData("SET ROLE ALL")]
    [InlineData("SET ROLE owner")]
    [InlineData("SET DEFAULT ROLE owner TO default")]
    [InlineData("EXECUTE AS default SELECT 1")]
    [InlineData("EXECUTE AS default INSERT INTO readable VALUES (3)")]
    [InlineData("GRANT ALL ON *.* TO default")]
    [InlineData("SYSTEM SHUTDOWN")]
    [InlineData("SYSTEM DROP MARK CACHE")]
    [InlineData("KILL QUERY WHERE 1")]
    [InlineData("BACKUP TABLE readable TO File('{0}/backup')")]
    [InlineData("USE system")]
    [InlineData("BEGIN TRANSACTION")]
    [InlineData("SELECT 1; INSERT INTO readable VALUES (3)")]
    [InlineData("SELECT 1; SET ROLE ALL")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELECT 1 PARALLEL WITH SELECT 2")]
    [InlineData("SELECT 1 INTO OUTFILE '{0}/out'")]
    [InlineData("SELECT 1 FORMAT TSV INTO OUTFILE '{0}/out'")]
    [InlineData("EXPLAIN SELECT 1 INTO OUTFILE '{0}/out'")]
    [InlineData("SHOW TABLES INTO OUTFILE '{0}/out'")]
    [InlineData("SELECT * FROM file('{0}/secret.csv')")]
    [InlineData("SELECT * FROM `file`('{0}/secret.csv')")]
    [InlineData("SELECT * FROM \"\\x66ile\"('{0}/secret.csv')")]
    [InlineData("SELECT * FROM (SELECT * FROM (SELECT * FROM file('{0}/secret.csv', CSV, 's String, n Int8')))")]
    [InlineData("WITH x AS (SELECT * FROM file('{0}/secret.csv')) SELECT * FROM x")]
    [InlineData("SELECT a FROM readable WHERE a IN (SELECT c2 FROM file('{0}/secret.csv'))")]
    [InlineData("SELECT (SELECT c1 FROM file('{0}/secret.csv'))")]
    [InlineData("SELECT * FROM readable JOIN file('{0}/secret.csv') AS f ON 1 = 1")]
    [InlineData("SELECT 1 UNION ALL SELECT c2 FROM file('{0}/secret.csv')")]
    [InlineData("SELECT * FROM view(SELECT * FROM file('{0}/secret.csv'))")]
    [InlineData("SELECT * FROM loop(file('{0}/secret.csv')) LIMIT 1")]
    [InlineData("DESCRIBE TABLE file('{0}/secret.csv')")]
    [InlineData("EXPLAIN ESTIMATE SELECT * FROM file('{0}/secret.csv')")]
    [InlineData("SELECT * FROM `{0}/secret.csv`")]
    [InlineData("SELECT * FROM default.`{0}/secret.csv`")]
    [InlineData("SELECT * FROM '{0}/secret.csv'")]
    [InlineData("DESCRIBE TABLE `{0}/secret.csv`")]
    [InlineData("SHOW CREATE TABLE `{0}/secret.csv`")]
    [InlineData("SELECT file('{0}/secret.csv')")]
    [InlineData("SELECT `file`('{0}/secret.csv')")]
    [InlineData("SELECT \"f\\x69le\"('{0}/secret.csv')")]
    [InlineData("SELECT \u201Cfile\u201D('{0}/secret.csv')")]
    [InlineData("SELECT /* x /* y */ z */ file /* ( */ ('{0}/secret.csv')")]
    [InlineData("SELECT $x$'$x$, file('{0}/secret.csv')")]
    [InlineData("SELECT \u2018\\\u2019, file('{0}/secret.csv')")]
    [InlineData("SELECT 1 \u2212\u2212 '\n, file('{0}/secret.csv')")]
    [InlineData("SELECT 1 -- '\n, file('{0}/secret.csv')")]
    [InlineData("SELECT 1, // '\nfile('{0}/secret.csv')")]
    [InlineData("SELECT 1 # '\n, file('{0}/secret.csv')")]
    [InlineData("SELECT arrayMap(file, ['{0}/secret.csv'])")]
    [InlineData("SELECT arrayMap(x -> file(x), ['{0}/secret.csv'])")]
    [InlineData("WITH (x -> file(x)) AS f SELECT f('{0}/secret.csv')")]
    [InlineData("SELECT * APPLY(file) FROM (SELECT '{0}/secret.csv' AS s)")]
    [InlineData("SELECT * APPLY file FROM (SELECT '{0}/secret.csv' AS s)")]
    [InlineData("SELECT a FROM readable ORDER BY file('{0}/secret.csv') LIMIT throwIf(file('{0}/secret.csv') != '')")]
    [InlineData("EXPLAIN QUERY TREE SELECT file('{0}/secret.csv')")]
    [InlineData("SELECT catboostEvaluate('{0}/secret.csv', 1)")]
    [InlineData("SELECT aiGenerate('x', 'y')")]
    [InlineData("SELECT a FROM readable FORMAT Template SETTINGS format_template_row = '{0}/row.txt'")]
    [InlineData("SELECT formatRow('Template', a) FROM readable SETTINGS format_template_row = '{0}/row.txt'")]
    [InlineData("SELECT a FROM (SELECT formatRow('Template', a) AS a FROM readable SETTINGS format_template_row = '{0}/row.txt')")]
    [InlineData("SELECT a FROM readable FORMAT Protobuf SETTINGS output_format_schema = '{0}/out.proto'")]
    [InlineData("SELECT a FROM readable FORMAT Protobuf SETTINGS format_schema = '{0}/secret.csv:x'")]
    [InlineData("SELECT a FROM readable SETTINGS readonly = 0")]
    [InlineData("SELECT * FROM url('http://127.0.0.1:{1}/x', CSV, 'a String')")]
    [InlineData("SELECT * FROM s3('http://127.0.0.1:{1}/bucket/x.csv', CSV, 'a String')")]
    [InlineData("SELECT * FROM s3('http://127.0.0.1:{1}/bucket/x.csv')")]
    [InlineData("SELECT * FROM gcs('http://127.0.0.1:{1}/bucket/x.csv')")]
    [InlineData("SELECT * FROM hudi('http://127.0.0.1:{1}/bucket/x')")]
    [InlineData("SELECT * FROM deltaLake('http://127.0.0.1:{1}/bucket/x')")]
    [InlineData("SELECT * FROM iceberg('http://127.0.0.1:{1}/bucket/x')")]
    [InlineData("SELECT * FROM icebergLocal('{0}')")]
    [InlineData("SELECT * FROM deltaLakeLocal('{0}')")]
    [InlineData("SELECT * FROM azureBlobStorage('http://127.0.0.1:{1}/x', 'c', 'b', 'n', 'k')")]
    [InlineData("SELECT * FROM hdfs('hdfs://127.0.0.1:{1}/x', CSV, 'a String')")]
    [InlineData("SELECT * FROM remote('127.0.0.1:{1}', system.one)")]
    [InlineData("SELECT * FROM remoteSecure('127.0.0.1:{1}', system.one)")]
    [InlineData("SELECT * FROM mysql('127.0.0.1:{1}', 'a', 'b', 'c', 'd')")]
    [InlineData("SELECT * FROM postgresql('127.0.0.1:{1}', 'a', 'b', 'c', 'd')")]
    [InlineData("SELECT * FROM mongodb('127.0.0.1:{1}', 'a', 'b', 'c', 'd', 'a String')")]
    [InlineData("SELECT * FROM redis('127.0.0.1:{1}', 'key', 'key String, v String')")]
    [InlineData("SELECT * FROM sqlite('{0}/x.db', 't')")]
    [InlineData("SELECT * FROM jdbc('127.0.0.1:{1}', 'a')")]
    [InlineData("SELECT * FROM odbc('DSN=x', 'a')")]
    [InlineData("SELECT * FROM executable('ls', TSV, 'a String')")]
    [InlineData("SELECT * FROM input('a String')")]
    [InlineData("SELECT * FROM filesystem('{0}')")]
    [InlineData("SELECT * FROM fileCluster('default', '{0}/secret.csv')")]
    [InlineData("SELECT * FROM urlCluster('default', 'http://127.0.0.1:{1}/x')")]
    [InlineData("SELECT * FROM dictionary('x')")]
    [InlineData("SELECT * FROM ytsaurus('http://127.0.0.1:{1}', 'a', 'b', 'a String')")]
    [InlineData("SELECT * FROM system.users")]
    [InlineData("SELECT * FROM system.stack_trace")]
    [InlineData("SELECT * FROM system.`stack_\\x74race`")]
    [InlineData("SHOW ACCESS")]
    public async Task Reader_ReachingOutside_IsRefused(string attack)
    {
        string statement = attack.Replace("{0}", _folder, StringComparison.Ordinal).Replace(
            "{1}", ((IPEndPoint)_outside.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            StringComparison.Ordinal);
        (int status, string text) = await _fixture.PostAsync(Reader, statement);
        Assert.False(status == 200, $"{statement} answered {text}");
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.False(_outside.Pending(), "a connection was made");
        Assert.Equal(["row.txt", "secret.csv"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order());
        Assert.Equal((200, "2\t3\n"), await _fixture.PostAsync("", "SELECT count(), sum(a) FROM readable"));
    }

    [Theory]
    [InlineData("format_template_row=/x", "SELECT 1 FORMAT Template")]
    [InlineData("format_schema=/x:y", "SELECT 1 FORMAT Protobuf")]
    [InlineData("output_format_schema=/tmp/x", "SELECT 1 FORMAT Protobuf")]
    [InlineData("readonly=0", "SELECT 1")]
    [InlineData("max_memory_usage=0", "SELECT 1")]
    public async Task Reader_SettingInTheUrl_IsRefused(string setting, string statement)
    {
        string name = setting[..setting.IndexOf('=', StringComparison.Ordinal)];
        Assert.Equal(
            (500, $"Code: 164. DB::Exception: reader: Cannot modify '{name}' setting in readonly mode (READONLY) (version 26.7.2.1)\n"),
            await _fixture.PostAsync($"{Reader}&{setting}", statement));
    }

    [Theory]
    [InlineData("param_f=file", "SELECT arrayMap({f:Identifier}, ['{0}/secret.csv'])")]
    [InlineData("param_f=`file`", "SELECT arrayMap({f:Identifier}, ['{0}/secret.csv'])")]
    [InlineData("param_t={0}/secret.csv", "SELECT * FROM {t:Identifier}")]
    public async Task Reader_NameAsParameter_IsRefused(string parameter, string statement)
    {
        (int status, string text) = await _fixture.PostAsync(
            $"{Reader}&{parameter.Replace("{0}", _folder, StringComparison.Ordinal)}", statement.Replace("{0}", _folder,
            StringComparison.Ordinal));
        Assert.False(status == 200, text);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reader_StatementThatIsNoUtf8_IsRefused()
    {
        using var content = new ByteArrayContent([.. "SELECT '"u8, 0xE2, 0x80, (byte)'\'']);
        using HttpResponseMessage answer = await _fixture.Http.PostAsync(
            new Uri("/" + Reader, UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(
            "Code: 62. DB::Exception: The statement is not valid UTF-8 (SYNTAX_ERROR) (version 26.7.2.1)\n",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Reader_MaxExecutionTime_CannotBeRaised()
    {
        Assert.Equal((200, "300\n"), await _fixture.PostAsync(Reader + "&max_execution_time=0",
            "SELECT toInt32(getSetting('max_execution_time'))"));
        Assert.Equal((200, "300\n"), await _fixture.PostAsync(Reader + "&max_execution_time=9999",
            "SELECT toInt32(getSetting('max_execution_time'))"));
        Assert.Equal((200, "7\n"), await _fixture.PostAsync(Reader + "&max_execution_time=7",
            "SELECT toInt32(getSetting('max_execution_time'))"));
    }

    [Fact]
    public void Reader_AnyQuotingAroundTheFunction_NeverReadsTheFile()
    {
        string call = $"file('{_folder}/secret.csv')";
        string[] pieces =
        [
            "'", "\"", "`", "\\", "''", "--", "\n", "/*", "*/", "#", "# ", "#!", "$", "$a$", "$$", "\u2018", "\u2019", "\u201C", "\u201D",
            "\u2212\u2212", "\u00A0", "x'", "b'", "1", "a", ",", "(", ")", " ", "\0", "AS", "\r", "\t", "\u2014", "//", ";",
        ];
        Gen<string> piece = Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]);
        piece.Array[0, 6].Select(Gen.Const(call), piece.Array[0, 6]).Sample(
            parts =>
            {
                string statement = "SELECT 1, " + string.Concat(parts.Item1) + parts.Item2 + string.Concat(parts.Item3);
                (_, string text) = _fixture.PostAsync(Reader, statement).GetAwaiter().GetResult();
                return !text.Contains(Secret, StringComparison.Ordinal);
            },
            iter: 1500,
            threads: 2,
            print: parts => "SELECT 1, " + string.Concat(parts.Item1) + parts.Item2 + string.Concat(parts.Item3));
    }
}
