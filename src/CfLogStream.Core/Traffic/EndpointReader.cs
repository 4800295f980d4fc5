using System.Buffers.Binary;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic.Paths;

namespace CfLogStream.Core.Traffic;

/// <summary>
/// Reads the endpoint of a record: zone, host, method, template and surface. One per thread; remembers what was met last.
/// </summary>
/// <remarks>
/// In three steps, because the paths of a log are many (ids) and its endpoints few. <see cref="SiteReader"/> has zone, host and method.
/// The template of a plain path is worked out (<see cref="PlainPath"/>), that of any other is remembered by the whole path. Then the four
/// texts choose one of 1,024 slots, two next to each other for each, and are known again by comparing all their bytes, so the caches never
/// change an answer; a slot has the texts one behind the other as records carry them, the surface and the hash.
/// Memory: 256 kB of endpoints, 290 kB of paths, 256 kB of sites, of which a log touches what it repeats. What does not fit a slot is
/// worked out anew each time.
/// </remarks>
internal sealed class EndpointReader
{
    private const int SlotBits = 10;
    private const int SlotBytes = 256;
    private const int PathBits = 10;
    private const int MaxPath = 192;
    private const int MaxPathTemplate = 96;
    private const int TextBytes = SiteReader.MaxTextBytes + EndpointClassifier.MaxTemplateBytes;

    private readonly EndpointClassifier _classifier;
    private readonly SiteReader _sites = new();

    // The last one is for what does not fit the others.
    private readonly Endpoint[] _endpoints = new Endpoint[(1 << SlotBits) + 1];
    private readonly byte[] _texts = new byte[(SlotBytes << SlotBits) + TextBytes];
    private readonly TextSlots _paths = new(PathBits, MaxPath);
    private readonly TemplateOfPath[] _pathTemplates;
    private readonly byte[] _pathTexts = new byte[MaxPathTemplate << PathBits];
    // Room for a path of the longest kept and any host: so a path that comes without its host is too long to be kept.
    private readonly byte[] _pathKey = new byte[sizeof(short) + HostName.MaxLength + MaxPath];
    private readonly byte[] _template = new byte[EndpointClassifier.MaxTemplateBytes];
    private int _current;
    private int _turn;

    public EndpointReader(EndpointClassifier classifier)
    {
        _classifier = classifier;
        _pathTemplates = new TemplateOfPath[_paths.Count];
    }

    /// <summary>The endpoint read last.</summary>
    public ref readonly Endpoint Current => ref _endpoints[_current];

    /// <summary>Zone, host, method and template, one behind the other; valid until the next call.</summary>
    public ReadOnlySpan<byte> Texts => _texts.AsSpan(_current * SlotBytes, Current.TemplateEnd);

    public ReadOnlySpan<byte> Host => Texts[Current.ZoneEnd..Current.HostEnd];

    /// <summary>Reads the endpoint of a record; the properties are valid until the next call.</summary>
    public void Read(LogRecord record, ReadOnlySpan<byte> path)
    {
        _sites.Read(record);
        ref readonly Site site = ref _sites.Current;
        TemplateOfPath known = default;
        if (_classifier.HasTemplates || !PlainPath.TryTemplate(path, _template, out ReadOnlySpan<byte> template))
        {
            template = Remembered(path, out known);
        }

        ReadOnlySpan<byte> siteTexts = _sites.Texts;
        int slot = (int)((site.Hash ^ QuickHash.Of(template)) >> (64 - SlotBits));
        if (!Holds(slot, in site, siteTexts, template, known) && !Holds(slot ^= 1, in site, siteTexts, template, known))
        {
            slot = Fill(slot, in site, siteTexts, template, known);
        }

        _current = slot;
    }

    private bool Holds(int slot, in Site site, ReadOnlySpan<byte> siteTexts, ReadOnlySpan<byte> template, TemplateOfPath known)
    {
        ref readonly Endpoint endpoint = ref _endpoints[slot];
        if (endpoint.TemplateEnd != siteTexts.Length + template.Length || endpoint.SiteEnds != site.Ends
            || endpoint.IsKnown != known.IsKnown || endpoint.IsApiTemplate != known.IsApi)
        {
            return false;
        }

        ReadOnlySpan<byte> texts = _texts.AsSpan(slot * SlotBytes, endpoint.TemplateEnd);
        return siteTexts.SequenceEqual(texts[..siteTexts.Length]) && template.SequenceEqual(texts[siteTexts.Length..]);
    }

    private int Fill(int slot, in Site site, ReadOnlySpan<byte> siteTexts, ReadOnlySpan<byte> template, TemplateOfPath known)
    {
        int length = siteTexts.Length + template.Length;
        if (length > SlotBytes)
        {
            slot = 1 << SlotBits;
        }
        else
        {
            slot ^= _turn;
            _turn ^= 1;
        }

        Span<byte> texts = _texts.AsSpan(slot * SlotBytes, length);
        siteTexts.CopyTo(texts);
        template.CopyTo(texts[siteTexts.Length..]);
        ref Endpoint endpoint = ref _endpoints[slot];
        endpoint.ZoneEnd = site.ZoneEnd;
        endpoint.HostEnd = site.HostEnd;
        endpoint.MethodEnd = site.MethodEnd;
        endpoint.TemplateEnd = (ushort)length;
        endpoint.SiteEnds = site.Ends;
        endpoint.Method = site.Method;
        endpoint.IsKnown = known.IsKnown;
        endpoint.IsApiTemplate = known.IsApi;
        ReadOnlySpan<byte> zone = texts[..site.ZoneEnd];
        ReadOnlySpan<byte> host = texts[site.ZoneEnd..site.HostEnd];
        ReadOnlySpan<byte> method = texts[site.HostEnd..site.MethodEnd];
        ReadOnlySpan<byte> kept = texts[site.MethodEnd..];
        endpoint.Surface = _classifier.SurfaceOf(zone, host, method, kept, known.IsApi);
        endpoint.Hash = StableHash.Combine(
            StableHash.Combine(StableHash.Of(zone), StableHash.Of(host)),
            StableHash.Combine(StableHash.Of(method), StableHash.Of(kept)));
        return slot;
    }

    /// <summary>Returns the template of a path that is not plain, or may be one of the settings.</summary>
    private ReadOnlySpan<byte> Remembered(ReadOnlySpan<byte> path, out TemplateOfPath known)
    {
        ReadOnlySpan<byte> host = _sites.Host;
        int slot = _paths.Find(_classifier.HasTemplates ? Key(host, path) : path, out bool isFilled);
        ref TemplateOfPath entry = ref _pathTemplates[slot];
        if (isFilled && entry.Length <= MaxPathTemplate)
        {
            known = entry;
            return _pathTexts.AsSpan(slot * MaxPathTemplate, entry.Length);
        }

        entry.Length = (short)_classifier.WriteTemplate(host, path, _template, out entry.IsKnown, out entry.IsApi);
        known = entry;
        ReadOnlySpan<byte> template = _template.AsSpan(0, entry.Length);
        if (template.Length <= MaxPathTemplate && slot < _paths.Count - 1)
        {
            template.CopyTo(_pathTexts.AsSpan(slot * MaxPathTemplate));
        }

        return template;
    }

    /// <summary>Joins host and path, with the host's length before them; the path alone when it is too long for a slot anyway.</summary>
    private ReadOnlySpan<byte> Key(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
    {
        long length = (long)sizeof(short) + host.Length + path.Length;
        if (length > _pathKey.Length)
        {
            return path;
        }

        BinaryPrimitives.WriteInt16LittleEndian(_pathKey, (short)host.Length);
        host.CopyTo(_pathKey.AsSpan(sizeof(short)));
        path.CopyTo(_pathKey.AsSpan(sizeof(short) + host.Length));
        return _pathKey.AsSpan(0, (int)length);
    }
}
