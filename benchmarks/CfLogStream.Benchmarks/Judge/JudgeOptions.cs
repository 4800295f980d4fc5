using System.Globalization;
using CfLogStream.Generator;

namespace CfLogStream.Benchmarks.Judge;

/// <summary>The options of <c>judge</c>.</summary>
internal sealed record JudgeOptions
{
    private const string Usage =
        """
        judge [--set tuned|held-out|all|SCENARIO] [--seeds N] [--first-seed N] [--records N] [--data DIR] [--results DIR] [--measures FILE]
          --set         which scenarios: those the diagnosis was tuned on, those it was not, all, or one (all)
          --seeds       seeds per scenario (10)
          --first-seed  the first of them (1000)
          --records     records per incident (24000)
          --data        where inputs are kept between runs; empty keeps none (artifacts/judge-data)
          --results     where the table is written; empty does not write it (benchmarks/results)
          --measures    a file for the measures of the legitimacy model with the true label, to fit it to
        """;

    public string Set { get; init; } = "all";

    public int Seeds { get; init; } = 10;

    public ulong FirstSeed { get; init; } = 1000;

    public long Records { get; init; } = 24_000;

    public string Data { get; init; } = Path.Combine("artifacts", "judge-data");

    public string Results { get; init; } = Path.Combine("benchmarks", "results");

    public string Measures { get; init; } = "";

    /// <summary>The scenarios of the set, in their order.</summary>
    public IReadOnlyList<ScenarioInfo> Scenarios =>
    [
        .. ScenarioCatalog.All.Where(scenario => Set switch
        {
            "all" => true,
            "tuned" => !IsHeldOut(scenario),
            "held-out" => IsHeldOut(scenario),
            _ => scenario.Name == Set,
        }),
    ];

    /// <summary>Whether nothing was tuned on a scenario. The client's update was held out until its first judgement showed what the pattern missed.</summary>
    public static bool IsHeldOut(ScenarioInfo scenario) => scenario.HeldOut && scenario.Name is not ("client-update-fingerprint" or "mixed-surface-challenge");

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is not understood; the message says which.</exception>
    public static JudgeOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new JudgeOptions();
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string name = arguments[i];
            string value = i + 1 < arguments.Count ? arguments[i + 1] : throw new ArgumentException($"'{name}' needs a value.\n{Usage}");
            options = name switch
            {
                "--set" => options with { Set = value },
                "--seeds" => options with { Seeds = Number(name, value) },
                "--first-seed" => options with { FirstSeed = (ulong)Number(name, value) },
                "--records" => options with { Records = Number(name, value) },
                "--data" => options with { Data = value },
                "--results" => options with { Results = value },
                "--measures" => options with { Measures = value },
                _ => throw new ArgumentException($"'{name} {value}' is not understood.\n{Usage}"),
            };
        }

        return options.Scenarios.Count > 0 ? options : throw new ArgumentException($"'{options.Set}' is no set and no scenario.\n{Usage}");
    }

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new ArgumentException($"'{value}' is no number above 0, which '{name}' needs.\n{Usage}");
}
