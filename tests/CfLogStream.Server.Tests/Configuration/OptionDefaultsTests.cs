using System.Globalization;
using System.Text;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Server.Tests.Configuration;

public sealed class OptionDefaultsTests
{
    private static readonly (string Key, object Value)[] s_defaults =
    [
        ("reader.max_line_bytes", 1_048_576L),
        ("reader.max_depth", 64L),
        ("reader.dead_letter_bytes", 4_096L),
        ("reader.extra_fields", 0L),
        ("classification.generation", 1L),
        ("classification.path_templates", 0L),
        ("classification.surfaces", 0L),
        ("classification.clients", 0L),
        ("openapi_files", 0L),
        ("correlation.allowed_lateness_secs", 600L),
        ("correlation.join_horizon_secs", 300L),
        ("correlation.await_events", true),
        ("correlation.future_bound_secs", 600L),
        ("correlation.max_waiting", 500_000L),
        ("correlation.templates_per_window_host", 1_000L),
        ("correlation.hosts_per_window_zone", 1_000L),
        ("correlation.clients_per_window_host", 1_000L),
        ("correlation.sample_one_of", 100L),
        ("correlation.lost_per_window_host_rule", 100L),
        ("correlation.callers_per_row", 65_536L),
        ("correlation.callers_per_hour_host", 100_000L),
        ("clickhouse.url", ""),
        ("clickhouse.database", "cflogstream"),
        ("clickhouse.embedded_port", 8_123L),
        ("clickhouse.user", "default"),
        ("clickhouse.password_env", ""),
        ("clickhouse.password_file", ""),
        ("clickhouse.cluster", ""),
        ("clickhouse.retention_days.aggregates", 0L),
        ("clickhouse.retention_days.callers", 0L),
        ("clickhouse.retention_days.requests", 0L),
        ("clickhouse.retention_days.dead_letters", 0L),
        ("clickhouse.retention_days.history", 0L),
        ("analysis.threads", 0L),
        ("analysis.reorder_bytes", 402_653_184L),
        ("analysis.disorder_secs", 86_400L),
        ("analysis.batch_bytes", 1_048_576L),
        ("analysis.dead_letters_kept", 10_000L),
        ("kafka.bootstrap_servers", ""),
        ("kafka.topic", "cflogstream.log"),
        ("kafka.group", "cflogstream"),
        ("kafka.client_id", "cflogstream"),
        ("kafka.security_protocol", "plaintext"),
        ("kafka.sasl_mechanism", "plain"),
        ("kafka.username", ""),
        ("kafka.password_env", ""),
        ("kafka.password_file", ""),
        ("kafka.oauth_token_url", ""),
        ("kafka.oauth_client_id", ""),
        ("kafka.oauth_scope", ""),
        ("kafka.oauth_secret_env", ""),
        ("kafka.oauth_secret_file", ""),
        ("kafka.ca_file", ""),
        ("kafka.certificate_file", ""),
        ("kafka.key_file", ""),
        ("kafka.key_password_env", ""),
        ("kafka.key_password_file", ""),
        ("kafka.session_timeout_secs", 45L),
        ("kafka.linger_ms", 20L),
        ("kafka.message_bytes", 1_000_000L),
        ("kafka.properties", 0L),
        ("ingest.topics", 0L),
        ("ingest.group", "cflogstream-ingest"),
        ("ingest.start", "earliest"),
        ("ingest.batch_bytes", 4_194_304L),
        ("ingest.linger_ms", 1_000L),
        ("ingest.inflated_bytes", 268_435_456L),
        ("receiver.listen", ""),
        ("receiver.token_header", "Authorization"),
        ("receiver.tokens", 0L),
        ("receiver.networks", 0L),
        ("receiver.certificate_file", ""),
        ("receiver.key_file", ""),
        ("receiver.body_bytes", 1_073_741_824L),
        ("receiver.inflated_bytes", 1_073_741_824L),
        ("receiver.inflation_ratio", 400L),
        ("receiver.records", 1_000_000L),
        ("receiver.timeout_secs", 120L),
        ("receiver.uploads", 64L),
        ("receiver.connections", 1_000L),
        ("buckets", 0L),
        ("folders", 0L),
        ("spool.partitions", 4L),
        ("spool.max_bytes", 17_179_869_184L),
        ("spool.reserve_bytes", 536_870_912L),
        ("spool.segment_bytes", 67_108_864L),
        ("spool.max_age_secs", 604_800L),
        ("process.cut_secs", 5L),
        ("process.cut_records", 500_000L),
        ("process.queue_bytes", 16_777_216L),
        ("process.dead_letters_per_message", 100L),
        ("process.poison_percent", 90L),
        ("process.drain_secs", 20L),
        ("insight.owners_file", ""),
        ("insight.description_pattern", ""),
        ("metrics.listen", "127.0.0.1:9464"),
    ];

    public static TheoryData<string> Keys => [.. s_defaults.Select(option => option.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Default_OfEachKey_IsAsDocumented(string key)
    {
        EffectiveValue found = Assert.Single(EffectiveValue.Of(new CfLogStreamOptions()), value => value.Key == key);

        Assert.Equal(s_defaults.Single(option => option.Key == key).Value, found.Value);
    }

    [Fact]
    public void Defaults_AreAllListedHere()
    {
        Assert.Equal(s_defaults.Select(option => option.Key), EffectiveValue.Of(new CfLogStreamOptions()).Select(value => value.Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment\n")]
    [InlineData("---\n")]
    [InlineData("{}")]
    [InlineData("reader:\nclassification:\ncorrelation: ~\nclickhouse: null\nanalysis: {}\nopenapi_files:\n")]
    public void Load_EmptyFileOrSections_GivesTheDefaults(string yaml)
    {
        Assert.Equal(EffectiveValue.Of(new CfLogStreamOptions()), EffectiveValue.Of(ConfigurationText.Load(yaml)));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Default_WrittenIntoAFile_IsAccepted(string key)
    {
        object value = s_defaults.Single(option => option.Key == key).Value;
        string written = value is 0L && OptionShape.Of(typeof(CfLogStreamOptions)).Walk().Single(option => option.Path == key).Key.IsList
            ? "[]"
            : value is "" ? "''" : value is bool flag ? (flag ? "true" : "false") : $"{value}";
        string[] parts = key.Split('.');
        var yaml = new StringBuilder();
        for (int depth = 0; depth < parts.Length; depth++)
        {
            yaml.Append(' ', depth * 2).Append(parts[depth]).Append(depth == parts.Length - 1 ? $": {written}\n" : ":\n");
        }

        Assert.Equal(EffectiveValue.Of(new CfLogStreamOptions()), EffectiveValue.Of(ConfigurationText.Load(yaml.ToString())));
    }

    [Fact]
    public void EveryNumber_HasARangeThatHoldsItsDefault()
    {
        Assert.All(
            OptionShape.Of(typeof(CfLogStreamOptions)).Walk().Where(option => option.Key.Kind is OptionKind.Number or OptionKind.Seconds),
            option =>
            {
                Assert.True(option.Key.Rule.HasRange, option.Path);
                long value = long.Parse(OptionKey.Written(option.Key.Default!), CultureInfo.InvariantCulture);
                Assert.InRange(value, option.Key.Rule.Range.Minimum, option.Key.Rule.Range.Maximum);
            });
    }
}
