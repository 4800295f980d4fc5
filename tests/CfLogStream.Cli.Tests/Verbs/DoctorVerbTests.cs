using System.Globalization;
using System.Text;
using System.Text.Json;
using CfLogStream.Cli.Verbs;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Cli.Tests.Verbs;

/// <summary>What <c>doctor</c> says of uploads and of configurations.</summary>
public sealed class DoctorVerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cflogstream-doctor-");

    public static TheoryData<Dataset, int> Purposes
    {
        get
        {
            var rows = new TheoryData<Dataset, int>();
            foreach (Dataset dataset in new[] { Dataset.HttpRequests, Dataset.FirewallEvents })
            {
                for (int i = 0; i < FieldPurposes.Of(dataset).Count; i++)
                {
                    rows.Add(dataset, i);
                }
            }

            return rows;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Uploads_ThatHaveAll_AreFine()
    {
        CommandOutcome outcome = await DoctorAsync(Request(), Event());

        Assert.Equal(ExitCode.Ok, outcome.ExitCode);
        Assert.Contains("ok       http_requests fields: all 62 are there.\n", outcome.Stdout, StringComparison.Ordinal);
        Assert.Contains("ok       firewall_events fields: all 32 are there.\n", outcome.Stdout, StringComparison.Ordinal);
        Assert.Contains("ok       join: 100 % of 1 rays with security events have their request.\n", outcome.Stdout, StringComparison.Ordinal);
        Assert.Contains("ok       lines: all 2 lines of 1 files are records.\n", outcome.Stdout, StringComparison.Ordinal);
        Assert.EndsWith("0 problems, 1 warning.\n", outcome.Stdout, StringComparison.Ordinal);
        Assert.Contains("warning  receiver tokens: none", outcome.Stdout, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task Uploads_WithoutAField_AreToldWhatItCosts(Dataset dataset, int index)
    {
        FieldPurpose purpose = FieldPurposes.Of(dataset)[index];
        LogField[] without = [.. purpose.Fields, .. purpose.Substitutes];
        CommandOutcome outcome = await DoctorAsync(
            Request(dataset == Dataset.HttpRequests ? without : []), Event(dataset == Dataset.FirewallEvents ? without : []));

        string name = DatasetNames.Of(dataset);
        string level = purpose.IsRequired ? "problem" : "warning";
        string expected = $"{level,-7}  {name} fields: no {string.Join(", no ", purpose.Fields)}: {purpose.Cost}. "
            + $"Add to output_options.field_names of the {name} job: {string.Join(", ", purpose.Fields.Select(field => $"\"{field}\""))}.\n";
        if (purpose.IsOfAccounts)
        {
            Assert.DoesNotContain(purpose.Cost, outcome.Stdout, StringComparison.Ordinal);
            return;
        }

        Assert.Contains(expected, outcome.Stdout, StringComparison.Ordinal);
        Assert.Equal(purpose.IsRequired ? ExitCode.Failed : ExitCode.Ok, outcome.ExitCode);
    }

    [Fact]
    public async Task Uploads_WithASubstitute_AreFine()
    {
        string request = Request([LogField.OriginResponseDurationMs]).Replace("{", """{"OriginResponseTime":5000000,""", StringComparison.Ordinal);

        CommandOutcome outcome = await DoctorAsync(request, Event());

        Assert.Contains("ok       http_requests fields: all 62 are there.\n", outcome.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uploads_OfTwoShapes_AreToldTheShare()
    {
        CommandOutcome outcome = await DoctorAsync(Request([LogField.BotScore, LogField.BotScoreSrc]), Request(), Request(), Request(), Event());

        Assert.Contains(
            "warning  http_requests fields: BotScore, BotScoreSrc only in 75 % of the records: no bot evidence: whether a bot score was wrong about a "
                + "client cannot be said. A job was edited in this time, or two jobs differ.",
            outcome.Stdout,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uploads_WithEmptyBotScores_AreToldWhy()
    {
        string request = Request().Replace("\"BotScore\":\"1\"", "\"BotScore\":0", StringComparison.Ordinal)
            .Replace("\"BotScoreSrc\":\"1\"", "\"BotScoreSrc\":\"\"", StringComparison.Ordinal);

        CommandOutcome outcome = await DoctorAsync(request, Event());

        Assert.Contains("warning  http_requests fields: BotScore, BotScoreSrc never with a value", outcome.Stdout, StringComparison.Ordinal);
        Assert.Contains("Bot Management is not on for the zone", outcome.Stdout, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, outcome.ExitCode);
    }

    [Theory]
    [InlineData("1785931200", false)]
    [InlineData("\"1785931200\"", false)]
    [InlineData("\"2026-08-05T12:00:00Z\"", false)]
    [InlineData("\"2026-08-05T12:00:00.123Z\"", true)]
    [InlineData("\"2026-08-05T12:00:00.123456789Z\"", true)]
    [InlineData("1785931200123000000", true)]
    public async Task Times_InSeconds_LoseTheOrder(string time, bool isFine)
    {
        CommandOutcome outcome = await DoctorAsync(Request(time: time), Event(time: time));

        Assert.Contains(
            isFine
                ? "ok       http_requests times: finer than a second.\n"
                : "warning  http_requests times: in seconds: windows are right, the order within a second is lost. Set output_options.timestamp_format to "
                    + "\"unixnano\".\n",
            outcome.Stdout,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_ThatAreSampled_AreSeenByTheJoin()
    {
        string[] requests = [.. Enumerable.Range(0, 100).Where(i => i % 10 == 0 || i == 99).Select(i => Request(ray: i))];
        string[] events = [.. Enumerable.Range(0, 100).Select(i => Event(ray: i))];

        CommandOutcome outcome = await DoctorAsync([.. requests, .. events]);

        Assert.Equal(ExitCode.Failed, outcome.ExitCode);
        Assert.Contains("problem  join: 11 % of 100 rays with security events have their request: http_requests is sampled", outcome.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Datasets_ThatAreMissing_AreProblems()
    {
        CommandOutcome requests = await DoctorAsync(Request());
        CommandOutcome events = await DoctorAsync(Event());
        CommandOutcome nothing = await DoctorAsync("");

        Assert.Contains("problem  datasets: no firewall_events: ", requests.Stdout, StringComparison.Ordinal);
        Assert.Contains("problem  datasets: no http_requests: ", events.Stdout, StringComparison.Ordinal);
        Assert.Contains("nothing has arrived", nothing.Stdout, StringComparison.Ordinal);
        Assert.All([requests, events, nothing], outcome => Assert.Equal(ExitCode.Failed, outcome.ExitCode));
    }

    [Fact]
    public async Task DeadLetters_AreToldWithTheirReasons()
    {
        CommandOutcome outcome = await DoctorAsync(Request(), Event(), "{\"a\":", "no json", "csv,line");

        Assert.Contains("problem  lines: 3 of 5 lines are dead letters (bad_json 2, cut_line 1): they are in no count.", outcome.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uploads_LargerThanTheReceiverTakes_AreProblems()
    {
        string config = Write("receiver: {records: 1000}");
        string uploads = Write("up.ndjson", [.. Enumerable.Range(0, 1_001).Select(i => Request(ray: i)), Event()]);

        CommandOutcome outcome = await RunAsync("--config", config, uploads);

        Assert.Contains(
            "problem  upload size: a file of 1002 lines; receiver.records is 1000: such an upload is refused, comes again and is dropped in the end. Set the "
                + "job's max_upload_records to 1000 or less, or raise receiver.records.",
            outcome.Stdout,
            StringComparison.Ordinal);
        Assert.Contains("max_upload_records to 1000 or less.\n", outcome.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_OfTheFuture_AreTheClocks()
    {
        string later = TimeProvider.System.GetUtcNow().AddHours(1).ToString("\\\"yyyy-MM-ddTHH:mm:ss.fff\\Z\\\"", CultureInfo.InvariantCulture);

        CommandOutcome outcome = await DoctorAsync(Request(time: later), Event(time: later));

        Assert.Contains("problem  clock: the newest record is of ", outcome.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configuration_WithProblems_IsToldLineByLine()
    {
        string config = Write("receiver: {listen: '0.0.0.0:8787', records: 1}\nrecever: 1\n");

        CommandOutcome outcome = await RunAsync("--config", config, Write("up.ndjson", [Request(), Event()]));

        Assert.Equal(ExitCode.Failed, outcome.ExitCode);
        Assert.Contains($"problem  configuration: {config}:2:1: ", outcome.Stdout, StringComparison.Ordinal);
        Assert.Contains("did you mean 'receiver'", outcome.Stdout, StringComparison.Ordinal);
        Assert.Contains("ok       http_requests fields", outcome.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receiver_OnAllAddressesWithoutACertificate_IsAWarning()
    {
        string config = Write("receiver: {listen: '0.0.0.0:8787', networks: [192.0.2.0/24]}");

        CommandOutcome outcome = await RunAsync("--config", config, Write("up.ndjson", [Request(), Event()]));

        Assert.Contains("warning  receiver address: 0.0.0.0:8787 without a certificate: Cloudflare pushes to https only", outcome.Stdout, StringComparison.Ordinal);
        Assert.Contains("warning  receiver tokens: none, only networks: ", outcome.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disk_WithoutRoom_IsAProblem()
    {
        string config = Write("spool: {reserve_bytes: 1099511627776}");

        CommandOutcome outcome = await RunAsync("--config", config, Write("up.ndjson", [Request(), Event()]));

        Assert.Contains("problem  disk: ", outcome.Stdout, StringComparison.Ordinal);
        Assert.Contains("spool.reserve_bytes is 1099511627776: uploads are answered 503", outcome.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_ThatDoesNotRun_IsAProblem()
    {
        string config = Write("metrics: {listen: '127.0.0.1:1'}\nclickhouse: {embedded_port: 1}");

        CommandOutcome outcome = await RunAsync("--config", config);

        Assert.Equal(ExitCode.Failed, outcome.ExitCode);
        Assert.Contains("problem  service: it does not answer on 127.0.0.1:1", outcome.Stdout, StringComparison.Ordinal);
        Assert.Contains("problem  store: ClickHouse does not answer on http://127.0.0.1:1/", outcome.Stdout, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("5256001")]
    public async Task Minutes_OutOfRange_AreRefused(string minutes)
    {
        CommandOutcome outcome = await RunAsync("--minutes", minutes);

        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.Contains($"The value of '--minutes' is {minutes}; expected 1 to 5256000.", outcome.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_HasOneObjectPerCheck()
    {
        CommandOutcome outcome = await RunAsync("--format", "json", Write("up.ndjson", [Request([LogField.RayID]), Event()]));

        Assert.Equal(ExitCode.Failed, outcome.ExitCode);
        using JsonDocument json = JsonDocument.Parse(outcome.Stdout);
        JsonElement[] checks = [.. json.RootElement.GetProperty("checks").EnumerateArray()];
        Assert.Equal(json.RootElement.GetProperty("problems").GetInt32(), checks.Count(check => check.GetProperty("level").GetString() == "problem"));
        Assert.Contains(checks, check => check.GetProperty("found").GetString() == "no RayID" && check.GetProperty("check").GetString() == "http_requests fields");
    }

    [Fact]
    public async Task Names_OfHostileFiles_AreEscaped()
    {
        CommandOutcome outcome = await RunAsync(Path.Combine(_folder.FullName, "\u001b[2J\u202e"));

        Assert.Equal(ExitCode.Failed, outcome.ExitCode);
        Assert.DoesNotContain('\u001b', outcome.Stdout);
        Assert.DoesNotContain('\u202e', outcome.Stdout);
    }

    private static Task<CommandOutcome> RunAsync(params string[] args) => CommandLine.RunAsync(["doctor", .. args], [DoctorVerb.Create()]);

    private static string Request(LogField[]? without = null, string time = "1785931200123000000", int ray = 1) =>
        Record(Dataset.HttpRequests, without ?? [], time, ray);

    private static string Event(LogField[]? without = null, string time = "1785931200123000000", int ray = 1) =>
        Record(Dataset.FirewallEvents, without ?? [], time, ray);

    /// <summary>A record with all fields that a job has, but for some.</summary>
    private static string Record(Dataset dataset, LogField[] without, string time, int ray)
    {
        var line = new StringBuilder("{");
        foreach (string field in FieldPurposes.JobFields(dataset, ofAccount: true).Where(field => !without.Contains(Enum.Parse<LogField>(field))))
        {
            string value = field switch
            {
                "RayID" => $"\"91{ray:x14}\"",
                "EdgeStartTimestamp" or "EdgeEndTimestamp" or "Datetime" => time,
                _ => "\"1\"",
            };
            line.Append(CultureInfo.InvariantCulture, $"\"{field}\":{value},");
        }

        line[^1] = '}';
        return line.ToString();
    }

    private Task<CommandOutcome> DoctorAsync(params string[] lines) => RunAsync(Write("up.ndjson", lines));

    private string Write(string yaml)
    {
        string file = Path.Combine(_folder.FullName, "cflogstream.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }

    private string Write(string name, string[] lines)
    {
        string file = Path.Combine(_folder.FullName, name);
        File.WriteAllLines(file, lines);
        return file;
    }
}
