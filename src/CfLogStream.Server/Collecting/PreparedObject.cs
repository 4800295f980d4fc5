using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Collecting;

/// <summary>An object that was fetched and sliced, or is sliced while it is appended when it is large; or why it could not be had.</summary>
internal sealed class PreparedObject : IAsyncDisposable
{
    private readonly Func<ValueTask>? _release;

    /// <param name="entry">The object.</param>
    /// <param name="counts">What is in the pieces taken so far.</param>
    /// <param name="pieces">Its slices in pieces, each valid until the next is asked for or this is disposed.</param>
    /// <param name="isEmpty">Whether there are none.</param>
    /// <param name="release">Gives back what it holds.</param>
    public PreparedObject(ObjectEntry entry, SliceCounts counts, IEnumerable<IReadOnlyList<Slice>> pieces, bool isEmpty, Func<ValueTask>? release)
    {
        Entry = entry;
        Counts = counts;
        Pieces = pieces;
        IsEmpty = isEmpty;
        _release = release;
    }

    public PreparedObject(ObjectEntry entry, PlaceException failure)
    {
        Entry = entry;
        Failure = failure;
        Pieces = [];
    }

    public ObjectEntry Entry { get; }

    public SliceCounts? Counts { get; }

    /// <summary>What goes to the log.</summary>
    public IEnumerable<IReadOnlyList<Slice>> Pieces { get; }

    public bool IsEmpty { get; }

    /// <summary>Why it could not be had.</summary>
    public PlaceException? Failure { get; }

    public ValueTask DisposeAsync() => _release?.Invoke() ?? ValueTask.CompletedTask;
}
