using System.Globalization;
using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Scenarios;

/// <summary>Chooses parameters far from the usual ones, and remembers which; with <see cref="Variation.Default"/> everything stays
/// usual.</summary>
/// <remarks>Has random numbers of its own, so that what is usual does not depend on it.</remarks>
internal sealed class Variety
{
    private static readonly double[] s_hours = [0.5, 0.5, 0.75, 1, 2, 3, 6, 12, 24];
    private static readonly double[] s_shares = [0.003, 0.006, 0.012, 0.025, 0.05, 0.1, 0.2, 0.35];

    // What people write, or what says something else than what the rule does, or what a stranger could have written.
    private static readonly string[] s_descriptions =
    [
        "", "", "test", "rule 7", "TODO", "Copy of Copy of new rule", "allow good traffic", "Block bad bots", "do not touch!!",
        "Temporary", "Login: 5 per minute", "Cloudflare default", "INC-0000", "asdf", "Skip: verified bots", "null",
        "<script>alert(document.domain)</script>", "'; DROP TABLE rules;--", "\u001b[2J\u001b[31mred alert", "{{constructor}} ${7*7} %s%n",
        "a\r\nX-Injected: 1", "\u202Eelur gnorts yrev", "=HYPERLINK(\"http://x.example\")", "**bold** [link](javascript:alert(1)) |",
    ];

    private readonly Rng _rng;

    public Variety(Variation variation, ulong seed, string scenario)
    {
        Wide = variation == Variation.Wide;
        _rng = new Rng(Mix.Of(seed, scenario), 0x71DE);
        Seed = Mix.Of(seed, scenario);
        double onset = _rng.Between(0.25, 0.75);
        OnsetFraction = scenario is "clean-fix" or "fix-breaks-filtering" ? 0.25 + ((onset - 0.25) * 0.6) : onset;
        Note("onset_fraction", OnsetFraction);
    }

    public bool Wide { get; }

    /// <summary>Seeds what else is to vary.</summary>
    public ulong Seed { get; }

    /// <summary>Where in the span the incident begins when things vary.</summary>
    public double OnsetFraction { get; }

    /// <summary>What was chosen, by name.</summary>
    public Dictionary<string, string> Chosen { get; } = [];

    public void Note(string name, string value) => Chosen[name] = value;

    public void Note(string name, double value) => Note(name, Math.Round(value, 4).ToString(CultureInfo.InvariantCulture));

    /// <summary>How much time the records span: at most a hundred a second when it varies.</summary>
    public TimeSpan Duration(TimeSpan usual, double lines)
    {
        if (!Wide)
        {
            return usual;
        }

        double hours = Math.Max(_rng.Pick(s_hours), lines / 360_000);
        Note("hours", hours);
        return TimeSpan.FromHours(hours);
    }

    /// <summary>Returns a number from <paramref name="low"/> to <paramref name="high"/>, or the usual one.</summary>
    public int Number(int usual, int low, int high, string name)
    {
        if (!Wide)
        {
            return usual;
        }

        int number = _rng.Range(low, high);
        Note(name, number);
        return number;
    }

    /// <summary>Returns one of the choices, or the usual one.</summary>
    public int Pick(string name, int usual, int[] choices)
    {
        if (!Wide)
        {
            return usual;
        }

        int choice = _rng.Pick(choices);
        Note(name, choice);
        return choice;
    }

    /// <summary>Returns one of the items, or the usual one.</summary>
    public T Among<T>(T usual, T[] items) => Wide ? _rng.Pick(items) : usual;

    /// <summary>True now and then when things vary; never when they are usual.</summary>
    public bool Chance(double probability) => Wide && _rng.Chance(probability);

    /// <summary>The same, and remembered.</summary>
    public bool Chance(double probability, string name)
    {
        bool chosen = Chance(probability);
        if (Wide)
        {
            Note(name, chosen ? "yes" : "no");
        }

        return chosen;
    }

    /// <summary>Returns a number between the bounds, or the usual one.</summary>
    public double Between(double usual, double low, double high, string name)
    {
        if (!Wide)
        {
            return usual;
        }

        double number = _rng.Between(low, high);
        Note(name, number);
        return number;
    }

    /// <summary>Returns one of the actions that the control has, or the usual (first) one.</summary>
    public ControlAction Action(params ControlAction[] actions)
    {
        if (!Wide)
        {
            return actions[0];
        }

        ControlAction action = _rng.Pick(actions);
        Note("action", action.Name);
        return action;
    }

    /// <summary>Returns what someone wrote into a rule's description: often nothing useful when things vary.</summary>
    public string Describe(string usual)
    {
        bool useless = Chance(0.6);
        string description = useless ? _rng.Pick(s_descriptions) : usual;
        if (Wide)
        {
            Note("description", useless ? "useless" : "usual");
        }

        return description;
    }

    /// <summary>Returns the culprit's share of all lines: from tens of requests lost to most of the traffic.</summary>
    /// <param name="world">The run.</param>
    /// <param name="usual">The usual share.</param>
    /// <param name="stopped">The share of the culprit's lines that the rule stops.</param>
    public double Share(WorldModel world, double usual, double stopped)
    {
        if (!Wide)
        {
            return usual;
        }

        // At least some eighty requests that the rule is asked to stop.
        double least = 80 / (world.Lines * (1 - OnsetFraction) * Math.Clamp(stopped, 0.02, 1));
        double share = Math.Clamp(Math.Max(s_shares[(int)(Seed >> 7) & 7], least), 0.001, 0.45);
        Note("culprit_share", share);
        return share;
    }
}
