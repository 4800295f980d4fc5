namespace CfLogStream.Core.Insight.Symptoms;

/// <summary>Something that a person sees when Cloudflare stops a call, and what it means.</summary>
public sealed record Symptom
{
    /// <summary>A stable word for it, for instance <c>1010</c> or <c>preflight</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What is seen, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>How people and clients write it, folded as <see cref="SymptomCatalog.Fold"/> does.</summary>
    public required IReadOnlyList<string> Spellings { get; init; }

    /// <summary>What it means.</summary>
    public required string Meaning { get; init; }

    /// <summary>The controls that it means; empty when any of them can be behind it.</summary>
    public IReadOnlyList<string> Controls { get; init; } = [];

    /// <summary>How to confirm it in the data.</summary>
    public required IReadOnlyList<string> Confirm { get; init; }

    /// <summary>What to do about it.</summary>
    public required IReadOnlyList<string> Next { get; init; }

    /// <summary>Which rows belong to it.</summary>
    public required SymptomRows Rows { get; init; }
}
