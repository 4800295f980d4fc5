namespace CfLogStream.Server.Insight.Ownership;

/// <summary>One thing that is owned: a zone, host, path, rule or exemption. What is given must all fit.</summary>
public sealed record OwnerSection
{
    /// <summary>The team or person.</summary>
    /// <value>must be given.</value>
    public string Owner { get; init; } = "";

    /// <summary>How to reach them.</summary>
    /// <value>that of the team.</value>
    public string Contact { get; init; } = "";

    /// <summary>Why it exists.</summary>
    /// <value>empty.</value>
    public string Why { get; init; } = "";

    /// <summary>The zone's name, with <c>*</c> for any run of characters.</summary>
    /// <value>any.</value>
    public string Zone { get; init; } = "";

    /// <summary>The host's name, with <c>*</c> for any run of characters.</summary>
    /// <value>any.</value>
    public string Host { get; init; } = "";

    /// <summary>The path: a template such as <c>/v1/users/{id}</c>, and <c>*</c> for any run of characters.</summary>
    /// <value>any.</value>
    public string Path { get; init; } = "";

    /// <summary>The rule, or several rules by a pattern of their description.</summary>
    public RuleSection Rule { get; init; } = new();

    /// <summary>The exemption: a rule that lets requests pass (skip, allow, bypass).</summary>
    public RuleSection Exemption { get; init; } = new();

    /// <summary>The day it must be looked at again.</summary>
    /// <value>empty; exemptions should have one.</value>
    public string ReviewBy { get; init; } = "";

    /// <summary>The day it ends.</summary>
    /// <value>empty.</value>
    public string Expires { get; init; } = "";
}
