using System.Text.Json;

namespace CfLogStream.Benchmarks.Peers;

/// <summary>What an engine answered: sums over all groups. What an engine does not say is null.</summary>
/// <param name="Requests">Client requests, each ray once.</param>
/// <param name="Lost">Of those, the ones that did not reach their origin because of a control.</param>
/// <param name="EdgeErrors">Answers 4xx and 5xx that Cloudflare made.</param>
/// <param name="Bytes">Bytes that the edge answered.</param>
/// <param name="Callers">Distinct client addresses per group, summed.</param>
/// <param name="Groups">Groups of minute, zone, host, method, user agent, control and rule.</param>
/// <param name="Inflated">Bytes of JSON that came out of the compressed files.</param>
/// <param name="Seconds">What the question alone took, without the start of its process.</param>
/// <param name="Version">The engine's version.</param>
internal sealed record PeerAnswer(
    long? Requests = null,
    long? Lost = null,
    long? EdgeErrors = null,
    long? Bytes = null,
    long? Callers = null,
    long? Groups = null,
    long? Inflated = null,
    double? Seconds = null,
    string? Version = null)
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The quantities by name, in the order of the tables.</summary>
    public IEnumerable<(string Name, long? Value)> Quantities =>
    [
        ("client requests", Requests),
        ("lost", Lost),
        ("edge errors", EdgeErrors),
        ("bytes", Bytes),
        ("callers", Callers),
        ("groups", Groups),
        ("bytes inflated", Inflated),
    ];

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static PeerAnswer Parse(string json) => JsonSerializer.Deserialize<PeerAnswer>(json, s_json)
        ?? throw new InvalidDataException("A peer answered nothing.");

    /// <summary>Reads the answer out of the report of <c>analyze --format json</c>.</summary>
    public static PeerAnswer FromReport(string report)
    {
        using JsonDocument document = JsonDocument.Parse(report);
        JsonElement totals = document.RootElement.GetProperty("totals");
        return new PeerAnswer(
            totals.GetProperty("requests").GetInt64(), totals.GetProperty("lost").GetInt64(), totals.GetProperty("edge_errors").GetInt64());
    }

    /// <summary>Writes one line for the process that asked.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_json);
}
