using System.Runtime.Intrinsics;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic.Paths;

namespace CfLogStream.Core.Traffic;

/// <summary>
/// Reads the endpoint of a record: zone, host, method, template and surface. One per thread; remembers what was met last.
/// </summary>
/// <remarks>
/// The paths of a log are many and its endpoints few. A plain path is looked up without its ids (<see cref="PlainPath"/>), any other
/// whole, both together with zone, host and method (<see cref="SiteReader"/>). A slot has the four texts one behind the other as records
/// carry them, the surface and the hash. Found is only what is equal in all bytes, so the caches never change an answer.
/// Memory: 2,048 slots with 256 bytes of texts and a key of 72 or 264 bytes, 1 MB, of which a log touches what it repeats. What does not
/// fit a slot is worked out anew each time.
/// </remarks>
internal sealed class EndpointReader
{
    private const int SlotBits = 10;
    private const int Slots = 1 << SlotBits;
    private const int SlotBytes = 256;
    private const int Half = PathMasks.MaxLength / 2;
    private const int MaxTextBytes = SiteReader.MaxTextBytes + EndpointClassifier.MaxTemplateBytes;

    private readonly EndpointClassifier _classifier;
    private readonly SiteReader _sites = new();

    // Plain paths first, then whole ones; the last slot is for what does not fit the others.
    private readonly Endpoint[] _endpoints = new Endpoint[(2 * Slots) + 1];
    private readonly byte[] _texts = new byte[(2 * Slots * SlotBytes) + MaxTextBytes];
    private readonly byte[] _plainPaths = new byte[Slots * PathMasks.MaxLength];
    private readonly ulong[] _plainSites = new ulong[Slots];
    private readonly TextSlots _wholePaths = new(SlotBits);
    private readonly byte[] _path = new byte[WideText.Width];
    private int _current;
    private int _turn;

    public EndpointReader(EndpointClassifier classifier)
    {
        _classifier = classifier;
    }

    /// <summary>The endpoint read last.</summary>
    public ref readonly Endpoint Current => ref _endpoints[_current];

    /// <summary>Zone, host, method and template, one behind the other; valid until the next call.</summary>
    public ReadOnlySpan<byte> Texts => _texts.AsSpan(_current * SlotBytes, Current.TemplateEnd);

    public ReadOnlySpan<byte> Host => Texts[Current.ZoneEnd..Current.HostEnd];

    /// <summary>Reads the endpoint of a record; the properties are valid until the next call.</summary>
    public void Read(LogRecord record)
    {
        _sites.Read(record);
        ReadOnlySpan<byte> path = RequestPath.Of(record, _path, out int length);
        ulong site = _sites.Current.Serial;
        if (length is > 0 and <= PathMasks.MaxLength && !_classifier.HasTemplates)
        {
            Vector256<byte> low = WideText.Read(path, length, 0);
            Vector256<byte> high = WideText.Read(path, length, Half);
            if (PlainPath.TryFindIds(path[..length], new PathMasks(low, high), out ulong ids))
            {
                _current = FindPlain(PathMasks.Mark(low, (uint)ids), PathMasks.Mark(high, (uint)(ids >> Half)), site, path[..length]);
                return;
            }
        }

        int slot = _wholePaths.Find(path, length, site);
        bool isFilled = slot >= 0;
        slot = Slots + (isFilled ? slot : ~slot);
        _current = isFilled && _endpoints[slot].TemplateEnd != 0 ? slot : Fill(slot, path[..length]);
    }

    private int FindPlain(Vector256<byte> low, Vector256<byte> high, ulong site, ReadOnlySpan<byte> path)
    {
        int slot = (int)(WideText.Hash(low, high, site) >> (64 - SlotBits));
        for (int way = 0; way < 2; way++)
        {
            ReadOnlySpan<byte> kept = _plainPaths.AsSpan(slot * PathMasks.MaxLength, PathMasks.MaxLength);
            Vector256<byte> different = (low ^ Vector256.Create(kept)) | (high ^ Vector256.Create(kept[Half..]));
            if (different == Vector256<byte>.Zero && _plainSites[slot] == site)
            {
                return slot;
            }

            slot ^= 1;
        }

        slot ^= _turn;
        _turn ^= 1;
        low.CopyTo(_plainPaths.AsSpan(slot * PathMasks.MaxLength));
        high.CopyTo(_plainPaths.AsSpan((slot * PathMasks.MaxLength) + Half));
        int filled = Fill(slot, path);
        _plainSites[slot] = filled == slot ? site : 0;
        return filled;
    }

    /// <summary>Works out an endpoint; the last slot takes it if it does not fit the one given.</summary>
    private int Fill(int slot, ReadOnlySpan<byte> path)
    {
        const int Own = 2 * Slots;
        ref readonly Site site = ref _sites.Current;
        Span<byte> texts = _texts.AsSpan(Own * SlotBytes);
        _sites.Texts.CopyTo(texts);
        ReadOnlySpan<byte> zone = texts[..site.ZoneEnd];
        ReadOnlySpan<byte> host = texts[site.ZoneEnd..site.HostEnd];
        ReadOnlySpan<byte> method = texts[site.HostEnd..site.MethodEnd];
        Span<byte> template = texts[site.MethodEnd..];
        template = template[.._classifier.WriteTemplate(host, path, template, out bool isKnown, out bool isApi)];
        int length = site.MethodEnd + template.Length;
        var endpoint = new Endpoint
        {
            Hash = StableHash.Combine(
                StableHash.Combine(StableHash.Of(zone), StableHash.Of(host)),
                StableHash.Combine(StableHash.Of(method), StableHash.Of(template))),
            ZoneEnd = site.ZoneEnd,
            HostEnd = site.HostEnd,
            MethodEnd = site.MethodEnd,
            TemplateEnd = (ushort)length,
            Surface = _classifier.SurfaceOf(zone, host, method, template, isApi),
            Method = site.Method,
            IsKnown = isKnown,
        };
        if (length <= SlotBytes)
        {
            _endpoints[slot] = endpoint;
            texts[..length].CopyTo(_texts.AsSpan(slot * SlotBytes));
            return slot;
        }

        // Without a template the slot does not count as filled.
        _endpoints[slot] = default;
        _endpoints[Own] = endpoint;
        return Own;
    }
}
