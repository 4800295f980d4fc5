using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Collecting;

/// <summary>An object that was fetched and sliced, or why it was not. Its slices are valid until it is disposed.</summary>
internal sealed class PreparedObject : IDisposable
{
    private readonly Action? _release;

    private readonly Func<IEnumerable<IReadOnlyList<Slice>>> _read;

    public PreparedObject(ObjectEntry entry, SliceCounts counts, IReadOnlyList<Slice> slices, bool isSetAside, Action? release)
        : this(entry, counts, () => [slices], isSetAside, release)
    {
        IsEmpty = slices.Count == 0;
    }

    /// <param name="read">Reads the slices of a large object, piece by piece, each time anew.</param>
    public PreparedObject(
        ObjectEntry entry, SliceCounts counts, Func<IEnumerable<IReadOnlyList<Slice>>> read, bool isSetAside, Action? release)
    {
        Entry = entry;
        Counts = counts;
        _read = read;
        IsSetAside = isSetAside;
        _release = release;
    }

    public PreparedObject(ObjectEntry entry, PlaceException failure)
    {
        Entry = entry;
        Failure = failure;
        IsEmpty = true;
        _read = () => [];
    }

    public ObjectEntry Entry { get; }

    public SliceCounts? Counts { get; }

    /// <summary>Whether nothing of it goes to the log: it has no lines.</summary>
    public bool IsEmpty { get; }

    /// <summary>Whether it became a dead letter as a whole, or its rest did.</summary>
    public bool IsSetAside { get; }

    /// <summary>Why it could not be had.</summary>
    public PlaceException? Failure { get; }

    /// <summary>What goes to the log, in pieces that are valid until the next one is asked for.</summary>
    public IEnumerable<IReadOnlyList<Slice>> Pieces() => _read();

    public void Dispose() => _release?.Invoke();
}
