namespace CfLogStream.Server.Doctor;

/// <summary>Rays of both datasets, all of them or a share that is chosen by their hash: as many as fit.</summary>
/// <remarks>The same hashes are kept on both sides, so that what is joined is not lost by the choice. About 64 MB at most.</remarks>
internal sealed class RaySample
{
    private const int MostRays = 1_000_000;

    private readonly HashSet<ulong> _requests = [];
    private readonly Dictionary<ulong, long> _events = [];
    private ulong _mask;

    public void AddRequest(ulong ray)
    {
        if ((ray & _mask) == 0)
        {
            _requests.Add(ray);
            Shrink();
        }
    }

    public void AddEvent(ulong ray, long timeNs)
    {
        if ((ray & _mask) == 0)
        {
            _events.TryAdd(ray, timeNs);
            Shrink();
        }
    }

    /// <summary>Counts the rays with events in a range of time, and those of them that have a request.</summary>
    public (long Rays, long Joined) Join(long fromNs, long toNs)
    {
        long rays = 0;
        long joined = 0;
        foreach ((ulong ray, long time) in _events)
        {
            if (time >= fromNs && time <= toNs)
            {
                rays++;
                joined += _requests.Contains(ray) ? 1 : 0;
            }
        }

        return (rays, joined);
    }

    private void Shrink()
    {
        while (_requests.Count + _events.Count > MostRays)
        {
            _mask = (_mask << 1) | 1;
            _requests.RemoveWhere(ray => (ray & _mask) != 0);
            foreach (ulong ray in _events.Keys.Where(ray => (ray & _mask) != 0).ToArray())
            {
                _events.Remove(ray);
            }
        }
    }
}
