namespace CfLogStream.Core.Insight.Remedies;

/// <summary>One change that works for a control, or the refusal of one that does not.</summary>
public sealed record Remedy
{
    public required RemedyKind Kind { get; init; }

    /// <summary>One sentence: what to change and where.</summary>
    public required string Summary { get; init; }

    /// <summary>Where in the dashboard, for instance <c>Security › WAF › Custom rules</c>.</summary>
    public string Place { get; init; } = "";

    /// <summary>The expression in Cloudflare's Rules language; empty when there is none.</summary>
    public string Expression { get; init; } = "";

    /// <summary>The API call's method; empty when there is none.</summary>
    public string ApiMethod { get; init; } = "";

    /// <summary>Its path with placeholders, for instance <c>/zones/{zone_id}/rulesets/phases/http_request_firewall_custom/entrypoint</c>.</summary>
    public string ApiPath { get; init; } = "";

    /// <summary>Its JSON body; empty when there is none.</summary>
    public string Payload { get; init; } = "";

    /// <summary>What it did to a sample of what the rule stopped; null when it was not tried or is for all traffic.</summary>
    public RemedyTrial? Trial { get; init; }

    /// <summary>What it does not cover.</summary>
    public IReadOnlyList<string> NotCovered { get; init; } = [];

    /// <summary>Controls that may stop the request next, in the order they are evaluated.</summary>
    public IReadOnlyList<string> NextControls { get; init; } = [];

    /// <summary>Why it is safe: what it is bound to.</summary>
    public IReadOnlyList<string> WhySafe { get; init; } = [];

    /// <summary>What speaks against it, the linter's warnings among it.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Changes that look right and do not work for this control, each with its reason.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];
}
