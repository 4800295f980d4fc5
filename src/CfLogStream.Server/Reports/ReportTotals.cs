namespace CfLogStream.Server.Reports;

/// <summary>Sums over an analysis; client traffic only.</summary>
/// <param name="LostOnApis">Lost requests on endpoints that are, or may be, APIs.</param>
/// <param name="LostLikelyLegitimate">Of those, the ones of likely-legitimate clients.</param>
public sealed record ReportTotals(
    ulong Requests,
    ulong Lost,
    ulong LostOnApis,
    ulong LostLikelyLegitimate,
    ulong EdgeErrors,
    ulong OriginErrors,
    ulong Exempted);
