using CfLogStream.Server.Analysis;

namespace CfLogStream.Server.Reports;

/// <summary>What an analysis found: the incident report, before it is written as text or JSON.</summary>
public sealed record IncidentReport
{
    /// <summary>What was read, and how good it was.</summary>
    public required AnalysisSummary Read { get; init; }

    /// <summary>Sums over the whole analysis.</summary>
    public required ReportTotals Totals { get; init; }

    /// <summary>What was lost, worst first: likely-legitimate clients on API surfaces lead.</summary>
    public required IReadOnlyList<LostTraffic> Lost { get; init; }

    /// <summary>Whether <see cref="Lost"/> was cut at its limit.</summary>
    public bool LostCut { get; init; }

    /// <summary>Errors made by the edge against errors of the origin, per host.</summary>
    public required IReadOnlyList<HostErrors> Hosts { get; init; }

    /// <summary>What passed only thanks to a skip, allow or bypass.</summary>
    public required IReadOnlyList<Exemption> Exemptions { get; init; }

    /// <summary>Start of the first bin of every trend, UTC.</summary>
    public DateTime TrendStart { get; init; }

    /// <summary>Width of one bin of every trend.</summary>
    public TimeSpan TrendBin { get; init; }
}
