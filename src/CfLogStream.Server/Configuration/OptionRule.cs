using System.Text.RegularExpressions;

namespace CfLogStream.Server.Configuration;

/// <summary>What is demanded of an option beyond its type.</summary>
internal sealed record OptionRule
{
    /// <summary>An option without any rule.</summary>
    public static OptionRule None { get; } = new();

    /// <summary>The smallest and the largest number, or number of seconds; equal bounds mean there is no range.</summary>
    public (long Minimum, long Maximum) Range { get; init; }

    /// <summary>Whether it is computed from other keys and is no key of the file.</summary>
    public bool IsDerived { get; init; }

    /// <summary>The default of a list item's key; without one such a key is required.</summary>
    public string? Optional { get; init; }

    /// <summary>What a text must look like.</summary>
    /// <remarks>Not compiled before it is needed: few keys are in a file, and the patterns of all cost a start more than
    /// reading it.</remarks>
    public string? Pattern { get; init; }

    /// <summary>The pattern in words: "expected …".</summary>
    public string Expected { get; init; } = "";

    /// <summary>The texts that are allowed; empty when that is not a matter of a list.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The most items of a list; 0 means no limit of its own.</summary>
    public int MaxItems { get; init; }

    /// <summary>Whether a text looks as it must.</summary>
    public bool Matches(string text) => Pattern is null || Regex.IsMatch(text, Pattern, RegexOptions.CultureInvariant);

    public bool HasRange => Range.Minimum != Range.Maximum;
}
