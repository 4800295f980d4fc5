using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Collecting;

/// <summary>An object that was fetched and sliced, or why it was not. Its slices are valid until it is disposed.</summary>
internal sealed class PreparedObject : IDisposable
{
    private readonly Action? _release;

    public PreparedObject(ObjectEntry entry, SliceCounts counts, IReadOnlyList<Slice> slices, bool isSetAside, Action? release)
    {
        Entry = entry;
        Counts = counts;
        Slices = slices;
        IsSetAside = isSetAside;
        _release = release;
    }

    public PreparedObject(ObjectEntry entry, PlaceException failure)
    {
        Entry = entry;
        Failure = failure;
        Slices = [];
    }

    public ObjectEntry Entry { get; }

    public SliceCounts? Counts { get; }

    /// <summary>What goes to the log; empty for an object without lines.</summary>
    public IReadOnlyList<Slice> Slices { get; }

    /// <summary>Whether it became a dead letter as a whole, or its rest did.</summary>
    public bool IsSetAside { get; }

    /// <summary>Why it could not be had.</summary>
    public PlaceException? Failure { get; }

    public void Dispose() => _release?.Invoke();
}
