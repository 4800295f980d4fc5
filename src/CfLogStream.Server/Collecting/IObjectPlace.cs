namespace CfLogStream.Server.Collecting;

/// <summary>Where objects lie: a bucket, or a folder. Used by one collector at a time, its reads by several threads.</summary>
internal interface IObjectPlace : IDisposable
{
    /// <summary>Whether a listing always has everything, so that what it lacks is gone, and no time is needed to forget it.</summary>
    bool ListsEverything { get; }

    /// <summary>Lists objects that may have been stored in a span of time, and others; in any order.</summary>
    /// <exception cref="PlaceException">The place does not answer, or refuses.</exception>
    IAsyncEnumerable<ObjectEntry> ListAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken ct);

    /// <summary>Copies an object as it was listed, whole.</summary>
    /// <exception cref="PlaceException">It is another one by now, or gone, or cannot be read.</exception>
    Task CopyAsync(ObjectEntry entry, Stream destination, CancellationToken ct);
}
