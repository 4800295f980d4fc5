namespace CfLogStream.Core.Logpush;

/// <summary>Cloudflare's names of the datasets, as tables and reports spell them.</summary>
public static class DatasetNames
{
    private static readonly string[] s_names = ["unknown", "http_requests", "firewall_events", "audit_logs", "audit_logs_v2"];

    /// <summary>Returns the name, for instance <c>http_requests</c>.</summary>
    public static string Of(Dataset dataset) => s_names[(int)dataset];
}
