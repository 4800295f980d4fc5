using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using CfLogStream.ClickHouse.Writing;
using CfLogStream.Kafka.Client;
using CfLogStream.Server.Collecting;
using CfLogStream.Server.Ingest;
using CfLogStream.Server.Insight.Ownership;
using CfLogStream.Server.Processing;
using CfLogStream.Server.Receiving;
using CfLogStream.Server.Spool;
using CfLogStream.Server.Tests.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace CfLogStream.Server.Tests.Serving;

/// <summary>docs/metrics.md has every instrument as it is, and the alert rules name no other.</summary>
public sealed partial class MetricsDocumentationTests
{
    private static readonly string s_rules = Path.Combine(RepositoryRoot.Find(), "deploy", "prometheus", "cflogstream.rules.yml");

    [Fact]
    public void Documentation_HasARowForEveryInstrument()
    {
        string[] rows = [.. Instruments().Select(Row)];
        string text = File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "docs", "metrics.md"));
        string[] documented = [.. text.Split('\n').Where(line => line.StartsWith("| `cflogstream.", StringComparison.Ordinal))];
        Assert.True(rows.SequenceEqual(documented), "docs/metrics.md must have these rows:\n" + string.Join('\n', rows));
    }

    [Fact]
    public void Alerts_NameOnlyMetricsThatThereAre()
    {
        string[] names = [.. MetricName().Matches(File.ReadAllText(s_rules)).Select(match => match.Value).Distinct()];
        Assert.NotEmpty(names);
        Assert.Empty(names.Except(Instruments().Select(PrometheusName)));
    }

    [Fact]
    public async Task Alerts_FireWhenTheyShould()
    {
        string test = Path.Combine(Path.GetDirectoryName(s_rules)!, "cflogstream.rules.test.yml");
        Assert.SkipUnless(File.Exists("/usr/bin/promtool"), "promtool (Debian package prometheus) is not here; tests/run.sh installs it.");
        using Process promtool = Process.Start(new ProcessStartInfo("/usr/bin/promtool", ["test", "rules", test])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await promtool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(promtool.ExitCode == 0, output + await errors);
    }

    private static List<Instrument> Instruments()
    {
        var instruments = new Dictionary<string, Instrument>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name.StartsWith("CfLogStream.", StringComparison.Ordinal) && instrument.Meter.Name != "CfLogStream.Test")
                {
                    lock (instruments)
                    {
                        instruments[instrument.Name] = instrument;
                    }
                }
            },
        };
        listener.Start();
        using var reader = new KafkaReaderMetrics();
        using var ingest = new IngestMetrics();
        using var process = new ProcessMetrics(TimeProvider.System);
        using var collector = new CollectorMetrics(TimeProvider.System);
        using var writer = new WriterMetrics();
        using var receiver = new ReceiverMetrics();
        using var spool = new SpoolMetrics();
        using var owners = new WatchedOwners(TimeProvider.System, NullLogger<WatchedOwners>.Instance);
        lock (instruments)
        {
            return [.. instruments.Values.OrderBy(instrument => instrument.Name, StringComparer.Ordinal)];
        }
    }

    private static string Row(Instrument instrument) =>
        $"| `{instrument.Name}` | `{PrometheusName(instrument)}` | {instrument.Unit!.Trim('{', '}')} | {instrument.Description} |";

    /// <summary>The name as the exporter makes it; a histogram has suffixes behind it.</summary>
    private static string PrometheusName(Instrument instrument)
    {
        string unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        string name = instrument.Name.Replace('.', '_');
        name = name.EndsWith(unit, StringComparison.Ordinal) ? name : name + unit;
        return instrument is Counter<long> or ObservableCounter<long> ? name + "_total" : name;
    }

    [GeneratedRegex("cflogstream_[a-z_]+")]
    private static partial Regex MetricName();
}
