using System.Runtime.CompilerServices;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Readings of the user agents met last; one per thread.</summary>
/// <remarks>
/// Kept by the whole user agent (<see cref="TextSlots{TValue}"/>): 1,024 texts of up to 256 bytes, readings and three names of 48 bytes for each,
/// 480 kB in all, of which a log's few hundred user agents touch a fraction. Longer user agents are read anew each time, into a slot of
/// their own.
/// </remarks>
internal sealed class UserAgentCache
{
    private const int SlotBits = 10;
    private const int NameBytes = 3 * ClientName.MaxLength;

    private readonly UserAgentMatcher _matcher;
    private readonly TextSlots<AgentReading> _slots = new(SlotBits);
    private readonly byte[] _names;
    private ulong _serials;

    public UserAgentCache(UserAgentMatcher matcher)
    {
        _matcher = matcher;
        _names = new byte[(_slots.Shared + 1) * NameBytes];
    }

    /// <summary>Returns the slot that holds the reading of a user agent; valid until the next call.</summary>
    /// <param name="room">The user agent and what comes behind it (<see cref="WideText"/>).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(ReadOnlySpan<byte> room, int length)
    {
        int slot = _slots.Find(room, length, 0);
        if (slot < 0)
        {
            slot = ~slot;
            Fill(slot, room[..length]);
        }

        return slot;
    }

    /// <summary>The reading in a slot.</summary>
    public ref readonly AgentReading this[int slot] => ref _slots[slot];

    /// <summary>The name of the product word.</summary>
    public ReadOnlySpan<byte> Product(int slot) => Name(slot, 0)[.._slots[slot].ProductLength];

    /// <summary>The name that the application gives itself.</summary>
    public ReadOnlySpan<byte> Application(int slot) => Name(slot, 1)[.._slots[slot].ApplicationLength];

    /// <summary>The name that the crawler gives itself.</summary>
    public ReadOnlySpan<byte> Crawler(int slot) => Name(slot, 2)[.._slots[slot].CrawlerLength];

    private void Fill(int slot, ReadOnlySpan<byte> userAgent)
    {
        ref AgentReading reading = ref _slots[slot];
        reading.Serial = ++_serials;
        reading.IsShared = slot == _slots.Shared;
        reading.Match = _matcher.Match(userAgent);
        reading.SenderAsn = AsnOf(MatchLevel.Webhook, in reading.Match);
        reading.NamedAsn = AsnOf(MatchLevel.Named, in reading.Match);
        ReadOnlySpan<byte> text = UserAgentMatcher.Trim(userAgent);
        bool mozilla = reading.Match.Has(AgentMarks.MozillaStart);
        reading.ProductLength = mozilla ? (byte)0 : (byte)ClientName.Write(ClientName.ProductWord(text), Name(slot, 0));
        reading.ApplicationLength = mozilla ? (byte)0 : (byte)ClientName.Write(ClientName.ApplicationWord(text), Name(slot, 1));
        bool crawls = reading.Match.Has(AgentMarks.Contact)
            && (reading.Match.Has(AgentMarks.BotWord)
                || (reading.Match.Has(AgentMarks.Compatible) && !reading.Match.TryGetRank(MatchLevel.LibraryInside, out _)));
        reading.CrawlerLength = crawls && !reading.Match.Has(AgentMarks.Trident)
            ? (byte)ClientName.Write(ClientName.CrawlerWord(text, in reading.Match), Name(slot, 2))
            : (byte)0;
        reading.ProductHash = StableHash.Of(Product(slot));
        reading.ApplicationHash = StableHash.Of(Application(slot));
        reading.CrawlerHash = StableHash.Of(Crawler(slot));
    }

    private uint AsnOf(MatchLevel level, in AgentMatch match) => match.TryGetRank(level, out int rank) ? _matcher[rank].Asn : 0;

    private Span<byte> Name(int slot, int index) =>
        _names.AsSpan((slot * NameBytes) + (index * ClientName.MaxLength), ClientName.MaxLength);
}
