using System.Globalization;
using System.Text.RegularExpressions;

namespace CfLogStream.Core.Insight.Ownership;

/// <summary>What a rule's description says about itself: owner, issues, and the day it ends.</summary>
/// <param name="Owner">The owner; empty when none is named.</param>
/// <param name="Issues">The issues, in the order of the text, each once.</param>
/// <param name="Until">The day it ends; null when none is named.</param>
public sealed record DescriptionTags(string Owner, IReadOnlyList<string> Issues, DateOnly? Until)
{
    /// <summary>The default pattern: <c>SEC-412</c>, <c>owner:payments</c> or <c>owner=payments</c>, <c>until 2026-12-31</c>.</summary>
    /// <remarks>Its groups <c>issue</c>, <c>owner</c> and <c>until</c> say what a match is; another pattern has at least one of them.</remarks>
    public const string DefaultPattern =
        @"(?<issue>(?-i:\b(?!(?:UTF|SHA|CVE|ISO|RFC|TLS|HTTP|AES)-)[A-Z][A-Z0-9]{1,9}-[0-9]{1,7}\b))"
        + @"|(?<![\w-])(?:owner|team)\s*[:=]\s*(?<owner>@?[\w][\w.@/+-]{0,63})"
        + @"|(?<![\w-])(?:until|expires?|review(?:[_ ]by)?|valid[_ ]until)\s*[:=]?\s*(?<until>[0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])";

    private const int MaxLength = 4096;
    private const int MaxIssues = 16;

    /// <summary>A description that says nothing.</summary>
    public static readonly DescriptionTags None = new("", [], null);

    private static readonly TimeSpan s_timeout = TimeSpan.FromMilliseconds(100);

    private static readonly Regex s_default = Compile(DefaultPattern);

    /// <summary>Makes a pattern ready for use.</summary>
    /// <exception cref="ArgumentException">It is no regular expression, or has none of the groups.</exception>
    public static Regex Compile(string pattern)
    {
        var regex = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, s_timeout);
        return regex.GetGroupNames().Any(name => name is "issue" or "owner" or "until")
            ? regex
            : throw new ArgumentException($"The pattern '{pattern}' has none of the groups 'issue', 'owner' and 'until'.", nameof(pattern));
    }

    /// <summary>Reads a description; one that takes the pattern too long says nothing.</summary>
    public static DescriptionTags Read(string description, Regex? pattern = null)
    {
        ArgumentNullException.ThrowIfNull(description);
        string text = description.Length > MaxLength ? description[..MaxLength] : description;
        string owner = "";
        var issues = new List<string>();
        DateOnly? until = null;
        try
        {
            foreach (Match match in (pattern ?? s_default).Matches(text))
            {
                if (match.Groups["issue"] is { Success: true } issue && issues.Count < MaxIssues && !issues.Contains(issue.Value))
                {
                    issues.Add(issue.Value);
                }

                if (owner.Length == 0 && match.Groups["owner"] is { Success: true } named)
                {
                    owner = named.Value.TrimEnd('.', '-', '/', '+');
                }

                if (until is null && match.Groups["until"] is { Success: true } day
                    && DateOnly.TryParseExact(day.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
                {
                    until = date;
                }
            }
        }
        catch (RegexMatchTimeoutException)
        {
            return None;
        }

        return owner.Length == 0 && issues.Count == 0 && until is null ? None : new DescriptionTags(owner, issues, until);
    }
}
