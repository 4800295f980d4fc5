namespace CfLogStream.Server.Collecting;

/// <summary>Which objects of a place are read: all that were stored before the floor, and these single ones.</summary>
/// <remarks>
/// The floor is the newest time at which anything was stored, minus the look-back, and never after the oldest object that is not read yet.
/// So time is the place's alone; a clock of this machine decides nothing. An object is read once if it can be seen before something is
/// stored that is newer than it by more than the look-back, whatever its name and in whatever order objects come. Single objects are kept
/// only from the floor on, which bounds them. A place that always lists everything needs no floor: what it lists no more is forgotten.
/// One thread.
/// </remarks>
internal sealed class Checkpoint
{
    private readonly Dictionary<string, (string Tag, long ModifiedNs)> _read = new(StringComparer.Ordinal);
    private readonly long _lookBackNs;
    private long _newestNs;

    /// <param name="lookBack">For how long after newer ones an object may still appear.</param>
    /// <param name="startNs">From when on objects are read.</param>
    /// <param name="floorNs">Before when all of them are.</param>
    public Checkpoint(TimeSpan lookBack, long startNs, long floorNs)
    {
        _lookBackNs = lookBack.Ticks * 100;
        StartNs = startNs;
        FloorNs = Math.Max(startNs, floorNs);
        _newestNs = FloorNs;
    }

    /// <summary>From when on objects are read; what is older was there before.</summary>
    public long StartNs { get; }

    /// <summary>What was stored before is read.</summary>
    public long FloorNs { get; private set; }

    /// <summary>Single objects that are kept.</summary>
    public int Count => _read.Count;

    /// <summary>Whether an object is read, with this content.</summary>
    public bool IsRead(in ObjectEntry entry) =>
        entry.ModifiedNs < FloorNs || (_read.TryGetValue(entry.Key, out (string Tag, long ModifiedNs) known) && known.Tag == entry.Tag);

    /// <summary>Says that an object is read.</summary>
    public void Add(in ObjectEntry entry)
    {
        if (entry.ModifiedNs >= FloorNs)
        {
            _read[entry.Key] = (entry.Tag, entry.ModifiedNs);
        }
    }

    /// <summary>Moves the floor after a whole listing.</summary>
    /// <param name="newestNs">When the newest of its objects was stored.</param>
    /// <param name="oldestUnreadNs">When the oldest object was stored that it shows and that is not read; null when all are.</param>
    /// <returns>Whether it has moved.</returns>
    public bool Advance(long newestNs, long? oldestUnreadNs)
    {
        _newestNs = Math.Max(_newestNs, newestNs);
        long floor = Math.Min(_newestNs - _lookBackNs, oldestUnreadNs ?? long.MaxValue);
        if (floor <= FloorNs)
        {
            return false;
        }

        FloorNs = floor;
        foreach ((string key, (string _, long modifiedNs)) in _read)
        {
            if (modifiedNs < floor)
            {
                _read.Remove(key);
            }
        }

        return true;
    }

    /// <summary>Forgets what a place has no more that always lists everything.</summary>
    /// <returns>The keys.</returns>
    public IReadOnlyList<string> Keep(IReadOnlySet<string> present)
    {
        string[] gone = [.. _read.Keys.Where(key => !present.Contains(key))];
        foreach (string key in gone)
        {
            _read.Remove(key);
        }

        return gone;
    }
}
