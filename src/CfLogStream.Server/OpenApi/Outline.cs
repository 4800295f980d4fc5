using System.Globalization;
using System.Text.Json.Nodes;

namespace CfLogStream.Server.OpenApi;

/// <summary>The parts of an API description that concern paths and servers, with the places they stand at.</summary>
internal sealed class Outline
{
    private readonly Dictionary<string, (long Line, long Column)> _places = [];

    public JsonNode? Root { get; set; }

    /// <summary>Remembers where the node at a JSON pointer begins; counted from 1.</summary>
    public void Place(string pointer, long line, long column) => _places[pointer] = (line, column);

    /// <summary>Returns the place of the node at a JSON pointer, or of the nearest node around it.</summary>
    public (long Line, long Column) Find(string pointer)
    {
        string at = pointer.TrimStart('#');
        while (true)
        {
            if (_places.TryGetValue(at, out (long Line, long Column) place))
            {
                return place;
            }

            int slash = at.LastIndexOf('/');
            if (slash < 0)
            {
                return (1, 1);
            }

            at = at[..slash];
        }
    }

    /// <summary>Appends an index to a JSON pointer.</summary>
    public static string Append(string pointer, int index) => string.Create(CultureInfo.InvariantCulture, $"{pointer}/{index}");

    /// <summary>Appends a name to a JSON pointer.</summary>
    public static string Append(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}

/// <summary>Why an API description cannot be read any further.</summary>
internal sealed class OutlineException(string problem, long line, long column) : Exception(problem)
{
    public long Line { get; } = line;

    public long Column { get; } = column;
}
