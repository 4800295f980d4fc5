using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>What the kept requests say about a rule, and the changes near its onset.</summary>
public sealed record RuleDetail
{
    /// <summary>The most frequent values of each field.</summary>
    public IReadOnlyList<FieldCount> Fields { get; init; } = [];

    /// <summary>Weighted requests: stopped by the rule, of judged clients, passed.</summary>
    public double Stopped { get; init; }

    public double Judged { get; init; }

    public double Passed { get; init; }

    /// <summary>The past of the networks that the judged clients call from, the most frequent first; empty where it was not read.</summary>
    public IReadOnlyList<NetworkPast> Networks { get; init; } = [];

    /// <summary>Some of the requests that the rule stopped, chosen at random: what remedies are tried on; empty where none were read.</summary>
    public IReadOnlyList<StoppedRequest> Sample { get; init; } = [];

    /// <summary>Changes that fit the onset, the best first.</summary>
    public IReadOnlyList<Change> Changes { get; init; } = [];
}
