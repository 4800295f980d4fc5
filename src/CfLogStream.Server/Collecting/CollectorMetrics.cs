using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace CfLogStream.Server.Collecting;

/// <summary>Counts what is collected from buckets and folders, by their names in the configuration.</summary>
public sealed class CollectorMetrics : IDisposable
{
    private readonly Meter _meter = new("CfLogStream.Server");
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, (long NewestNs, int Kept, int Unread)> _places = new(StringComparer.Ordinal);
    private readonly Counter<long> _read;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _ignored;
    private readonly Counter<long> _setAside;
    private readonly Counter<long> _errors;

    public CollectorMetrics(TimeProvider time)
    {
        _time = time;
        _read = _meter.CreateCounter<long>("cflogstream.objects.read", "{object}", "Objects that are on the log for good.");
        _bytes = _meter.CreateCounter<long>("cflogstream.objects.bytes", "By", "Bytes of these objects as stored.");
        _ignored = _meter.CreateCounter<long>("cflogstream.objects.empty", "{object}", "Objects in them without any record or line.");
        _setAside = _meter.CreateCounter<long>(
            "cflogstream.objects.set_aside", "{object}", "Objects in them that are damaged, too large or refused for good, or have cut lines: as dead letters.");
        _errors = _meter.CreateCounter<long>(
            "cflogstream.objects.errors", "{error}", "Listings and objects that could not be had and are tried again, by what failed.");
        Gauge("kept", "{object}", "Single objects in the checkpoint.", place => place.Kept);
        Gauge("unread", "{object}", "Objects of the last listing that are not read yet.", place => place.Unread);
        _meter.CreateObservableGauge(
            "cflogstream.objects.newest.age",
            () => _places.Where(pair => pair.Value.NewestNs > 0).Select(pair => new Measurement<double>(AgeSeconds(pair.Value.NewestNs), Tag(pair.Key))),
            "s",
            "How long ago the newest object was stored that a listing has shown.");
    }

    public void Dispose() => _meter.Dispose();

    internal void Read(string place, long bytes, bool isEmpty, bool isSetAside)
    {
        _read.Add(1, Tag(place));
        _bytes.Add(bytes, Tag(place));
        if (isEmpty)
        {
            _ignored.Add(1, Tag(place));
        }

        if (isSetAside)
        {
            _setAside.Add(1, Tag(place));
        }
    }

    internal void Fail(string place, string what) => _errors.Add(1, Tag(place), new KeyValuePair<string, object?>("stage", what));

    internal void State(string place, long newestNs, int kept, int unread) =>
        _places.AddOrUpdate(place, (newestNs, kept, unread), (_, old) => (Math.Max(old.NewestNs, newestNs), kept, unread));

    private static KeyValuePair<string, object?> Tag(string place) => new("place", place);

    private double AgeSeconds(long newestNs) =>
        Math.Max(0, (((_time.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) * 100) - newestNs) / 1e9);

    private void Gauge(string name, string unit, string description, Func<(long NewestNs, int Kept, int Unread), int> value) =>
        _meter.CreateObservableGauge(
            "cflogstream.objects." + name,
            () => _places.Select(pair => new Measurement<int>(value(pair.Value), Tag(pair.Key))),
            unit,
            description);
}
