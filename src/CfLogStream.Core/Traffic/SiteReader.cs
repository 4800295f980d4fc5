using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Traffic;

/// <summary>Reads zone, host and method of a record as dimensions. One per thread; remembers those met last.</summary>
/// <remarks>
/// Direct-mapped: the three texts as logged choose one of 1,024 slots and are known again by comparing all their bytes, so the cache
/// never changes an answer. A slot is 256 bytes: what was logged, then the dimensions; what does not fit is worked out anew each time.
/// The host is lower case without port, the method as logged (methods count in their case), at most 32 bytes of it. Without ZoneName
/// (security events of a zone have none) the zone is the host's site (<see cref="HostName.Site"/>).
/// </remarks>
internal sealed class SiteReader
{
    /// <summary>The room that zone, host and method need at most.</summary>
    public const int MaxTextBytes = (2 * HostName.MaxLength) + MaxMethod;

    private const int SlotCount = 1024;
    private const int SlotBytes = 256;
    private const int MaxMethod = 32;

    private readonly Site[] _sites = new Site[SlotCount + 1];
    private readonly byte[] _bytes = new byte[(SlotCount * SlotBytes) + MaxTextBytes];
    private int _current;

    /// <summary>The site read last.</summary>
    public ref readonly Site Current => ref _sites[_current];

    /// <summary>Zone, host and method, one behind the other; valid until the next call.</summary>
    public ReadOnlySpan<byte> Texts => _bytes.AsSpan(Current.TextStart, Current.MethodEnd);

    public ReadOnlySpan<byte> Host => Texts[Current.ZoneEnd..Current.HostEnd];

    /// <summary>Reads the site of a record.</summary>
    public void Read(LogRecord record)
    {
        ReadOnlySpan<byte> host = record.PlainText(LogField.ClientRequestHost);
        ReadOnlySpan<byte> zone = record.PlainText(LogField.ZoneName);
        ReadOnlySpan<byte> method = record.PlainText(LogField.ClientRequestMethod);
        ulong hash = QuickHash.Of(host) ^ ((ulong)(method.Length + (method.IsEmpty ? 0 : method[0] * 5) + (zone.Length * 37)) << 54);
        int index = (int)(hash >> 54);
        ref Site site = ref _sites[index];
        int start = index * SlotBytes;
        if (site.LoggedHost == host.Length && site.LoggedZone == zone.Length && site.LoggedMethod == method.Length)
        {
            ReadOnlySpan<byte> logged = _bytes.AsSpan(start, SlotBytes);
            if (host.SequenceEqual(logged[..host.Length])
                && zone.SequenceEqual(logged.Slice(host.Length, zone.Length))
                && method.SequenceEqual(logged.Slice(host.Length + zone.Length, method.Length)))
            {
                _current = index;
                return;
            }
        }

        Compute(zone, host, method);
        long keyBytes = (long)host.Length + zone.Length + method.Length;
        if (keyBytes + _sites[SlotCount].MethodEnd > SlotBytes)
        {
            return;
        }

        Span<byte> bytes = _bytes.AsSpan(start, SlotBytes);
        host.CopyTo(bytes);
        zone.CopyTo(bytes[host.Length..]);
        method.CopyTo(bytes[(host.Length + zone.Length)..]);
        Texts.CopyTo(bytes[(int)keyBytes..]);
        site = _sites[SlotCount];
        site.TextStart = start + (int)keyBytes;
        site.LoggedHost = host.Length;
        site.LoggedZone = zone.Length;
        site.LoggedMethod = method.Length;
        _current = index;
    }

    /// <summary>Works out the dimensions, in the slot for texts that fit no other.</summary>
    private void Compute(ReadOnlySpan<byte> zone, ReadOnlySpan<byte> host, ReadOnlySpan<byte> method)
    {
        _current = SlotCount;
        ref Site site = ref _sites[SlotCount];
        site.TextStart = SlotCount * SlotBytes;
        Span<byte> texts = _bytes.AsSpan(site.TextStart, MaxTextBytes);

        // The zone stands first but may come from the host: the host is written behind the room for a zone and moved up.
        Span<byte> lowerHost = texts.Slice(HostName.MaxLength, HostName.Write(host, texts[HostName.MaxLength..]));
        int end = HostName.Write(zone.IsEmpty ? HostName.Site(lowerHost) : zone, texts);
        site.ZoneEnd = (ushort)end;
        lowerHost.CopyTo(texts[end..]);
        end += lowerHost.Length;
        site.HostEnd = (ushort)end;
        int length = Math.Min(method.Length, MaxMethod);
        while (length > 0 && length < method.Length && (method[length] & 0xC0) == 0x80)
        {
            length--;
        }

        method[..length].CopyTo(texts[end..]);
        site.MethodEnd = (ushort)(end + length);
        site.Method = RequestMethods.Of(method[..length]);
        site.Hash = QuickHash.Of(Texts) + site.Ends;
    }
}
