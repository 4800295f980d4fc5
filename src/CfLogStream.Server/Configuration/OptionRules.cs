using CfLogStream.Core.Correlation;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Server.Insight.Ownership;

namespace CfLogStream.Server.Configuration;

/// <summary>
/// The rules of all options in one table: Core's option records know nothing of files, so what a file may say stands here. The binder
/// checks by it, the JSON schema and the documentation print it.
/// </summary>
internal static class OptionRules
{
    private const long KiB = 1024;
    private const long MiB = 1024 * KiB;
    private const long GiB = 1024 * MiB;
    private const long DaySecs = 86_400;
    private const long Millions = 1_000_000;
    private const int CenturyDays = 36_500;

    // Patterns are in the dialect that .NET and JSON Schema share.
    private const string Host = @"^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$|^$";
    private const string Day = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
    private const string Word = "^[a-z0-9][a-z0-9_.-]{0,63}$";

    private const string TopicName = "^[A-Za-z0-9._-]{1,249}$";
    private const string Variable = "^([A-Za-z_][A-Za-z0-9_]*)?$";

    // The classes a user agent can name; the others come from Cloudflare's signals or from what a browser sends.
    private static readonly string[] s_namedClasses =
    [
        "webhook", "monitoring", "ai_agent", "crawler", "preview", "feed", "scanner", "headless", "load_test", "api_tool", "mobile_app",
        "sdk", "cli", "infra",
    ];

    private static readonly Dictionary<(Type Owner, string Property), OptionRule> s_rules = new()
    {
        [(typeof(ReaderOptions), nameof(ReaderOptions.MaxLineBytes))] = Between(KiB, 64 * MiB),
        [(typeof(ReaderOptions), nameof(ReaderOptions.MaxDepth))] = Between(2, 1_000),
        [(typeof(ReaderOptions), nameof(ReaderOptions.DeadLetterBytes))] = Between(0, MiB),
        [(typeof(ReaderOptions), nameof(ReaderOptions.ExtraFields))] =
            Text(@"^[A-Za-z][A-Za-z0-9_.\-]{0,127}$", "the name of a Logpush field") with { MaxItems = 32 },

        [(typeof(ClassificationSettings), nameof(ClassificationSettings.Generation))] = Between(1, uint.MaxValue),
        [(typeof(ClassificationSettings), nameof(ClassificationSettings.ExtraFields))] = new() { IsDerived = true },
        [(typeof(ClassificationSettings), nameof(ClassificationSettings.SampleOneOf))] = new() { IsDerived = true },
        [(typeof(ClassificationSettings), nameof(ClassificationSettings.ApiTemplates))] = new() { IsDerived = true },
        [(typeof(ClassificationSettings), nameof(ClassificationSettings.PathTemplates))] =
            Text("^[^\\s/]*/[^\\s?#]*$", "a path that begins with '/', with a host before it or none, and no query"),
        [(typeof(SurfaceOverride), nameof(SurfaceOverride.Host))] =
            Text(Host, "a host name, '*.' and a domain, or nothing") with { Optional = "" },
        [(typeof(SurfaceOverride), nameof(SurfaceOverride.PathPrefix))] =
            Text("^(/[^\\s?#]*)?$", "a path that begins with '/', or nothing") with { Optional = "" },
        [(typeof(ClientToken), nameof(ClientToken.Token))] =
            Text(@"^[=^]?[!-<>-\]_-~][ -~]{0,254}[!-~]$", "2 to 256 characters of ASCII, with '^' or '=' in front or not"),
        [(typeof(ClientToken), nameof(ClientToken.Class))] = OneOf(s_namedClasses),
        [(typeof(ClientToken), nameof(ClientToken.Name))] = Text(Word, "a word of lower case letters, digits, '_', '.' and '-'"),
        [(typeof(ClientToken), nameof(ClientToken.Source))] = new() { Optional = "configuration" },

        [(typeof(CfLogStreamOptions), nameof(CfLogStreamOptions.OpenapiFiles))] =
            Text("^.*\\S.*$", "the path of a file") with { MaxItems = 1_000 },

        [(typeof(CorrelationOptions), nameof(CorrelationOptions.AllowedLateness))] = Between(0, 7 * DaySecs),
        [(typeof(CorrelationOptions), nameof(CorrelationOptions.JoinHorizon))] = Between(1, DaySecs),
        [(typeof(CorrelationOptions), nameof(CorrelationOptions.FutureBound))] = Between(0, DaySecs),
        [(typeof(CorrelationOptions), nameof(CorrelationOptions.MaxWaiting))] = Between(1_000, 100 * Millions),
        [(typeof(CorrelationOptions), nameof(CorrelationOptions.TemplatesPerWindowHost))] = Between(1, Millions),
        [(typeof(CorrelationOptions), nameof(CorrelationOptions.HostsPerWindowZone))] = Between(1, Millions),
        [(typeof(CorrelationOptions), nameof(CorrelationOptions.ClientsPerWindowHost))] = Between(1, Millions),
        [(typeof(CorrelationOptions), nameof(CorrelationOptions.SampleOneOf))] = Between(0, 1_000 * Millions),
        [(typeof(CorrelationOptions), nameof(CorrelationOptions.LostPerWindowHostRule))] = Between(1, Millions),
        [(typeof(CorrelationOptions), nameof(CorrelationOptions.CallersPerRow))] = Between(1, 16 * Millions),
        [(typeof(CorrelationOptions), nameof(CorrelationOptions.CallersPerHourHost))] = Between(1, 16 * Millions),

        [(typeof(ClickHouseSection), nameof(ClickHouseSection.Database))] =
            Text("^[A-Za-z_][A-Za-z0-9_]{0,63}$", "a name of letters, digits and '_'"),
        [(typeof(ClickHouseSection), nameof(ClickHouseSection.EmbeddedPort))] = Between(0, 65_535),
        [(typeof(ClickHouseSection), nameof(ClickHouseSection.User))] = Text("^[ -~]{1,128}$", "1 to 128 characters of ASCII"),
        [(typeof(ClickHouseSection), nameof(ClickHouseSection.PasswordEnv))] =
            Text(Variable, "the name of an environment variable"),
        [(typeof(ClickHouseSection), nameof(ClickHouseSection.Cluster))] =
            Text("^[A-Za-z0-9_.{}-]{0,64}$", "the name of a cluster as ClickHouse knows it"),
        [(typeof(RetentionSection), nameof(RetentionSection.Aggregates))] = Between(0, CenturyDays),
        [(typeof(RetentionSection), nameof(RetentionSection.Callers))] = Between(0, CenturyDays),
        [(typeof(RetentionSection), nameof(RetentionSection.Requests))] = Between(0, CenturyDays),
        [(typeof(RetentionSection), nameof(RetentionSection.DeadLetters))] = Between(0, CenturyDays),
        [(typeof(RetentionSection), nameof(RetentionSection.History))] = Between(0, CenturyDays),

        [(typeof(AnalysisSection), nameof(AnalysisSection.Threads))] = Between(0, 1_024),
        [(typeof(AnalysisSection), nameof(AnalysisSection.ReorderBytes))] = Between(MiB, 1_024 * GiB),
        [(typeof(AnalysisSection), nameof(AnalysisSection.Disorder))] = Between(0, 366 * DaySecs),
        [(typeof(AnalysisSection), nameof(AnalysisSection.BatchBytes))] = Between(64 * KiB, 256 * MiB),
        [(typeof(AnalysisSection), nameof(AnalysisSection.DeadLettersKept))] = Between(0, 100 * Millions),

        [(typeof(KafkaSection), nameof(KafkaSection.BootstrapServers))] =
            Text(@"^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}(,([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5})*$|^$", "'host:port', with commas between several"),
        [(typeof(KafkaSection), nameof(KafkaSection.Topic))] = Text(TopicName, "the name of a topic: letters, digits, '.', '_' and '-'"),
        [(typeof(KafkaSection), nameof(KafkaSection.Group))] = Text("^[!-~]{1,249}$", "1 to 249 characters of ASCII without spaces"),
        [(typeof(KafkaSection), nameof(KafkaSection.ClientId))] = Text("^[A-Za-z0-9._-]{1,249}$", "letters, digits, '.', '_' and '-'"),
        [(typeof(KafkaSection), nameof(KafkaSection.SecurityProtocol))] = OneOf(["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"]),
        [(typeof(KafkaSection), nameof(KafkaSection.SaslMechanism))] = OneOf(["plain", "scram-sha-256", "scram-sha-512", "oauthbearer"]),
        [(typeof(KafkaSection), nameof(KafkaSection.PasswordEnv))] = Text(Variable, "the name of an environment variable"),
        [(typeof(KafkaSection), nameof(KafkaSection.OauthSecretEnv))] = Text(Variable, "the name of an environment variable"),
        [(typeof(KafkaSection), nameof(KafkaSection.KeyPasswordEnv))] = Text(Variable, "the name of an environment variable"),
        [(typeof(KafkaSection), nameof(KafkaSection.OauthTokenUrl))] = Text("^(https?://[^\\s@]+)?$", "an http or https URL without a user"),
        [(typeof(KafkaSection), nameof(KafkaSection.SessionTimeout))] = Between(1, 1_800),
        [(typeof(KafkaSection), nameof(KafkaSection.LingerMs))] = Between(0, 60_000),
        [(typeof(KafkaSection), nameof(KafkaSection.MessageBytes))] = Between(64 * KiB, 100 * MiB),
        [(typeof(KafkaSection), nameof(KafkaSection.Properties))] =
            Text("^[a-z][a-z0-9._]*=.*$", "a property of librdkafka and its value: 'name=value'") with { MaxItems = 100 },

        [(typeof(IngestSection), nameof(IngestSection.Topics))] =
            Text(TopicName, "the name of a topic: letters, digits, '.', '_' and '-'") with { MaxItems = 100 },
        [(typeof(IngestSection), nameof(IngestSection.Group))] = Text("^[!-~]{1,249}$", "1 to 249 characters of ASCII without spaces"),
        [(typeof(IngestSection), nameof(IngestSection.Start))] = OneOf(["earliest", "latest"]),
        [(typeof(IngestSection), nameof(IngestSection.BatchBytes))] = Between(64 * KiB, 256 * MiB),
        [(typeof(IngestSection), nameof(IngestSection.LingerMs))] = Between(0, 60_000),
        [(typeof(IngestSection), nameof(IngestSection.InflatedBytes))] = Between(MiB, GiB),

        [(typeof(ReceiverSection), nameof(ReceiverSection.Listen))] =
            Text(@"^(([0-9.]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5})?$", "'address:port', for instance '127.0.0.1:8787'"),
        [(typeof(ReceiverSection), nameof(ReceiverSection.TokenHeader))] = Text("^[A-Za-z][A-Za-z0-9-]{0,63}$", "the name of a request header"),
        [(typeof(ReceiverSection), nameof(ReceiverSection.Tokens))] = new() { MaxItems = 100 },
        [(typeof(ReceiverSection), nameof(ReceiverSection.Networks))] =
            Text("^[0-9A-Fa-f:.]+/[0-9]{1,3}$", "'address/bits', for instance '192.0.2.0/24'") with { MaxItems = 1_000 },
        [(typeof(ReceiverToken), nameof(ReceiverToken.Source))] = Text(Word, "a word of lower case letters, digits, '_', '.' and '-'"),
        [(typeof(ReceiverToken), nameof(ReceiverToken.TokenEnv))] = Text(Variable, "the name of an environment variable") with { Optional = "" },
        [(typeof(ReceiverToken), nameof(ReceiverToken.TokenFile))] = new() { Optional = "" },
        [(typeof(ReceiverSection), nameof(ReceiverSection.BodyBytes))] = Between(64 * KiB, 16 * GiB),
        [(typeof(ReceiverSection), nameof(ReceiverSection.InflatedBytes))] = Between(MiB, 16 * GiB),
        [(typeof(ReceiverSection), nameof(ReceiverSection.InflationRatio))] = Between(10, 100_000),
        [(typeof(ReceiverSection), nameof(ReceiverSection.Records))] = Between(1_000, 100 * Millions),
        [(typeof(ReceiverSection), nameof(ReceiverSection.Timeout))] = Between(1, 3_600),
        [(typeof(ReceiverSection), nameof(ReceiverSection.Uploads))] = Between(1, 10_000),
        [(typeof(ReceiverSection), nameof(ReceiverSection.Connections))] = Between(10, 100_000),

        [(typeof(CfLogStreamOptions), nameof(CfLogStreamOptions.Buckets))] = new() { MaxItems = 100 },
        [(typeof(BucketSection), nameof(BucketSection.Name))] = Text(Word, "a word of lower case letters, digits, '_', '.' and '-'"),
        [(typeof(BucketSection), nameof(BucketSection.Region))] = Text("^[a-z0-9-]{0,63}$", "lower case letters, digits and '-'"),
        [(typeof(BucketSection), nameof(BucketSection.Bucket))] =
            Text("^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$", "the name of a bucket: 2 to 63 letters, digits, '.', '_' and '-'"),
        [(typeof(BucketSection), nameof(BucketSection.DateFormat))] = OneOf(["yyyyMMdd", "yyyy-MM-dd", "yyyy/MM/dd"]),
        [(typeof(BucketSection), nameof(BucketSection.Poll))] = Between(1, DaySecs),
        [(typeof(BucketSection), nameof(BucketSection.LookBack))] = Between(60, 30 * DaySecs),
        [(typeof(BucketSection), nameof(BucketSection.Parallel))] = Between(1, 64),
        [(typeof(BucketSection), nameof(BucketSection.AccessKeyEnv))] = Text(Variable, "the name of an environment variable"),
        [(typeof(BucketSection), nameof(BucketSection.SecretKeyEnv))] = Text(Variable, "the name of an environment variable"),

        [(typeof(CfLogStreamOptions), nameof(CfLogStreamOptions.Folders))] = new() { MaxItems = 100 },
        [(typeof(FolderSection), nameof(FolderSection.Name))] = Text(Word, "a word of lower case letters, digits, '_', '.' and '-'"),
        [(typeof(FolderSection), nameof(FolderSection.Pattern))] = Text("^[^/]{1,255}$", "a name of a file, with '*' and '?'"),
        [(typeof(FolderSection), nameof(FolderSection.Settle))] = Between(0, 3_600),
        [(typeof(FolderSection), nameof(FolderSection.Poll))] = Between(1, DaySecs),
        [(typeof(FolderSection), nameof(FolderSection.Parallel))] = Between(1, 64),

        [(typeof(SpoolSection), nameof(SpoolSection.Partitions))] = Between(1, 256),
        [(typeof(SpoolSection), nameof(SpoolSection.MaxBytes))] = Between(8 * MiB, 1_024 * 1_024 * GiB),
        [(typeof(SpoolSection), nameof(SpoolSection.ReserveBytes))] = Between(0, 1_024 * GiB),
        [(typeof(SpoolSection), nameof(SpoolSection.SegmentBytes))] = Between(MiB, GiB),
        [(typeof(SpoolSection), nameof(SpoolSection.MaxAge))] = Between(3_600, 366 * DaySecs),

        [(typeof(ProcessSection), nameof(ProcessSection.Cut))] = Between(1, 3_600),
        [(typeof(ProcessSection), nameof(ProcessSection.CutRecords))] = Between(1_000, 100 * Millions),
        [(typeof(ProcessSection), nameof(ProcessSection.QueueBytes))] = Between(MiB, GiB),
        [(typeof(ProcessSection), nameof(ProcessSection.DeadLettersPerMessage))] = Between(0, 4_096),
        [(typeof(ProcessSection), nameof(ProcessSection.PoisonPercent))] = Between(1, 100),
        [(typeof(ProcessSection), nameof(ProcessSection.Drain))] = Between(1, 3_600),

        [(typeof(OwnersDocument), nameof(OwnersDocument.Teams))] = new() { MaxItems = 1_000 },
        [(typeof(OwnersDocument), nameof(OwnersDocument.Owners))] = new() { MaxItems = 5_000 },
        [(typeof(OwnerSection), nameof(OwnerSection.ReviewBy))] = Text(Day, "a day, such as '2027-01-31'"),
        [(typeof(OwnerSection), nameof(OwnerSection.Expires))] = Text(Day, "a day, such as '2027-01-31'"),

        [(typeof(MetricsSection), nameof(MetricsSection.Listen))] =
            Text(@"^(([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5})?$", "'address:port', for instance '127.0.0.1:9464'"),
    };

    /// <summary>Returns the rule of an option, by the record that declares it.</summary>
    public static OptionRule For(Type owner, string property) =>
        s_rules.TryGetValue((owner, property), out OptionRule? rule) ? rule : OptionRule.None;

    private static OptionRule Between(long minimum, long maximum) => new() { Range = (minimum, maximum) };

    private static OptionRule OneOf(string[] words) => new() { Words = words };

    private static OptionRule Text(string pattern, string expected) => new()
    {
        Pattern = pattern,
        Expected = expected,
    };
}
