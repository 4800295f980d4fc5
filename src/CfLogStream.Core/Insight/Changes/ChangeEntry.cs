namespace CfLogStream.Core.Insight.Changes;

/// <summary>A row of <c>changes</c>, as it is written. Texts are the log's own bytes, cut to their limits and with secrets masked.</summary>
/// <remarks>The key is <see cref="TimeNs"/> and <see cref="Id"/>. What an audit record gives depends on the record alone, so the same record
/// sent again, read from a file or from another partition, gives the same row.</remarks>
public sealed record ChangeEntry
{
    /// <summary>The version of a row that was read from an audit log; marks and withdrawals have greater ones.</summary>
    public const ulong FirstVersion = 1;

    /// <summary>Event time in nanoseconds since 1970-01-01 UTC.</summary>
    public required long TimeNs { get; init; }

    public required Utf8Text Id { get; init; }

    public Utf8Text Zone { get; init; }

    /// <summary>audit_logs, audit_logs_v2 or manual.</summary>
    public required Utf8Text Source { get; init; }

    /// <summary>What was done, for instance <c>rule_created</c>.</summary>
    public required Utf8Text Kind { get; init; }

    /// <summary>The folded control; empty when the record does not tell.</summary>
    public Utf8Text Control { get; init; }

    public Utf8Text RuleId { get; init; }

    public Utf8Text RuleReference { get; init; }

    public Utf8Text Actor { get; init; }

    public Utf8Text ActorKind { get; init; }

    public Utf8Text Summary { get; init; }

    public Utf8Text OldValue { get; init; }

    public Utf8Text NewValue { get; init; }

    public Utf8Text Owner { get; init; }

    public Utf8Text Ticket { get; init; }

    public bool Withdrawn { get; init; }

    public ulong Version { get; init; } = FirstVersion;
}
