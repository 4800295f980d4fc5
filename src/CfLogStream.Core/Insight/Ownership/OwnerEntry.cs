using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Ownership;

/// <summary>One entry of <c>owners.yaml</c>. What is given must all fit.</summary>
public sealed record OwnerEntry
{
    private static readonly HashSet<string> s_exempting = new(StringComparer.Ordinal) { "skip", "allow", "bypass", "whitelist" };

    /// <summary>The team or person.</summary>
    public required string Owner { get; init; }

    public string Contact { get; init; } = "";

    /// <summary>Why it exists.</summary>
    public string Why { get; init; } = "";

    public OwnerPattern? Zone { get; init; }

    public OwnerPattern? Host { get; init; }

    public OwnerPattern? Path { get; init; }

    /// <summary>The rules that it is about; null when it is about endpoints.</summary>
    public RuleSelector? Rule { get; init; }

    /// <summary>Whether <see cref="Rule"/> means exemptions alone: rules that let requests pass.</summary>
    public bool IsExemption { get; init; }

    public DateOnly? ReviewBy { get; init; }

    public DateOnly? Expires { get; init; }

    /// <summary>Where it stands, for instance <c>owners.yaml line 12</c>.</summary>
    public string Place { get; init; } = "";

    /// <summary>What it is about.</summary>
    public OwnerSubject Subject =>
        Rule is not null ? (IsExemption ? OwnerSubject.Exemption : OwnerSubject.Rule)
        : Path is not null ? OwnerSubject.Path
        : Host is not null ? OwnerSubject.Host
        : OwnerSubject.Zone;

    /// <summary>What it is about in words: <c>path /v1/orders</c>.</summary>
    public string About => Subject switch
    {
        OwnerSubject.Rule => $"rule {Rule}",
        OwnerSubject.Exemption => $"exemption {Rule}",
        OwnerSubject.Path => $"path {Path!.Text}",
        OwnerSubject.Host => $"host {Host!.Text}",
        _ => $"zone {Zone?.Text}",
    };

    /// <summary>Whether an action lets requests pass that others would stop.</summary>
    public static bool IsExempting(string action) => s_exempting.Contains(action);

    /// <summary>Whether it fits a rule and an endpoint; either may be missing.</summary>
    public bool Matches(RuleIdentity? rule, EndpointIdentity? endpoint)
    {
        if (Rule is not null)
        {
            return rule is not null && Rule.Matches(rule) && (!IsExemption || IsExempting(rule.Action))
                && (Zone is null || Zone.Matches(rule.Zone.Length > 0 ? rule.Zone : endpoint?.Zone ?? ""))
                && (Host is null || (endpoint is not null && Host.Matches(endpoint.Host)))
                && (Path is null || (endpoint is not null && Path.Matches(endpoint.Path)));
        }

        if (endpoint is null)
        {
            return Subject == OwnerSubject.Zone && rule is not null && Zone is not null && Zone.Matches(rule.Zone);
        }

        return (Zone is null || Zone.Matches(endpoint.Zone)) && (Host is null || Host.Matches(endpoint.Host))
            && (Path is null || Path.Matches(endpoint.Path));
    }
}
