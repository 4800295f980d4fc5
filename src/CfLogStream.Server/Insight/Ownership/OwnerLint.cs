using System.Globalization;
using CfLogStream.Core.Insight.Ownership;

namespace CfLogStream.Server.Insight.Ownership;

/// <summary>Finds what is wrong with owners that can be read: dates, entries that say the same or contradict, entries that match nothing.</summary>
public static class OwnerLint
{
    /// <summary>Checks the entries by themselves, in the order of the file.</summary>
    public static IReadOnlyList<OwnerProblem> Check(OwnerBook book, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(book);
        var problems = new List<OwnerProblem>();
        var first = new Dictionary<string, OwnerEntry>(StringComparer.Ordinal);
        foreach (OwnerEntry entry in book.Entries)
        {
            Dates(entry, today, problems);
            if (first.TryAdd(Key(entry), entry))
            {
                continue;
            }

            OwnerEntry other = first[Key(entry)];
            bool isSame = other.Owner == entry.Owner;
            problems.Add(new OwnerProblem(
                !isSame,
                entry.Place,
                isSame
                    ? $"The {entry.About} is owned by '{entry.Owner}' already at {other.Place}. Remove one of the entries."
                    : $"The {entry.About} is given to '{entry.Owner}', and to '{other.Owner}' at {other.Place}. Keep one of them."));
        }

        return problems;
    }

    /// <summary>Checks the entries against what was seen.</summary>
    public static IReadOnlyList<OwnerProblem> CheckSeen(
        OwnerBook book, IReadOnlyList<SeenRule> rules, IReadOnlyList<SeenEndpoint> endpoints, int days)
    {
        ArgumentNullException.ThrowIfNull(book);
        bool isCut = rules.Count >= OwnerSurvey.MaxRows || endpoints.Count >= OwnerSurvey.MaxRows;
        string seen = isCut
            ? string.Create(CultureInfo.InvariantCulture, $"among the {OwnerSurvey.MaxRows:N0} most affected of the last {days} days of the data")
            : $"in the last {days} days of the data";
        return
        [
            .. from entry in book.Entries
               where entry.Rule is not null
                   ? !rules.Any(rule => entry.Matches(rule.Rule, rule.Endpoint))
                   : !endpoints.Any(endpoint => entry.Matches(null, endpoint.Endpoint))
               select new OwnerProblem(
                   false, entry.Place, $"The {entry.About} matches nothing {seen}. Remove the entry, or correct it."),
        ];
    }

    private static void Dates(OwnerEntry entry, DateOnly today, List<OwnerProblem> problems)
    {
        if (entry.Expires is { } expires && expires < today)
        {
            problems.Add(new OwnerProblem(
                true, entry.Place, $"The {entry.About} expired on {Day(expires)}. Remove it at Cloudflare and here, or give it a later day."));
        }

        if (entry.ReviewBy is { } review)
        {
            if (review < today)
            {
                problems.Add(new OwnerProblem(
                    entry.IsExemption, entry.Place, $"The {entry.About} was to be reviewed by {Day(review)}. Ask '{entry.Owner}', then set the next day."));
            }
        }
        else if (entry.IsExemption)
        {
            problems.Add(new OwnerProblem(false, entry.Place, $"The {entry.About} has no 'review_by': an exemption stays until somebody looks at it."));
        }
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>What an entry is about, whatever it says of it.</summary>
    private static string Key(OwnerEntry entry) => string.Join(
        '\n',
        entry.Subject,
        entry.Zone?.Text.ToLowerInvariant(),
        entry.Host?.Text.ToLowerInvariant(),
        entry.Path?.Text,
        entry.Rule?.Control,
        entry.Rule?.Id,
        entry.Rule?.Reference,
        entry.Rule?.Description?.Text.ToLowerInvariant());
}
