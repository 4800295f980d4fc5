using System.Text;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Server.Tests.Configuration;

public sealed class ConfigurationProblemTests
{
    [Theory]
    [InlineData("readr: {}", "1:1: Unknown key 'readr' at the top of the file; did you mean 'reader'?")]
    [InlineData("reader: {max_lines_bytes: 1}", "1:10: Unknown key 'max_lines_bytes' in 'reader'; did you mean 'max_line_bytes'?")]
    [InlineData("reader: {maxLineBytes: 1}", "1:10: Unknown key 'maxLineBytes' in 'reader'; did you mean 'max_line_bytes'?")]
    [InlineData("reader: {max-depth: 1}", "1:10: Unknown key 'max-depth' in 'reader'; did you mean 'max_depth'?")]
    [InlineData(
        "correlation: {allowed_lateness: 1}",
        "1:15: Unknown key 'allowed_lateness' in 'correlation'; did you mean 'allowed_lateness_secs'?")]
    [InlineData("reader: {batch_bytes: 1}", "1:10: Unknown key 'batch_bytes' in 'reader'; 'batch_bytes' belongs in 'analysis'.")]
    [InlineData(
        "reader: {openapi_files: []}",
        "1:10: Unknown key 'openapi_files' in 'reader'; 'openapi_files' belongs at the top of the file.")]
    [InlineData(
        "reader.max_depth: 5",
        "1:1: Unknown key 'reader.max_depth' at the top of the file; keys do not contain dots. Write 'max_depth' under 'reader:'.")]
    [InlineData(
        "reader: {zzz: 1}",
        "1:10: Unknown key 'zzz' in 'reader'; expected 'max_line_bytes', 'max_depth', 'dead_letter_bytes', 'extra_fields'.")]
    [InlineData(
        "classification: {sample_one_of: 5}",
        "1:18: Unknown key 'sample_one_of' in 'classification'; 'sample_one_of' belongs in 'correlation'.")]
    public void Load_UnknownKey_NamesTheOneThatWasMeant(string yaml, string expected)
    {
        Assert.Equal($"cflogstream.yaml:{expected}", ConfigurationText.Problem(yaml));
    }

    [Theory]
    [InlineData("reader: {max_depth: ten}", "1:21: reader.max_depth is 'ten'; expected a whole number between 2 and 1000.")]
    [InlineData(
        "reader: {max_depth: \"10\"}",
        "1:21: reader.max_depth is the quoted text '10'; expected a whole number between 2 and 1000. Write 10 without quotes.")]
    [InlineData(
        "reader: {max_line_bytes: 1MiB}",
        "1:26: reader.max_line_bytes is '1MiB'; expected a whole number of bytes between 1024 and 67108864, without a unit.")]
    [InlineData(
        "correlation: {join_horizon_secs: 1_000}",
        "1:34: correlation.join_horizon_secs is '1_000'; expected a whole number of seconds between 1 and 86400, without a unit. "
        + "Write 1000.")]
    [InlineData("reader: {max_depth: 1.5}", "1:21: reader.max_depth is '1.5'; expected a whole number between 2 and 1000.")]
    [InlineData("reader: {max_depth: [5]}", "1:21: reader.max_depth is a list; expected a whole number between 2 and 1000.")]
    [InlineData("reader: {max_depth: {a: 5}}", "1:21: reader.max_depth is a mapping; expected a whole number between 2 and 1000.")]
    [InlineData(
        "reader:\n  max_depth:\n",
        "2:13: reader.max_depth has no value; expected a whole number between 2 and 1000. Remove the key to get the default (64).")]
    [InlineData(
        "clickhouse: {cluster: ~}",
        "1:23: clickhouse.cluster has no value; expected the name of a cluster as ClickHouse knows it. Remove the key to get the "
        + "default (empty).")]
    [InlineData("reader: {extra_fields: RayID}", "1:24: reader.extra_fields is 'RayID'; expected a list, each item on a line after '- '.")]
    [InlineData("reader: {extra_fields: [~]}", "1:25: reader.extra_fields[0] has no value; expected the name of a Logpush field.")]
    [InlineData(
        "reader: 5",
        "1:9: reader is '5'; expected a mapping with the keys 'max_line_bytes', 'max_depth', 'dead_letter_bytes', 'extra_fields'.")]
    [InlineData("[]", "1:1: The file is a list; expected keys and values, such as 'reader:'.")]
    [InlineData("reader", "1:1: The file is 'reader'; expected keys and values, such as 'reader:'.")]
    [InlineData(
        "classification: {surfaces: [{host: a.example, surface: apy}]}",
        "1:56: classification.surfaces[0].surface is 'apy'; expected one of 'unknown', 'api', 'page', 'asset', 'mixed'. Did you mean "
        + "'api'?")]
    [InlineData(
        "classification: {clients: [Acme]}",
        "1:28: classification.clients[0] is 'Acme'; expected a mapping with the keys 'token', 'class', 'name', 'source'.")]
    [InlineData("clickhouse: {database: a-b}", "1:24: clickhouse.database is 'a-b'; expected a name of letters, digits and '_'.")]
    [InlineData(
        "clickhouse:\n  database: |\n    name\n",
        "2:13: clickhouse.database is the quoted text 'name\n'; expected a name of letters, digits and '_'. Write it on one line, "
        + "without control characters.")]
    public void Load_WrongType_SaysWhatIsThereAndWhatIsExpected(string yaml, string expected)
    {
        Assert.Equal($"cflogstream.yaml:{expected}", ConfigurationText.Problem(yaml));
    }

    [Theory]
    [InlineData("reader: {max_depth: 1}", "1:21: reader.max_depth (1) must be between 2 and 1000.")]
    [InlineData("correlation: {sample_one_of: -1}", "1:30: correlation.sample_one_of (-1) must be between 0 and 1000000000.")]
    [InlineData(
        "classification: {generation: 4294967296}",
        "1:30: classification.generation (4294967296) must be between 1 and 4294967295.")]
    public void Load_OutOfRange_PrintsTheValueAndTheRange(string yaml, string expected)
    {
        Assert.Equal($"cflogstream.yaml:{expected}", ConfigurationText.Problem(yaml));
    }

    [Theory]
    [InlineData(
        "reader: {max_line_bytes: 2048}",
        "1:26: reader.dead_letter_bytes (4096) must be at most reader.max_line_bytes (2048).")]
    [InlineData(
        "analysis: {reorder_bytes: 1048576, batch_bytes: 2097152}",
        "1:27: analysis.reorder_bytes (1048576) must be at least analysis.batch_bytes (2097152).")]
    public void Load_ValuesThatDoNotGoTogether_AreBothPrinted(string yaml, string expected)
    {
        Assert.Equal($"cflogstream.yaml:{expected}", ConfigurationText.Problem(yaml));
    }

    [Theory]
    [InlineData(
        "reader: {extra_fields: [A, B, A]}",
        "1:31: reader.extra_fields[2] ('A') is the same as reader.extra_fields[0]. Remove one of them.")]
    [InlineData(
        "classification:\n  path_templates:\n    - /v1/{user\n",
        "3:7: classification.path_templates[0] '/v1/{user' is no usable path template: '{user' has a '{' without a '}' after it.")]
    [InlineData(
        "classification: {surfaces: [{host: localhost, surface: api}]}",
        "1:29: classification.surfaces[0] for host 'localhost' cannot be used: "
        + "'localhost' is taken for a host and has no dot; a path starts with '/'.")]
    [InlineData(
        "classification: {surfaces: [{host: '*', surface: api}]}",
        "1:36: classification.surfaces[0].host is the quoted text '*'; expected a host name, '*.' and a domain, or nothing.")]
    [InlineData(
        "classification: {surfaces: [{surface: api}]}",
        "1:29: classification.surfaces[0] has neither 'host' nor 'path_prefix'; expected at least one, or it would match every request.")]
    [InlineData(
        "classification: {clients: [{token: Acme/, class: sdk, name: a}, {token: Acme/, class: sdk, name: b}]}",
        "1:73: classification.clients[1].token ('Acme/') is the same as classification.clients[0].token. Remove one of them.")]
    [InlineData(
        "classification: {clients: [{token: Acme/, class: webhok, name: a}]}",
        "1:50: classification.clients[0].class is 'webhok'; expected one of 'webhook', 'monitoring', 'ai_agent', 'crawler', 'preview', "
        + "'feed', 'scanner', 'headless', 'load_test', 'api_tool', 'mobile_app', 'sdk', 'cli', 'infra'. Did you mean 'webhook'?")]
    [InlineData(
        "classification: {clients: [{token: ^= , class: sdk, name: a}]}",
        "1:36: classification.clients[0].token is '^='; expected 2 to 256 characters of ASCII, with '^' or '=' in front or not.")]
    [InlineData(
        "classification: {clients: [{class: sdk, name: a}]}",
        "1:28: classification.clients[0] has no 'token'; expected 2 to 256 characters of ASCII, with '^' or '=' in front or not.")]
    [InlineData(
        "clickhouse: {cluster: main}",
        "1:23: clickhouse.cluster ('main') needs clickhouse.url, which is empty; the engine inside this program is no cluster.")]
    [InlineData(
        "clickhouse: {url: localhost:8123}",
        "1:19: clickhouse.url is 'localhost:8123'; expected the URL of ClickHouse's HTTP interface, for instance "
        + "'https://clickhouse.example.com:8443'.")]
    [InlineData(
        "clickhouse: {url: 'http://h/?database=x'}",
        "1:19: clickhouse.url has a query or a fragment ('?database=x'); expected none. Use clickhouse.database and clickhouse.user "
        + "instead.")]
    public void Load_ValuesThatMakeNoSense_AreExplained(string yaml, string expected)
    {
        Assert.Equal($"cflogstream.yaml:{expected}", ConfigurationText.Problem(yaml));
    }

    [Fact]
    public void Load_KeyTwice_NamesTheFirst()
    {
        Assert.Equal(
            "cflogstream.yaml:3:3: The key 'reader.max_depth' is given twice; the first is at line 2. Remove one of them.",
            ConfigurationText.Problem("reader:\n  max_depth: 5\n  max_depth: 6\n"));
    }

    [Theory]
    [InlineData("clickhouse: {password: hunter2}")]
    [InlineData("clickhouse: {PASSWD: hunter2}")]
    [InlineData("clickhouse: {api_key: hunter2}")]
    public void Load_SecretInTheFile_IsRefusedWithWhatToUseInsteadAndNotRepeated(string yaml)
    {
        string problem = ConfigurationText.Problem(yaml);

        Assert.EndsWith(
            " in 'clickhouse' would put a secret into the file. Use clickhouse.password_env with the name of an environment variable, "
            + "or clickhouse.password_file with the path of a file, and change the secret if the file was shared.",
            problem,
            StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://user:hunter2@ch.example.com/")]
    [InlineData("ftp://user:hunter2@ch.example.com/")]
    [InlineData("user:hunter2@ch.example.com")]
    [InlineData("http://user:hunter2@")]
    [InlineData("http://user:hun@ter2@ch example/")]
    public void Load_PasswordInTheUrl_IsRefusedAndNotRepeated(string url)
    {
        string problem = ConfigurationText.Problem($"clickhouse: {{url: '{url}'}}");

        Assert.StartsWith("cflogstream.yaml:1:19: clickhouse.url ", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hun", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("ter2", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_PasswordReferences_AreCheckedAndExclusive()
    {
        Assert.Equal(
            "cflogstream.yaml:1:28: clickhouse.password_env names the environment variable 'CH_PASSWORD', which is not set.",
            ConfigurationText.Problem("clickhouse: {password_env: CH_PASSWORD}"));
        Assert.Equal(
            [
                "cflogstream.yaml:1:46: clickhouse.password_file ('b') and clickhouse.password_env ('A') are both given; expected "
                + "one of them.",
            ],
            ConfigurationText.Problems("clickhouse: {password_env: A, password_file: b}", ("A", "x")));
    }

    [Fact]
    public void Load_SeveralProblems_AreAllNamedInTheOrderOfTheFile()
    {
        string[] problems = ConfigurationText.Problems("""
            analysis:
              threads: many
              batch_byts: 5
            reader:
              max_depth: 1
              max_depth: 2
            classification:
              surfaces:
                - surface: apii
            """);

        Assert.Equal(
            [
                "cflogstream.yaml:2:12: analysis.threads is 'many'; expected a whole number between 0 and 1024.",
                "cflogstream.yaml:3:3: Unknown key 'batch_byts' in 'analysis'; did you mean 'batch_bytes'?",
                "cflogstream.yaml:5:14: reader.max_depth (1) must be between 2 and 1000.",
                "cflogstream.yaml:6:3: The key 'reader.max_depth' is given twice; the first is at line 5. Remove one of them.",
                "cflogstream.yaml:9:16: classification.surfaces[0].surface is 'apii'; expected one of 'unknown', 'api', 'page', "
                + "'asset', 'mixed'. Did you mean 'api'?",
            ],
            problems);
    }

    [Fact]
    public void Load_RelationWithAValueThatIsWrongItself_IsNotReported()
    {
        Assert.Equal(
            "cflogstream.yaml:1:51: reader.dead_letter_bytes (9999999) must be between 0 and 1048576.",
            ConfigurationText.Problem("reader: {max_line_bytes: 2048, dead_letter_bytes: 9999999}"));
    }

    [Fact]
    public void Load_TwoHundredProblems_AreAllNamed()
    {
        var yaml = new StringBuilder("classification:\n  surfaces:\n");
        for (int i = 0; i < 200; i++)
        {
            yaml.Append(System.Globalization.CultureInfo.InvariantCulture, $"    - {{host: h{i}.example, surface: wrong}}\n");
        }

        string[] problems = ConfigurationText.Problems(yaml.ToString());

        Assert.Equal(200, problems.Length);
        for (int i = 0; i < 200; i++)
        {
            Assert.StartsWith($"cflogstream.yaml:{i + 3}:", problems[i], StringComparison.Ordinal);
            Assert.Contains($"classification.surfaces[{i}].surface is 'wrong'", problems[i], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_MoreProblemsThanAnyoneReads_AreCounted()
    {
        string yaml = string.Concat(Enumerable.Range(0, 1_234).Select(i => $"unknown{i}: 1\n"));

        string[] problems = ConfigurationText.Problems(yaml);

        Assert.Equal(ProblemList.MaxProblems + 1, problems.Length);
        Assert.Equal("cflogstream.yaml: There are 234 more problems that are not shown.", problems[^1]);
    }

    [Fact]
    public void Load_LongTextInAMessage_IsCut()
    {
        string problem = ConfigurationText.Problem($"reader: {{max_depth: {new string('x', 5_000)}}}");

        Assert.Equal(
            $"cflogstream.yaml:1:21: reader.max_depth is '{new string('x', 200)}…'; expected a whole number between 2 and 1000.",
            problem);
    }
}
