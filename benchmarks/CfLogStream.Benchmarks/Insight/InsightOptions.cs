using System.Globalization;

namespace CfLogStream.Benchmarks.Insight;

/// <summary>What <c>insight</c> is asked to do.</summary>
internal sealed record InsightOptions
{
    public long Minutes { get; init; } = 1440;

    /// <summary>How often each question is timed.</summary>
    public int Rounds { get; init; } = 7;

    /// <summary>Whether a second rule stops clients on every host: then almost all of the day has to be looked at.</summary>
    public bool Everywhere { get; init; }

    public static InsightOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new InsightOptions();
        for (int i = 0; i < arguments.Count; i++)
        {
            string Value() => i + 1 < arguments.Count ? arguments[++i] : throw new ArgumentException($"'{arguments[i]}' needs a value.", nameof(arguments));
            options = arguments[i] switch
            {
                "--minutes" => options with { Minutes = long.Parse(Value(), CultureInfo.InvariantCulture) },
                "--rounds" => options with { Rounds = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--everywhere" => options with { Everywhere = true },
                _ => throw new ArgumentException(
                    $"Unknown argument '{arguments[i]}'; expected '--minutes N', '--rounds N' or '--everywhere'.", nameof(arguments)),
            };
        }

        return options;
    }
}
