using System.Runtime.CompilerServices;
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
/// Memory: 1,024 slots of 264 bytes for plain paths and 1,024 of 456 for whole ones, of which a log touches what it repeats. What does
/// not fit a slot is worked out anew each time.
/// </remarks>
internal sealed class EndpointReader
{
    private const int SlotBits = 10;
    private const int Half = PathMasks.MaxLength / 2;
    private const int MaxTextBytes = SiteReader.MaxTextBytes + EndpointClassifier.MaxTemplateBytes;

    private readonly EndpointClassifier _classifier;
    private readonly SiteReader _sites = new();
    private readonly PlainSlot[] _plainPaths = new PlainSlot[1 << SlotBits];
    private readonly TextSlots<Endpoint> _wholePaths = new(SlotBits);
    private readonly byte[] _path = new byte[WideText.Width];

    // The endpoint that was worked out last, for when it does not fit its slot.
    private readonly byte[] _ownTexts = new byte[MaxTextBytes];
    private Endpoint _own;
    private int _turn;

    public EndpointReader(EndpointClassifier classifier)
    {
        _classifier = classifier;
    }

    /// <summary>Whether the path read last is known to have nothing that <see cref="SecretMask"/> masks.</summary>
    public bool IsHarmlessPath { get; private set; }

    /// <summary>Reads the endpoint of a record; the result is valid until the next call.</summary>
    /// <param name="texts">Zone, host, method and template, one behind the other, and perhaps more.</param>
    public ref readonly Endpoint Read(LogRecord record, out ReadOnlySpan<byte> texts)
    {
        ref Site site = ref _sites.Read(record, out ReadOnlySpan<byte> siteTexts);
        ReadOnlySpan<byte> path = RequestPath.Of(record, _path, out int length);
        if (length is > 0 and <= PathMasks.MaxLength && !_classifier.HasTemplates)
        {
            Vector256<byte> low = WideText.Read(path, length, 0);
            Vector256<byte> high = WideText.Read(path, length, Half);
            if (PlainPath.TryFindIds(path[..length], new PathMasks(low, high), out ulong ids, out bool isHarmless))
            {
                IsHarmlessPath = isHarmless;
                low = PathMasks.Mark(low, (uint)ids);
                high = PathMasks.Mark(high, (uint)(ids >> Half));
                ref PlainSlot plain = ref FindPlain(low, high, site.Serial);
                if (plain.Site != site.Serial)
                {
                    plain.Low = low;
                    plain.High = high;
                    plain.Site = Fill(ref plain.Endpoint, in site, siteTexts, path[..length]) ? site.Serial : 0;
                }

                return ref Found(ref plain.Endpoint, plain.Site == 0, out texts);
            }
        }

        IsHarmlessPath = false;
        int slot = _wholePaths.Find(path, length, site.Serial);
        ref Endpoint whole = ref _wholePaths[slot < 0 ? ~slot : slot];
        if (slot < 0 || whole.TemplateEnd == 0)
        {
            Fill(ref whole, in site, siteTexts, path[..length]);
        }

        return ref Found(ref whole, whole.TemplateEnd == 0, out texts);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref readonly Endpoint Found(ref Endpoint endpoint, bool isOwn, out ReadOnlySpan<byte> texts)
    {
        if (isOwn)
        {
            texts = _ownTexts;
            return ref _own;
        }

        texts = endpoint.Texts;
        return ref endpoint;
    }

    /// <summary>Finds the slot of a plain path without its ids; one whose site is another when it has to be filled.</summary>
    private ref PlainSlot FindPlain(Vector256<byte> low, Vector256<byte> high, ulong site)
    {
        int index = (int)(WideText.Hash(low, high, site) >> (64 - SlotBits));
        for (int way = 0; way < 2; way++)
        {
            ref PlainSlot slot = ref _plainPaths[index];
            if (((low ^ slot.Low) | (high ^ slot.High)) == Vector256<byte>.Zero && slot.Site == site)
            {
                return ref slot;
            }

            index ^= 1;
        }

        index ^= _turn;
        _turn ^= 1;
        ref PlainSlot victim = ref _plainPaths[index];
        victim.Site = 0;
        return ref victim;
    }

    /// <summary>Works out an endpoint; false when its texts do not fit, and it is only in the own one.</summary>
    private bool Fill(ref Endpoint endpoint, in Site site, ReadOnlySpan<byte> siteTexts, ReadOnlySpan<byte> path)
    {
        Span<byte> texts = _ownTexts;
        siteTexts[..site.MethodEnd].CopyTo(texts);
        ReadOnlySpan<byte> zone = texts[..site.ZoneEnd];
        ReadOnlySpan<byte> host = texts[site.ZoneEnd..site.HostEnd];
        ReadOnlySpan<byte> method = texts[site.HostEnd..site.MethodEnd];
        Span<byte> template = texts[site.MethodEnd..];
        template = template[.._classifier.WriteTemplate(host, path, template, out bool isKnown, out bool isApi)];
        int length = site.MethodEnd + template.Length;
        _own.Hash = StableHash.Combine(
            StableHash.Combine(StableHash.Of(zone), StableHash.Of(host)),
            StableHash.Combine(StableHash.Of(method), StableHash.Of(template)));
        _own.ZoneEnd = site.ZoneEnd;
        _own.HostEnd = site.HostEnd;
        _own.MethodEnd = site.MethodEnd;
        _own.TemplateEnd = (ushort)length;
        _own.Surface = _classifier.SurfaceOf(zone, host, method, template, isApi);
        _own.Method = site.Method;
        _own.IsKnown = isKnown;
        if (length > Endpoint.EndpointTexts.MaxBytes)
        {
            endpoint.TemplateEnd = 0;
            return false;
        }

        endpoint = _own;
        texts[..length].CopyTo(endpoint.Texts);
        return true;
    }

    private struct PlainSlot
    {
        /// <summary><see cref="Traffic.Site.Serial"/>; 0 for an empty slot.</summary>
        public ulong Site;
        public Vector256<byte> Low;
        public Vector256<byte> High;
        public Endpoint Endpoint;
    }
}
