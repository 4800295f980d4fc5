using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CfLogStream.Core.Fuzz;

/// <summary>Tries the inputs of some folders, then mutations of them for some time, without guidance by coverage.</summary>
internal sealed class Replay
{
    private readonly int _seconds;
    private readonly int _seed;
    private readonly string[] _folders;

    private Replay(int seconds, int seed, string[] folders)
    {
        _seconds = seconds;
        _seed = seed;
        _folders = folders;
    }

    /// <summary>Understands seconds, seed and folders.</summary>
    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out Replay? replay)
    {
        replay = arguments.Length > 2
            && int.TryParse(arguments[0], CultureInfo.InvariantCulture, out int seconds)
            && int.TryParse(arguments[1], CultureInfo.InvariantCulture, out int seed)
            ? new Replay(seconds, seed, arguments[2..])
            : null;
        return replay is not null;
    }

    /// <summary>Returns 0 when all widths agreed on everything; 1 with the input in the text when they did not.</summary>
    public int Run(TextWriter output)
    {
        List<byte[]> inputs = [];
        foreach (string file in _folders.SelectMany(folder => Directory.EnumerateFiles(folder)).Order(StringComparer.Ordinal))
        {
            byte[] input = File.ReadAllBytes(file);
            if (ReadingTarget.FindDifference(input) is { } difference)
            {
                output.WriteLine($"'{file}': {difference}");
                return 1;
            }

            inputs.Add(input);
        }

        var random = new Random(_seed);
        var watch = Stopwatch.StartNew();
        long tried = 0;
        while (inputs.Count > 0 && watch.Elapsed.TotalSeconds < _seconds)
        {
            byte[] mutant = inputs[random.Next(inputs.Count)];
            for (int times = random.Next(4); times >= 0; times--)
            {
                mutant = Mutation.Apply(random, mutant, inputs[random.Next(inputs.Count)]);
            }

            tried++;
            if (ReadingTarget.FindDifference(mutant) is { } difference)
            {
                output.WriteLine($"Mutation {tried} of seed {_seed}, {Convert.ToHexString(mutant)}: {difference}");
                return 1;
            }
        }

        output.WriteLine($"{inputs.Count} inputs and {tried} mutations of them (seed {_seed}): every width agrees.");
        return 0;
    }
}
