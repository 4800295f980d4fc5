using System.Globalization;

namespace CfLogStream.Cli.Verbs;

/// <summary>Reads statuses: <c>403</c>, <c>4xx</c>, several between commas.</summary>
internal static class StatusRange
{
    public static IReadOnlyList<(int First, int Last)> Read(string option, string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries).Select(part => ReadOne(option, text, part))];

    private static (int First, int Last) ReadOne(string option, string text, string part)
    {
        if (part.Length == 3 && part[0] is >= '1' and <= '9' && part.EndsWith("xx", StringComparison.OrdinalIgnoreCase))
        {
            int first = (part[0] - '0') * 100;
            return (first, first + 99);
        }

        return part.Length is > 0 and <= 3 && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int status)
            ? (status, status)
            : throw CommandException.Usage($"The value of '{option}' is '{text}'; expected statuses such as '403', '4xx' or '403,429'.");
    }
}
