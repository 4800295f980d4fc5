using System.Text.RegularExpressions;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Ownership;

/// <summary>Finds owners: the most specific entry that fits, a rule before an exemption, a path, a host and a zone.</summary>
/// <remarks>
/// Among entries of one subject the one with more plain text in its patterns wins, then the one that gives more, then the first of the
/// file. A rule that names its owner in its description counts after entries for rules and exemptions and before those for endpoints.
/// Immutable; a pure function of its entries.
/// </remarks>
public sealed class OwnerBook
{
    /// <summary>A book without entries.</summary>
    public static readonly OwnerBook Empty = new([]);

    private readonly OwnerEntry[] _ordered;
    private readonly Regex? _descriptions;

    /// <param name="entries">The entries in the order of the file.</param>
    /// <param name="descriptions">The pattern of descriptions, from <see cref="DescriptionTags.Compile"/>; null for the default.</param>
    public OwnerBook(IReadOnlyList<OwnerEntry> entries, Regex? descriptions = null)
    {
        ArgumentNullException.ThrowIfNull(entries);
        Entries = entries;
        _descriptions = descriptions;
        _ordered =
        [
            .. entries.OrderByDescending(entry => entry.Subject)
                .ThenByDescending(entry => entry.Rule?.Specificity ?? 0)
                .ThenByDescending(entry => entry.Path?.Literals ?? 0)
                .ThenByDescending(entry => entry.Host?.Literals ?? 0)
                .ThenByDescending(entry => entry.Zone?.Literals ?? 0)
                .ThenByDescending(Given),
        ];
    }

    /// <summary>The entries in the order of the file.</summary>
    public IReadOnlyList<OwnerEntry> Entries { get; }

    /// <summary>Returns who owns a rule at an endpoint, or either alone; null when nobody is known.</summary>
    public Owner? Find(RuleIdentity? rule, EndpointIdentity? endpoint)
    {
        OwnerEntry? entry = FindEntry(rule, endpoint);
        if (rule is not null && entry is null or { Subject: < OwnerSubject.Exemption } && Described(rule) is { } described)
        {
            return described;
        }

        return entry is null
            ? null
            : new Owner(entry.Owner, entry.Contact, entry.Why, entry.ReviewBy, $"{entry.Place}: {entry.About}");
    }

    /// <summary>Returns the entry that fits best; null when none fits.</summary>
    public OwnerEntry? FindEntry(RuleIdentity? rule, EndpointIdentity? endpoint) =>
        Array.Find(_ordered, entry => entry.Matches(rule, endpoint));

    private static int Given(OwnerEntry entry) =>
        (entry.Zone is null ? 0 : 1) + (entry.Host is null ? 0 : 1) + (entry.Path is null ? 0 : 1);

    private Owner? Described(RuleIdentity rule)
    {
        var tags = DescriptionTags.Read(rule.Description, _descriptions);
        return tags.Owner.Length == 0
            ? null
            : new Owner(tags.Owner, "", string.Join(", ", tags.Issues), tags.Until, "the rule's description");
    }
}
