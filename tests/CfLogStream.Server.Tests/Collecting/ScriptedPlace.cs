using System.Runtime.CompilerServices;
using System.Text;
using CfLogStream.Server.Collecting;

namespace CfLogStream.Server.Tests.Collecting;

/// <summary>A place in memory whose objects can refuse to be read.</summary>
internal sealed class ScriptedPlace : IObjectPlace
{
    private readonly Dictionary<string, (ObjectEntry Entry, byte[] Content, PlaceFailure? Failure)> _objects = new(StringComparer.Ordinal);
    private int _copying;

    public bool ListsEverything => false;

    public PlaceException? ListFailure { get; set; }

    /// <summary>The keys that were asked for, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>The most objects that were asked for at the same time.</summary>
    public int MostAtOnce { get; private set; }

    public IReadOnlyList<ObjectEntry> Entries => [.. _objects.Values.Select(found => found.Entry)];

    public void Put(string key, string content, long seconds, PlaceFailure? failure = null) => Put(key, Encoding.UTF8.GetBytes(content), seconds, failure);

    public void Put(string key, byte[] content, long seconds, PlaceFailure? failure = null) =>
        _objects[key] = (new ObjectEntry(key, $"{seconds}", content.Length, seconds * 1_000_000_000), content, failure);

    public async IAsyncEnumerable<ObjectEntry> ListAsync(
        DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.Yield();
        if (ListFailure is not null)
        {
            throw ListFailure;
        }

        foreach (ObjectEntry entry in Entries)
        {
            yield return entry;
        }
    }

    public async Task CopyAsync(ObjectEntry entry, Stream destination, CancellationToken ct)
    {
        lock (Asked)
        {
            Asked.Add(entry.Key);
            MostAtOnce = Math.Max(MostAtOnce, ++_copying);
        }

        await Task.Yield();
        (ObjectEntry _, byte[] content, PlaceFailure? failure) = _objects[entry.Key];
        await destination.WriteAsync(content, ct);
        lock (Asked)
        {
            _copying--;
        }

        if (failure is { } kind)
        {
            throw new PlaceException(kind, "The service answered 403 AccessDenied.");
        }
    }

    public void Dispose()
    {
    }
}
