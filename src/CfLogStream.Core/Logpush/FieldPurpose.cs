namespace CfLogStream.Core.Logpush;

/// <summary>What some fields of a dataset are taken for, and what it costs when they are missing.</summary>
/// <param name="Cost">What cannot be told without them: a clause.</param>
/// <param name="IsRequired">Whether records are useless without them, or an answer of the product is wrong and not only poorer.</param>
/// <param name="Fields">The fields; those that a job should have.</param>
public sealed record FieldPurpose(string Cost, bool IsRequired, IReadOnlyList<LogField> Fields)
{
    /// <summary>Fields that are taken in their place where an older job has them; no new job needs them.</summary>
    public IReadOnlyList<LogField> Substitutes { get; init; } = [];

    /// <summary>Why the fields may be in every record and never have a value; empty where that is nothing unusual.</summary>
    public string EmptyBecause { get; init; } = "";

    /// <summary>Whether only jobs of an account have the fields, not those of a zone.</summary>
    public bool IsOfAccounts { get; init; }
}
