using System.Text.Json;
using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Analyze;

/// <summary>The published sample files, with the counts that their index states.</summary>
public sealed class SampleTests(EngineFixture engine)
{
    // Recognised records per dataset; dead letters are the recognised ones without RayID or time, and what is no JSON.
    public static TheoryData<string, int, int, int, int> Files => new()
    {
        { "nuggien_logpush-custom-worker-template.http_requests.log.gz", 3814, 0, 0, 0 },
        { "Logflare_logflare.http_requests.ndjson", 2, 0, 0, 0 },
        { "wazuh_wazuh.http_requests.ndjson", 13, 0, 0, 0 },
        { "SEKOIA-IO_intake-formats.http_requests.ndjson", 2, 0, 0, 1 },
        { "SEKOIA-IO_intake-formats.firewall_events.ndjson", 0, 2, 0, 0 },
        { "SEKOIA-IO_intake-formats.audit_logs.ndjson", 0, 0, 5, 0 },
        { "elastic_integrations_cloudflare_logpush.http_request.ndjson", 5, 0, 0, 0 },
        { "elastic_integrations_cloudflare_logpush.firewall_event.ndjson", 1, 3, 0, 0 },
        { "elastic_integrations_cloudflare_logpush.audit.ndjson", 0, 0, 3, 0 },
        { "elastic_integrations_issue13271.firewall_events.ndjson", 0, 1, 0, 0 },
        { "menta2k_siem.http_requests.ndjson", 9, 0, 0, 0 },
        { "menta2k_siem.http_requests.malformed.ndjson", 1, 0, 0, 3 },
        { "menta2k_siem.http_requests.production.ndjson", 3, 0, 0, 1 },
        { "cloudflare_cloudflare-docs.http_requests.ndjson", 3, 0, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Analyze_SampleFile_ReadsTheCountsOfItsIndex(string file, int http, int firewall, int audit, int dead)
    {
        string? folder = Samples.Folder();
        Assert.SkipWhen(folder is null, "The sample records are not beside the checkout (../shared/samples).");
        CommandResult result = await CommandLine.RunAsync(
            "analyze", Path.Combine(folder!, file), "--clickhouse", engine.Endpoint.ToString(), "--name", "sample-" + file, "--format", "json");

        Assert.Equal("", result.Stderr);
        Assert.Equal(0, result.ExitCode);
        using JsonDocument report = JsonDocument.Parse(result.Stdout);
        JsonElement read = report.RootElement.GetProperty("read");
        JsonElement records = read.GetProperty("records");
        Assert.Equal(http, records.GetProperty("http_requests").GetInt32());
        Assert.Equal(firewall, records.GetProperty("firewall_events").GetInt32());
        Assert.Equal(audit, records.GetProperty("audit_logs").GetInt32());
        Assert.Equal(dead, read.GetProperty("dead_letters").GetInt32());
    }
}
