namespace CfLogStream.Generator.Simulation;

/// <summary>Values of ClientRequestSource.</summary>
internal static class EdgeSources
{
    public static readonly byte[] Eyeball = "eyeball"u8.ToArray();
    public static readonly byte[] WorkerFetch = "edgeWorkerFetch"u8.ToArray();
    public static readonly byte[] WorkerCache = "edgeWorkerCacheAPI"u8.ToArray();
    public static readonly byte[] HealthCheck = "healthcheck"u8.ToArray();
    public static readonly byte[] EarlyHints = "earlyHintsCache"u8.ToArray();
    public static readonly byte[] SslDetector = "sslDetector"u8.ToArray();
}
