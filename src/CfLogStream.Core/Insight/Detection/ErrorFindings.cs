using System.Globalization;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Statistics;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>Finds endpoints whose server errors are made by the edge while the origin is fine, and the reverse.</summary>
public static class ErrorFindings
{
    private const double NotableShare = 0.05;
    private const long Fewest = 20;
    private const int Most = 10;

    /// <summary>The endpoints with notable server errors, the most errors first.</summary>
    public static IReadOnlyList<Finding> Find(DiagnosisInput input) =>
    [
        .. input.Endpoints
            .Where(totals => totals.ServerErrors >= Fewest && totals.ServerErrors >= NotableShare * totals.Requests)
            .OrderByDescending(totals => totals.ServerErrors)
            .ThenBy(totals => totals.Endpoint.ToString(), StringComparer.Ordinal)
            .Take(Most)
            .Select(totals => Make(totals, input)),
    ];

    private static Finding Make(EndpointTotals totals, DiagnosisInput input)
    {
        // 4xx of the origin are in its errors too; what of the 5xx cannot be the edge's is the origin's.
        long edge = Math.Max(0, totals.EdgeErrors - totals.Lost);
        bool byEdge = edge * 2 > totals.ServerErrors;
        (double low, double high) = BetaDistribution.Jeffreys(totals.ServerErrors, totals.Requests);
        string who = byEdge ? "made by the edge: the origin did not answer" : "passed on from the origin: no control is involved";
        return new Finding
        {
            Id = StableHash.Of(System.Text.Encoding.UTF8.GetBytes($"errors\n{totals.Endpoint}")).ToString("x16", CultureInfo.InvariantCulture),
            Kind = byEdge ? FindingKind.EdgeErrors : FindingKind.OriginErrors,
            Pattern = MisjudgementPattern.Unknown,
            Title = string.Create(
                CultureInfo.InvariantCulture,
                $"{totals.ServerErrors} server errors on {totals.Endpoint.Method} {totals.Endpoint.Host}{totals.Endpoint.Path}, {who}"),
            Cells =
            [
                new FindingCell(
                    totals.Endpoint,
                    new ClientIdentity("", "", ""),
                    new LossEstimate(totals.Requests, totals.ServerErrors, totals.Requests, totals.ServerErrors, 0, low, high),
                    new LegitimacyEstimate(0.5, [])),
            ],
            CellCount = 1,
            Loss = new LossEstimate(totals.Requests, totals.ServerErrors, totals.Requests, totals.ServerErrors, 0, low, high),
            Legitimacy = new LegitimacyEstimate(0.5, []),
            Score = 0,
            LastSeen = input.To,
            Ongoing = true,
        };
    }
}
