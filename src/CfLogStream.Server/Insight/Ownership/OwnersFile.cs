using System.Globalization;
using System.Text.RegularExpressions;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Server.Insight.Ownership;

/// <summary>Reads <c>owners.yaml</c> as strictly as the configuration: every problem is named with its place.</summary>
public static class OwnersFile
{
    /// <summary>The longest text, whatever it is for.</summary>
    private const int MaxText = 2_000;

    /// <summary>Returns the owners in a file, or throws <see cref="ConfigurationException"/> with all its problems.</summary>
    /// <param name="descriptions">The pattern of descriptions; null for the default.</param>
    public static OwnerBook Load(string path, Regex? descriptions = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        var problems = new ProblemList(path);
        byte[] bytes = ConfigurationLoader.ReadFile(path, problems);
        problems.ThrowIfAny();
        return Parse(path, bytes, descriptions);
    }

    /// <summary>Reads a file from memory.</summary>
    internal static OwnerBook Parse(string path, ReadOnlySpan<byte> bytes, Regex? descriptions = null)
    {
        var problems = new ProblemList(path);
        ConfigurationNode? root = YamlText.Read(bytes, problems);
        problems.ThrowIfAny();
        var binder = new ConfigurationBinder(problems);
        OwnersDocument document = binder.Bind<OwnersDocument>(root);
        var checks = new Checks(binder, problems);
        Dictionary<string, TeamSection> teams = checks.Teams(document.Teams);
        var entries = new List<OwnerEntry>();
        for (int i = 0; i < document.Owners.Count; i++)
        {
            string at = $"owners[{i}]";
            string place = $"{Path.GetFileName(path)} line {binder.PositionOf(at).Line}";
            if (checks.Entry(document.Owners[i], at, teams, place) is { } entry)
            {
                entries.Add(entry);
            }
        }

        problems.ThrowIfAny();
        return new OwnerBook(entries, descriptions);
    }

    /// <summary>Returns a control as the tables have it.</summary>
    private static string Fold(string control) => control
        .Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal)
        .ToLowerInvariant();

    private sealed class Checks(ConfigurationBinder binder, ProblemList problems)
    {
        public Dictionary<string, TeamSection> Teams(IReadOnlyList<TeamSection> teams)
        {
            var byName = new Dictionary<string, TeamSection>(StringComparer.Ordinal);
            for (int i = 0; i < teams.Count; i++)
            {
                string at = $"teams[{i}]";
                Required(at, "name", teams[i].Name);
                Required(at, "contact", teams[i].Contact);
                Limit(at, ("name", teams[i].Name), ("contact", teams[i].Contact));
                if (teams[i].Name.Length > 0 && !byName.TryAdd(teams[i].Name, teams[i]))
                {
                    Add($"{at}.name", $"{at}.name is '{teams[i].Name}', which an earlier team has. Remove one of them.");
                }
            }

            return byName;
        }

        public OwnerEntry? Entry(OwnerSection section, string at, Dictionary<string, TeamSection> teams, string place)
        {
            Required(at, "owner", section.Owner);
            Limit(at, ("owner", section.Owner), ("contact", section.Contact), ("why", section.Why));
            Limit(at, ("zone", section.Zone), ("host", section.Host), ("path", section.Path));
            foreach ((string key, RuleSection one) in ((string, RuleSection)[])[("rule", section.Rule), ("exemption", section.Exemption)])
            {
                Limit($"{at}.{key}", ("control", one.Control), ("id", one.Id), ("ref", one.Ref), ("description", one.Description));
            }

            bool hasRule = !section.Rule.IsEmpty;
            bool hasExemption = !section.Exemption.IsEmpty;
            if (hasRule && hasExemption)
            {
                Add(at, $"{at} has a rule and an exemption; expected one of them. Write two entries.");
            }
            else if (binder.IsSound(at) && !hasRule && !hasExemption && section.Zone.Length + section.Host.Length + section.Path.Length == 0)
            {
                Add(at, $"{at} owns nothing; expected one of 'zone', 'host', 'path', 'rule' or 'exemption'.");
            }

            if (section.Path.Length > 0 && section.Path[0] is not ('/' or '*'))
            {
                Add($"{at}.path", $"{at}.path is {ConfigurationWords.Quote(section.Path)}; expected a path that begins with '/' or '*'.");
            }

            DateOnly? reviewBy = Day($"{at}.review_by", section.ReviewBy);
            DateOnly? expires = Day($"{at}.expires", section.Expires);
            RuleSection rule = hasExemption ? section.Exemption : section.Rule;
            string contact = section.Contact.Length > 0 ? section.Contact
                : teams.TryGetValue(section.Owner, out TeamSection? team) ? team.Contact : "";
            if (teams.Count > 0 && section.Owner.Length > 0 && !teams.ContainsKey(section.Owner))
            {
                string? near = NearestWord.Find(section.Owner, teams.Keys);
                Add($"{at}.owner", $"{at}.owner is {ConfigurationWords.Quote(section.Owner)}, which is none of the teams."
                    + (near is null ? " Add it to 'teams'." : $" Did you mean '{near}'?"));
            }

            return new OwnerEntry
            {
                Owner = section.Owner,
                Contact = contact,
                Why = section.Why,
                Zone = section.Zone.Length > 0 ? OwnerPattern.OfName(section.Zone) : null,
                Host = section.Host.Length > 0 ? OwnerPattern.OfName(section.Host) : null,
                Path = section.Path.Length > 0 ? OwnerPattern.OfPath(section.Path) : null,
                Rule = !hasRule && !hasExemption ? null : new RuleSelector(
                    Fold(rule.Control), rule.Id, rule.Ref, rule.Description.Length > 0 ? OwnerPattern.OfName(rule.Description) : null),
                IsExemption = hasExemption,
                ReviewBy = reviewBy,
                Expires = expires,
                Place = place,
            };
        }

        private DateOnly? Day(string at, string text)
        {
            if (text.Length == 0 || !binder.IsSound(at))
            {
                return null;
            }

            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
            {
                return day;
            }

            Add(at, $"{at} is {ConfigurationWords.Quote(text)}; expected a day of the calendar, such as '2027-01-31'.");
            return null;
        }

        private void Required(string at, string key, string value)
        {
            if (value.Length == 0 && binder.IsSound($"{at}.{key}"))
            {
                Add(binder.IsGiven($"{at}.{key}") ? $"{at}.{key}" : at, $"{at} has no '{key}'; expected a text.");
            }
        }

        private void Limit(string at, params ReadOnlySpan<(string Key, string Value)> texts)
        {
            foreach ((string key, string value) in texts)
            {
                if (value.Length > MaxText)
                {
                    Add($"{at}.{key}", $"{at}.{key} has {value.Length} characters; expected at most {MaxText}.");
                }
            }
        }

        private void Add(string path, string message) => problems.Add(binder.PositionOf(path), path, message);
    }
}
