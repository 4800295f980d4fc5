namespace CfLogStream.Core.Traffic.Clients;

/// <summary>The values of ClientIPClass that tell something of a client.</summary>
internal enum IpClass : byte
{
    /// <summary>Any other, or none logged.</summary>
    Other = 0,
    MonitoringService,
    Scan,
    SecurityScanner,
    BadHost,
    SearchEngine,
}
