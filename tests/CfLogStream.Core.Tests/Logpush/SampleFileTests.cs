using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Tests.Logpush;

public sealed class SampleFileTests
{
    /// <summary>Per file: records of http_requests, firewall_events, audit_logs and audit_logs_v2 that were recognised, and dead
    /// letters.</summary>
    [Theory]
    [InlineData("nuggien_logpush-custom-worker-template.http_requests.log.gz", 3814, 0, 0, 0, 0)]
    [InlineData("Logflare_logflare.http_requests.ndjson", 2, 0, 0, 0, 0)]
    [InlineData("wazuh_wazuh.http_requests.ndjson", 13, 0, 0, 0, 0)]
    [InlineData("SEKOIA-IO_intake-formats.http_requests.ndjson", 2, 0, 0, 0, 1)]
    [InlineData("SEKOIA-IO_intake-formats.firewall_events.ndjson", 0, 2, 0, 0, 0)]
    [InlineData("SEKOIA-IO_intake-formats.audit_logs.ndjson", 0, 0, 5, 0, 0)]
    [InlineData("elastic_integrations_cloudflare_logpush.http_request.ndjson", 5, 0, 0, 0, 0)]
    [InlineData("elastic_integrations_cloudflare_logpush.firewall_event.ndjson", 1, 3, 0, 0, 0)]
    [InlineData("elastic_integrations_cloudflare_logpush.audit.ndjson", 0, 0, 3, 0, 0)]
    [InlineData("elastic_integrations_issue13271.firewall_events.ndjson", 0, 1, 0, 0, 0)]
    [InlineData("menta2k_siem.http_requests.ndjson", 9, 0, 0, 0, 0)]
    [InlineData("menta2k_siem.http_requests.malformed.ndjson", 1, 0, 0, 0, 3)]
    [InlineData("menta2k_siem.http_requests.production.ndjson", 3, 0, 0, 0, 1)]
    [InlineData("cloudflare_cloudflare-docs.http_requests.ndjson", 3, 0, 0, 0, 0)]
    public void Read_SampleFile_HasItsCounts(string file, int http, int firewall, int audit, int auditV2, int deadLetters)
    {
        int[] recognised = new int[5];
        int dead = 0;
        foreach ((ReadStatus status, LogRecord record) in Lines(SampleFiles.Read(file)))
        {
            recognised[(int)record.Dataset]++;
            dead += ReadStatusNames.IsDeadLetter(status) ? 1 : 0;
        }

        Assert.Equal([http, firewall, audit, auditV2], recognised[1..]);
        Assert.Equal(deadLetters, dead);
    }

    [Fact]
    public void Read_MalformedSample_NamesWhatIsWrong()
    {
        var statuses = Lines(SampleFiles.Read("menta2k_siem.http_requests.malformed.ndjson"))
            .Select(line => line.Status).Where(status => status != ReadStatus.Blank);

        Assert.Equal([ReadStatus.CutLine, ReadStatus.CutLine, ReadStatus.NoTime], statuses);
    }

    [Fact]
    public void Read_ElasticSample_ReadsThreeTimeForms()
    {
        var times = Lines(SampleFiles.Read("elastic_integrations_cloudflare_logpush.http_request.ndjson"))
            .Select(line => line.Record.TimeNs).ToList();

        Assert.Equal(1653485126_000_000_000, Assert.Single(times.Distinct()));
    }

    [Fact]
    public void Read_UnixnanoSample_KeepsEveryDigit()
    {
        var times = Lines(SampleFiles.Read("cloudflare_cloudflare-docs.http_requests.ndjson")).Select(line => line.Record.TimeNs).ToList();

        Assert.Equal([1506702504433000200, 1506702504433000300, 1506702504433000400], times);
    }

    [Fact]
    public void Read_OldNamesSample_FillNewFields()
    {
        var actions = Lines(SampleFiles.Read("wazuh_wazuh.http_requests.ndjson"))
            .Select(line => line.Record)
            .Select(record => $"{Text(record, LogField.SecurityAction)}|{Text(record, LogField.SecurityRuleID)}|{Text(record, LogField.SecuritySources)}")
            .ToList();

        Assert.Equal("drop|100016|[\"waf\"]", actions[8]);
        Assert.Equal(12, actions.Count(action => action == "||[]"));

        static string Text(LogRecord record, LogField field) => System.Text.Encoding.UTF8.GetString(record.Text(field));
    }

    [Fact]
    public void Read_EverySampleLine_EqualsOracle()
    {
        byte[] all = SampleFiles.Read("elastic_integrations_cloudflare_logpush.http_request.ndjson");
        var splitter = new LineSplitter(all);
        while (splitter.TryReadLine(out LineSpan line))
        {
            byte[] bytes = all.AsSpan(line.Start, line.Length).ToArray();
            var oracle = new RecordOracle(bytes, 64);
            OneLine read = OneLine.Read(bytes);
            foreach (string key in oracle.Keys.Where(key => Enum.TryParse<LogField>(key, out _)))
            {
                Assert.Equal(oracle.Text(key), read[Enum.Parse<LogField>(key)]);
            }
        }
    }

    private static IEnumerable<(ReadStatus Status, LogRecord Record)> Lines(byte[] bytes)
    {
        var reader = new RecordReader(new ReaderOptions());
        LogRecord record = reader.CreateRecord();
        List<LineSpan> lines = [];
        var splitter = new LineSplitter(bytes);
        while (splitter.TryReadLine(out LineSpan line) || splitter.TryReadRest(out line))
        {
            lines.Add(line);
        }

        foreach (LineSpan line in lines)
        {
            yield return (reader.Read(bytes, line.Start, line.Length, record, out _), record);
        }
    }
}
