namespace CfLogStream.Server.Configuration;

/// <summary>What the answers know beside the records.</summary>
public sealed record InsightSection
{
    /// <summary>The file that says who owns zones, hosts, paths, rules and exemptions (docs/owners.md).</summary>
    /// <value>empty, which is none.</value>
    /// <remarks>The path is relative to the configuration file.</remarks>
    public string OwnersFile { get; init; } = "";

    /// <summary>A regular expression that finds owner, issues and last day in descriptions of rules, by its groups <c>owner</c>, <c>issue</c>
    /// and <c>until</c>.</summary>
    /// <value>empty, which finds <c>SEC-412</c>, <c>owner:payments</c> and <c>until 2026-12-31</c>.</value>
    public string DescriptionPattern { get; init; } = "";
}
