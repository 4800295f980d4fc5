namespace CfLogStream.Generator.Scenarios;

/// <summary>A change of configuration, as the audit log tells it.</summary>
internal sealed record ConfigurationChange
{
    public required long Ms { get; init; }

    public required string ActionType { get; init; }

    public required string ResourceType { get; init; }

    public required string ResourceId { get; init; }

    public required string Description { get; init; }

    public string Zone { get; init; } = "";

    /// <summary>Old and new value as JSON.</summary>
    public string OldValue { get; init; } = "null";

    public string NewValue { get; init; } = "null";

    public string ActorEmail { get; init; } = "dana.ops@shop.example";

    public string Interface { get; init; } = "UI";

    /// <summary>Whether audit_logs has it.</summary>
    public bool InVersion1 { get; init; } = true;

    /// <summary>Whether audit_logs_v2 has it as well.</summary>
    public bool InVersion2 { get; init; }

    /// <summary><c>cause</c> or <c>fix</c> of the incident; empty for everyday changes.</summary>
    public string Role { get; init; } = "";
}
