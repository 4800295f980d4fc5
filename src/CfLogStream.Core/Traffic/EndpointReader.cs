using System.Buffers.Binary;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic.Paths;

namespace CfLogStream.Core.Traffic;

/// <summary>
/// Reads the endpoint of a record: zone, host, method, template and surface. One per thread; remembers the endpoints met last.
/// </summary>
/// <remarks>
/// Most records of a log share a few hundred paths. Direct-mapped: zone, host, method and path as logged choose one of 1,024 slots
/// and are
/// known again by comparing all their bytes, so the cache never changes an answer. Layout: one array of bytes with 1 kB per slot (384
/// of key,
/// then the four texts) beside small arrays; what does not fit a slot is worked out anew each time, in a slot of its own.
/// The host is lower case without port, the method as logged (methods count in their case), at most
/// 32 bytes of it. Without ZoneName (security events of a zone have
/// none)
/// the zone is the host's site (<see cref="HostName.Site"/>).
/// </remarks>
internal sealed class EndpointReader
{
    private const int SlotCount = 1024;
    private const int KeyBytes = 384;

    // Three lengths, so that no two splits of the same bytes are taken for each other.
    private const int KeyHeader = 6;
    private const int SlotBytes = 1024;
    private const int MaxMethod = 32;
    private const int TextBytes = (2 * HostName.MaxLength) + MaxMethod + EndpointClassifier.MaxTemplateBytes;

    private readonly EndpointClassifier _endpoints;
    private readonly Slot[] _slots = new Slot[SlotCount];
    private readonly byte[] _bytes = new byte[SlotCount * SlotBytes];
    private readonly byte[] _key = new byte[KeyBytes];
    private readonly byte[] _texts = new byte[TextBytes];
    private Slot _current;
    private byte[] _currentBytes;
    private int _currentStart;

    public EndpointReader(EndpointClassifier endpoints)
    {
        _endpoints = endpoints;
        _currentBytes = _texts;
    }

    public ReadOnlySpan<byte> Zone => _currentBytes.AsSpan(_currentStart, _current.ZoneEnd);

    public ReadOnlySpan<byte> Host => _currentBytes.AsSpan(_currentStart + _current.ZoneEnd, _current.HostEnd - _current.ZoneEnd);

    public ReadOnlySpan<byte> Method => _currentBytes.AsSpan(_currentStart + _current.HostEnd, _current.MethodEnd - _current.HostEnd);

    public ReadOnlySpan<byte> Template => _currentBytes.AsSpan(_currentStart + _current.MethodEnd, _current.TemplateEnd - _current.MethodEnd);

    public Surface Surface => _current.Surface;

    /// <summary>The template is one of the settings.</summary>
    public bool IsKnown => _current.IsKnown;

    /// <summary>Hash of zone, host, method and template.</summary>
    public ulong Hash => _current.Hash;

    /// <summary>Reads the endpoint of a record; the properties are valid until the next call.</summary>
    public void Read(LogRecord record, ReadOnlySpan<byte> path)
    {
        ReadOnlySpan<byte> zone = record.Text(LogField.ZoneName);
        ReadOnlySpan<byte> host = record.Text(LogField.ClientRequestHost);
        ReadOnlySpan<byte> method = record.Text(LogField.ClientRequestMethod);
        int keyLength = KeyHeader + zone.Length + host.Length + method.Length + path.Length;
        if (keyLength > KeyBytes)
        {
            Compute(zone, host, method, path);
            return;
        }

        Span<byte> key = _key.AsSpan(0, keyLength);
        BinaryPrimitives.WriteUInt16LittleEndian(key, (ushort)zone.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(key[2..], (ushort)host.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(key[4..], (ushort)method.Length);
        zone.CopyTo(key[KeyHeader..]);
        host.CopyTo(key[(KeyHeader + zone.Length)..]);
        method.CopyTo(key[(KeyHeader + zone.Length + host.Length)..]);
        path.CopyTo(key[^path.Length..]);
        int index = (int)(QuickHash.Of(key) >> 54);
        ref Slot slot = ref _slots[index];
        int start = index * SlotBytes;
        if (slot.KeyLength == keyLength && key.SequenceEqual(_bytes.AsSpan(start, keyLength)))
        {
            _current = slot;
            _currentBytes = _bytes;
            _currentStart = start + KeyBytes;
            return;
        }

        Compute(zone, host, method, path);
        if (_current.TemplateEnd <= SlotBytes - KeyBytes)
        {
            slot = _current;
            slot.KeyLength = keyLength;
            key.CopyTo(_bytes.AsSpan(start));
            _texts.AsSpan(0, _current.TemplateEnd).CopyTo(_bytes.AsSpan(start + KeyBytes));
        }
    }

    private void Compute(ReadOnlySpan<byte> zone, ReadOnlySpan<byte> host, ReadOnlySpan<byte> method, ReadOnlySpan<byte> path)
    {
        _currentBytes = _texts;
        _currentStart = 0;
        Span<byte> texts = _texts;

        // The zone stands first but may come from the host: the host is written behind the room for a zone and moved up.
        Span<byte> lowerHost = texts.Slice(HostName.MaxLength, HostName.Write(host, texts[HostName.MaxLength..]));
        ReadOnlySpan<byte> site = zone.IsEmpty ? HostName.Site(lowerHost) : zone;
        int end = HostName.Write(site, texts);
        _current.ZoneEnd = (short)end;
        lowerHost.CopyTo(texts[end..]);
        end += lowerHost.Length;
        _current.HostEnd = (short)end;
        int methodLength = Math.Min(method.Length, MaxMethod);
        while (methodLength > 0 && methodLength < method.Length && (method[methodLength] & 0xC0) == 0x80)
        {
            methodLength--;
        }

        method[..methodLength].CopyTo(texts[end..]);
        end += methodLength;
        _current.MethodEnd = (short)end;
        end += _endpoints.Classify(Zone, Host, Method, path, texts[end..], out Surface surface, out bool isKnown);
        _current.TemplateEnd = (short)end;
        _current.Surface = surface;
        _current.IsKnown = isKnown;
        _current.Hash = StableHash.Combine(
            StableHash.Combine(StableHash.Of(Zone), StableHash.Of(Host)),
            StableHash.Combine(StableHash.Of(Method), StableHash.Of(Template)));
    }

    private struct Slot
    {
        public ulong Hash;

        /// <summary>0 for an empty slot.</summary>
        public int KeyLength;
        public short ZoneEnd;
        public short HostEnd;
        public short MethodEnd;
        public short TemplateEnd;
        public Surface Surface;
        public bool IsKnown;
    }
}
