namespace CfLogStream.Server.Reports;

/// <summary>Who makes a host's errors: Cloudflare's edge or the origin.</summary>
public sealed record HostErrors(
    string Zone,
    string Host,
    ulong Requests,
    ulong Lost,
    ulong EdgeErrors,
    ulong OriginErrors);
