using System.Globalization;
using CfLogStream.Benchmarks.Peers;

namespace CfLogStream.Benchmarks.Receive;

/// <summary>The options of <c>receive</c>.</summary>
internal sealed record ReceiveOptions
{
    private const string Usage =
        """
        receive [--bytes N] [--rate N] [--senders N] [--rounds N] [--program PATH] [--data DIR] [--results DIR]
          --bytes    bytes of JSON to generate (1000000000)
          --rate     records per second of the generated traffic (1000)
          --senders  uploads that are sent at the same time (4)
          --rounds   measured rounds (3)
          --program  the cflogstream to measure (the one built with this project)
          --data     where generated files and tables are kept (artifacts/peer-data)
          --results  where the table is written (benchmarks/results/<processor>); '' for nowhere
        """;

    public PeerOptions Input { get; init; } = new() { Rate = 1000, Rounds = 3 };

    public int Senders { get; init; } = 4;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is not understood; the message says which.</exception>
    public static ReceiveOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ReceiveOptions();
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string name = arguments[i];
            string value = i + 1 < arguments.Count ? arguments[i + 1] : throw new ArgumentException($"'{name}' needs a value.\n{Usage}");
            try
            {
                options = options.With(name, value);
            }
            catch (Exception problem) when (problem is FormatException or OverflowException)
            {
                throw new ArgumentException($"'{value}' is no number, which '{name}' needs.\n{Usage}");
            }
        }

        return options;
    }

    private ReceiveOptions With(string name, string value) => name switch
    {
        "--bytes" => this with { Input = Input with { Bytes = long.Parse(value, CultureInfo.InvariantCulture) } },
        "--rate" => this with { Input = Input with { Rate = double.Parse(value, CultureInfo.InvariantCulture) } },
        "--senders" => this with { Senders = Math.Clamp(int.Parse(value, CultureInfo.InvariantCulture), 1, 64) },
        "--rounds" => this with { Input = Input with { Rounds = Math.Max(1, int.Parse(value, CultureInfo.InvariantCulture)) } },
        "--program" => this with { Input = Input with { Program = Path.GetFullPath(value) } },
        "--data" => this with { Input = Input with { Data = value } },
        "--results" => this with { Input = Input with { Results = value } },
        _ => throw new ArgumentException($"'{name} {value}' is not understood.\n{Usage}"),
    };
}
