using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.Intrinsics;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Traffic;

/// <summary>Reads zone, host and method of a record as dimensions. One per thread; remembers those met last.</summary>
/// <remarks>
/// The three texts as logged choose one of 512 slots, two next to each other for each, and are known again by comparing all their bytes,
/// so the cache never changes an answer. A slot is 384 bytes: what was logged (64 of zone, 64 of host, 8 of method), then the dimensions.
/// What does not fit is worked out anew each time.
/// The host is lower case without port, the method as logged (methods count in their case), at most 32 bytes of it. Without ZoneName
/// (security events of a zone have none) the zone is the host's site (<see cref="HostName.Site"/>).
/// </remarks>
internal sealed class SiteReader
{
    /// <summary>The room that zone, host and method need at most.</summary>
    public const int MaxTextBytes = (2 * HostName.MaxLength) + MaxMethod;

    private const int SlotBits = 9;
    private const int SlotBytes = 384;
    private const int NameBytes = 64;
    private const int Half = NameBytes / 2;
    private const int TextStart = (2 * NameBytes) + sizeof(ulong);
    private const int MaxMethod = 32;

    // The last one is for what does not fit the others.
    private readonly Site[] _sites = new Site[(1 << SlotBits) + 1];
    private readonly byte[] _bytes = new byte[(SlotBytes << SlotBits) + MaxTextBytes];
    private readonly byte[] _zone = new byte[WideText.Width];
    private readonly byte[] _host = new byte[WideText.Width];
    private readonly byte[] _method = new byte[WideText.Width];
    private ulong _serials;
    private int _current;
    private int _turn;

    /// <summary>The site read last.</summary>
    public ref readonly Site Current => ref _sites[_current];

    /// <summary>Zone, host and method, one behind the other; valid until the next call.</summary>
    public ReadOnlySpan<byte> Texts => _bytes.AsSpan(Current.TextStart, Current.MethodEnd);

    public ReadOnlySpan<byte> Host => Texts[Current.ZoneEnd..Current.HostEnd];

    /// <summary>Reads the site of a record.</summary>
    public void Read(LogRecord record)
    {
        ReadOnlySpan<byte> zone = WideText.Of(record, LogField.ZoneName, _zone, out int zoneLength);
        ReadOnlySpan<byte> host = WideText.Of(record, LogField.ClientRequestHost, _host, out int hostLength);
        ReadOnlySpan<byte> method = WideText.Of(record, LogField.ClientRequestMethod, _method, out int methodLength);
        if (zoneLength > NameBytes || hostLength > NameBytes || methodLength > sizeof(ulong))
        {
            Compute(zone[..zoneLength], host[..hostLength], method[..methodLength], 1 << SlotBits);
            return;
        }

        Vector256<byte> zoneLow = WideText.Read(zone, zoneLength, 0);
        Vector256<byte> zoneHigh = WideText.Read(zone, zoneLength, Half);
        Vector256<byte> hostLow = WideText.Read(host, hostLength, 0);
        Vector256<byte> hostHigh = WideText.Read(host, hostLength, Half);
        ulong methodBytes = WideText.ReadWord(method, methodLength);
        ulong lengths = (uint)zoneLength | ((ulong)(uint)hostLength << 16) | ((ulong)(uint)methodLength << 32);
        int slot = (int)(WideText.Hash(hostLow ^ zoneHigh, hostHigh ^ zoneLow, methodBytes + lengths) >> (64 - SlotBits));
        for (int way = 0; way < 2; way++)
        {
            ReadOnlySpan<byte> logged = _bytes.AsSpan(slot * SlotBytes, TextStart);
            Vector256<byte> different = (zoneLow ^ Vector256.Create(logged)) | (zoneHigh ^ Vector256.Create(logged[Half..]))
                | (hostLow ^ Vector256.Create(logged[NameBytes..])) | (hostHigh ^ Vector256.Create(logged[(NameBytes + Half)..]));
            if (different == Vector256<byte>.Zero && _sites[slot].LoggedLengths == lengths && _sites[slot].Serial != 0
                && BinaryPrimitives.ReadUInt64LittleEndian(logged[(2 * NameBytes)..]) == methodBytes)
            {
                _current = slot;
                return;
            }

            slot ^= 1;
        }

        slot ^= _turn;
        _turn ^= 1;
        Compute(zone[..zoneLength], host[..hostLength], method[..methodLength], slot);
        Span<byte> kept = _bytes.AsSpan(slot * SlotBytes, TextStart);
        zoneLow.CopyTo(kept);
        zoneHigh.CopyTo(kept[Half..]);
        hostLow.CopyTo(kept[NameBytes..]);
        hostHigh.CopyTo(kept[(NameBytes + Half)..]);
        BinaryPrimitives.WriteUInt64LittleEndian(kept[(2 * NameBytes)..], methodBytes);
        _sites[slot].LoggedLengths = lengths;
    }

    /// <summary>Works out the dimensions; the last slot has room for any.</summary>
    private void Compute(ReadOnlySpan<byte> zone, ReadOnlySpan<byte> host, ReadOnlySpan<byte> method, int slot)
    {
        int start = slot == 1 << SlotBits ? SlotBytes << SlotBits : (slot * SlotBytes) + TextStart;
        Span<byte> texts = _bytes.AsSpan(SlotBytes << SlotBits, MaxTextBytes);

        // The zone stands first but may come from the host: the host is written behind the room for a zone and moved up.
        Span<byte> lowerHost = texts.Slice(HostName.MaxLength, HostName.Write(host, texts[HostName.MaxLength..]));
        int zoneEnd = HostName.Write(zone.IsEmpty ? HostName.Site(lowerHost) : zone, texts);
        lowerHost.CopyTo(texts[zoneEnd..]);
        int hostEnd = zoneEnd + lowerHost.Length;
        int length = Math.Min(method.Length, MaxMethod);
        while (length > 0 && length < method.Length && (method[length] & 0xC0) == 0x80)
        {
            length--;
        }

        method[..length].CopyTo(texts[hostEnd..]);
        int methodEnd = hostEnd + length;
        Debug.Assert(slot == 1 << SlotBits || methodEnd <= SlotBytes - TextStart);
        texts[..methodEnd].CopyTo(_bytes.AsSpan(start));
        _sites[slot] = new Site
        {
            Serial = ++_serials,
            TextStart = start,
            ZoneEnd = (ushort)zoneEnd,
            HostEnd = (ushort)hostEnd,
            MethodEnd = (ushort)methodEnd,
            Method = RequestMethods.Of(method[..length]),
        };
        _current = slot;
    }
}
