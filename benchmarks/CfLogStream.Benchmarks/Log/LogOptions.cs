using System.Globalization;
using CfLogStream.Benchmarks.Peers;

namespace CfLogStream.Benchmarks.Log;

/// <summary>The options of <c>log</c>.</summary>
internal sealed record LogOptions
{
    private const string Usage =
        """
        log [--bytes N] [--rate N] [--rounds N] [--partitions N] [--message-bytes N] [--program PATH] [--data DIR] [--results DIR]
          --bytes          bytes of JSON to generate (300000000)
          --rate           records per second of the generated traffic (1000)
          --rounds         measured rounds (3)
          --partitions     partitions of the topic of requests and of the log (24)
          --message-bytes  the most bytes of lines in a message of the user's topics (500000)
          --program        the cflogstream to measure (the one built with this project)
          --data           where generated files and tables are kept (artifacts/peer-data)
          --results        where the table is written (benchmarks/results/<processor>)
        """;

    public PeerOptions Input { get; init; } = new() { Bytes = 300_000_000, Rate = 1000, Rounds = 3 };

    public int Partitions { get; init; } = 24;

    public int MessageBytes { get; init; } = 500_000;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is not understood; the message says which.</exception>
    public static LogOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new LogOptions();
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string name = arguments[i];
            string value = i + 1 < arguments.Count ? arguments[i + 1] : throw new ArgumentException($"'{name}' needs a value.\n{Usage}");
            try
            {
                options = options.With(name, value);
            }
            catch (FormatException)
            {
                throw new ArgumentException($"'{value}' is no number, which '{name}' needs.\n{Usage}");
            }
        }

        return options;
    }

    private LogOptions With(string name, string value) => name switch
    {
        "--bytes" => this with { Input = Input with { Bytes = long.Parse(value, CultureInfo.InvariantCulture) } },
        "--rate" => this with { Input = Input with { Rate = double.Parse(value, CultureInfo.InvariantCulture) } },
        "--rounds" => this with { Input = Input with { Rounds = Math.Max(1, int.Parse(value, CultureInfo.InvariantCulture)) } },
        "--partitions" => this with { Partitions = Math.Max(1, int.Parse(value, CultureInfo.InvariantCulture)) },
        "--message-bytes" => this with { MessageBytes = Math.Max(20_000, int.Parse(value, CultureInfo.InvariantCulture)) },
        "--program" => this with { Input = Input with { Program = Path.GetFullPath(value) } },
        "--data" => this with { Input = Input with { Data = value } },
        "--results" => this with { Input = Input with { Results = value } },
        _ => throw new ArgumentException($"'{name} {value}' is not understood.\n{Usage}"),
    };
}
