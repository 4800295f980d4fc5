using System.Globalization;

namespace CfLogStream.Core.Insight.Requests;

/// <summary>A score of a request and how to read it.</summary>
/// <param name="Name">The column, for instance <c>bot_score</c>.</param>
/// <param name="Value">Null when it was not computed.</param>
/// <param name="Meaning">What it says, with its direction.</param>
public sealed record RequestScore(string Name, int? Value, string Meaning)
{
    /// <summary>Reads a bot score: 1 is certainly automated, 99 a person; 0 was not computed and says nothing.</summary>
    public static RequestScore Bot(int value, string source)
    {
        string from = source.Length > 0 ? $", {source}" : "";
        return value is < 1 or > 99
            ? new("bot_score", null, "not computed: says nothing about the client")
            : new("bot_score", value, string.Create(CultureInfo.InvariantCulture, $"{value} (1 automated … 99 human{from}): {value switch
            {
                1 => "certainly automated",
                < 30 => "likely automated, as wanted API clients are too",
                _ => "likely human",
            }}"));
    }

    /// <summary>Reads an attack score: 1 is certainly an attack, 99 clean; 0 and 100 mean that there is none.</summary>
    public static RequestScore Attack(string name, int value) => value is < 1 or > 99
        ? new(name, null, "not scored")
        : new(name, value, string.Create(CultureInfo.InvariantCulture, $"{value} (1 attack … 99 clean): {value switch
        {
            <= 20 => "attack",
            <= 50 => "likely attack",
            <= 80 => "likely clean",
            _ => "clean",
        }}"));
}
