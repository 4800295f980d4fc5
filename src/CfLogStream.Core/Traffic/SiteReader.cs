using System.Runtime.Intrinsics;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Traffic;

/// <summary>Reads zone, host and method of a record as dimensions. One per thread; remembers those met last.</summary>
/// <remarks>
/// The three texts as logged choose one of 512 slots, two next to each other for each, and are known again by comparing all their bytes,
/// so the cache never changes an answer. A slot is 312 bytes; what does not fit it (names of more than 64 bytes, methods of more than 8)
/// is worked out anew each time.
/// The host is lower case without port, the method as logged (methods count in their case), at most 32 bytes of it. Without ZoneName
/// (security events of a zone have none) the zone is the host's site (<see cref="HostName.Site"/>).
/// </remarks>
internal sealed class SiteReader
{
    /// <summary>The room that zone, host and method need at most.</summary>
    public const int MaxTextBytes = (2 * HostName.MaxLength) + MaxMethod;

    private const int SlotBits = 9;
    private const int Half = 32;
    private const int NameBytes = 2 * Half;
    private const int MaxMethod = 32;

    private readonly Slot[] _slots = new Slot[1 << SlotBits];
    private readonly byte[] _zone = new byte[WideText.Width];
    private readonly byte[] _host = new byte[WideText.Width];
    private readonly byte[] _method = new byte[WideText.Width];

    // The site that was worked out last, for when it does not fit a slot.
    private readonly byte[] _ownTexts = new byte[MaxTextBytes];
    private Site _own;
    private ulong _serials;
    private int _turn;

    /// <summary>Reads the site of a record; the result is valid until the next call.</summary>
    /// <param name="texts">Zone, host and method, one behind the other, and perhaps more.</param>
    public ref Site Read(LogRecord record, out ReadOnlySpan<byte> texts)
    {
        ReadOnlySpan<byte> zone = WideText.Of(record, LogField.ZoneName, _zone, out int zoneLength);
        ReadOnlySpan<byte> host = WideText.Of(record, LogField.ClientRequestHost, _host, out int hostLength);
        ReadOnlySpan<byte> method = WideText.Of(record, LogField.ClientRequestMethod, _method, out int methodLength);
        if (zoneLength > NameBytes || hostLength > NameBytes || methodLength > sizeof(ulong))
        {
            Compute(zone[..zoneLength], host[..hostLength], method[..methodLength]);
            texts = _ownTexts;
            return ref _own;
        }

        ulong lengths = (uint)zoneLength | ((ulong)(uint)hostLength << 16) | ((ulong)(uint)methodLength << 32);
        ulong word = WideText.ReadWord(method, methodLength);
        Vector256<byte> zoneLow = WideText.Read(zone, zoneLength, 0);
        Vector256<byte> hostLow = WideText.Read(host, hostLength, 0);
        Vector256<byte> zoneHigh = default;
        Vector256<byte> hostHigh = default;
        bool isLong = Math.Max(zoneLength, hostLength) > Half;
        if (isLong)
        {
            zoneHigh = WideText.Read(zone, zoneLength, Half);
            hostHigh = WideText.Read(host, hostLength, Half);
        }

        int index = (int)(WideText.Hash(hostLow ^ zoneHigh, zoneLow ^ hostHigh, word + lengths) >> (64 - SlotBits));
        for (int way = 0; way < 2; way++)
        {
            ref Slot slot = ref _slots[index];
            if (((zoneLow ^ slot.ZoneLow) | (hostLow ^ slot.HostLow)) == Vector256<byte>.Zero
                && ((lengths ^ slot.Lengths) | (word ^ slot.Method)) == 0
                && (!isLong || ((zoneHigh ^ slot.ZoneHigh) | (hostHigh ^ slot.HostHigh)) == Vector256<byte>.Zero)
                && slot.Site.Serial != 0)
            {
                texts = slot.Site.Texts;
                return ref slot.Site;
            }

            index ^= 1;
        }

        index ^= _turn;
        _turn ^= 1;
        Compute(zone[..zoneLength], host[..hostLength], method[..methodLength]);
        ref Slot filled = ref _slots[index];
        filled.Lengths = lengths;
        filled.Method = word;
        filled.ZoneLow = zoneLow;
        filled.HostLow = hostLow;
        filled.ZoneHigh = zoneHigh;
        filled.HostHigh = hostHigh;
        filled.Site = _own;
        _ownTexts.AsSpan(0, _own.MethodEnd).CopyTo(filled.Site.Texts);
        texts = filled.Site.Texts;
        return ref filled.Site;
    }

    private void Compute(ReadOnlySpan<byte> zone, ReadOnlySpan<byte> host, ReadOnlySpan<byte> method)
    {
        // The zone stands first but may come from the host: the host is written behind the room for a zone and moved up.
        Span<byte> texts = _ownTexts;
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
        _own.Serial = ++_serials;
        _own.ZoneEnd = (ushort)zoneEnd;
        _own.HostEnd = (ushort)hostEnd;
        _own.MethodEnd = (ushort)(hostEnd + length);
        _own.Method = RequestMethods.Of(method[..length]);
    }

    private struct Slot
    {
        /// <summary>The lengths of zone, host and method.</summary>
        public ulong Lengths;
        public ulong Method;
        public Vector256<byte> ZoneLow;
        public Vector256<byte> HostLow;
        public Site Site;
        public Vector256<byte> ZoneHigh;
        public Vector256<byte> HostHigh;
    }
}
