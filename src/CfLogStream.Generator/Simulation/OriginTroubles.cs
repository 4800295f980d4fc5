using CfLogStream.Generator.Randomness;

namespace CfLogStream.Generator.Simulation;

/// <summary>Times in which an origin fails by itself: errors that are not Cloudflare's doing.</summary>
internal sealed class OriginTroubles
{
    private readonly List<(string Host, long From, long To, int[] Statuses, double Share)> _troubles;

    public OriginTroubles(ulong seed, long startMs, long durationMs)
    {
        var rng = new Rng(seed, 0x7B0B);
        string[] hosts = ["api.shop.example", "api.ledgerly.example", "www.shop.example", "telemetry.fleet.example"];
        int[][] kinds = [[502, 503], [504, 500], [522, 523], [502, 522]];
        _troubles = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            long from = startMs + (long)(durationMs * rng.Between(0.05, 0.9));
            return (rng.Pick(hosts), from, from + (long)(durationMs * rng.Between(0.01, 0.04)), rng.Pick(kinds), rng.Between(0.08, 0.3));
        })];
    }

    /// <summary>Adds a trouble of one host.</summary>
    public void Add(string host, long from, long to, int[] statuses, double share) => _troubles.Add((host, from, to, statuses, share));

    /// <summary>Returns the status that the request fails with, or 0.</summary>
    public int At(Request request, Rng rng)
    {
        foreach ((string host, long from, long to, int[] statuses, double share) in _troubles)
        {
            if (request.StartMs >= from && request.StartMs < to && request.Endpoint.Host.Name == host && rng.Chance(share))
            {
                return rng.Pick(statuses);
            }
        }

        return 0;
    }
}
