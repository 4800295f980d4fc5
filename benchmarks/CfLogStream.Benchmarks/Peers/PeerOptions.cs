using System.Globalization;

namespace CfLogStream.Benchmarks.Peers;

/// <summary>The options of <c>peers</c>.</summary>
internal sealed record PeerOptions
{
    public const string Usage =
        """
        peers [--bytes N] [--rate N] [--rounds N] [--warm-up N] [--input plain|gzip|both] [--program PATH] [--data DIR]
              [--results DIR] [--no-results]
          --bytes    bytes of JSON to generate (1000000000)
          --rate     records per second of the generated traffic (about 28)
          --rounds   measured rounds (5)
          --warm-up  rounds before them that are not counted (1)
          --input    which form of the files to ask about (both)
          --program  the cflogstream to measure (the one built with this project)
          --data     where generated files are kept (artifacts/peer-data)
          --results  where the table is written (benchmarks/results/<processor>)
        """;

    public long Bytes { get; init; } = 1_000_000_000;

    public double? Rate { get; init; }

    public int Rounds { get; init; } = 5;

    public int WarmUp { get; init; } = 1;

    public bool Plain { get; init; } = true;

    public bool Gzip { get; init; } = true;

    public string? Program { get; init; }

    public string Data { get; init; } = Path.Combine("artifacts", "peer-data");

    /// <summary>Where the table goes; null for the folder of this machine's processor, empty for nowhere.</summary>
    public string? Results { get; init; }

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is not understood; the message says which.</exception>
    public static PeerOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new PeerOptions();
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            if (name == "--no-results")
            {
                options = options with { Results = "" };
                continue;
            }

            string value = ++i < arguments.Count ? arguments[i] : throw new ArgumentException($"'{name}' needs a value.\n{Usage}");
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

    private PeerOptions With(string name, string value) => name switch
    {
        "--bytes" => this with { Bytes = long.Parse(value, CultureInfo.InvariantCulture) },
        "--rate" => this with { Rate = double.Parse(value, CultureInfo.InvariantCulture) },
        "--rounds" => this with { Rounds = Math.Max(1, int.Parse(value, CultureInfo.InvariantCulture)) },
        "--warm-up" => this with { WarmUp = Math.Max(0, int.Parse(value, CultureInfo.InvariantCulture)) },
        "--input" when value is "plain" or "gzip" or "both" => this with { Plain = value != "gzip", Gzip = value != "plain" },
        "--program" => this with { Program = Path.GetFullPath(value) },
        "--data" => this with { Data = value },
        "--results" => this with { Results = value },
        _ => throw new ArgumentException($"'{name} {value}' is not understood.\n{Usage}"),
    };
}
