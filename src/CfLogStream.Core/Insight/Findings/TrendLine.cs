namespace CfLogStream.Core.Insight.Findings;

/// <summary>A finding over time: requests and losses of its cells in bins of equal width.</summary>
/// <param name="Start">Start of the first bin, UTC.</param>
public sealed record TrendLine(DateTime Start, TimeSpan Bin, IReadOnlyList<long> Requests, IReadOnlyList<long> Lost);
