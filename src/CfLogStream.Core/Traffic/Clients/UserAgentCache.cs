namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Readings of the user agents met last; one per thread.</summary>
/// <remarks>
/// Direct-mapped: a user agent has one slot, chosen by a hash, and is known again by comparing all its bytes, so the cache never
/// changes an
/// answer. Layout: 1,024 readings beside one array of bytes with 400 per slot (the user agent's first 256, then three names of 48),
/// 450 kB in
/// all, of which a log's few hundred user agents touch a fraction. Longer user agents are read anew each time, into a slot of their
/// own.
/// </remarks>
internal sealed class UserAgentCache
{
    private const int SlotCount = 1024;
    private const int MaxCachedLength = 256;
    private const int SlotBytes = MaxCachedLength + (3 * ClientName.MaxLength);

    private readonly UserAgentMatcher _matcher;
    private readonly AgentReading[] _readings = new AgentReading[SlotCount + 1];
    private readonly int[] _lengths = new int[SlotCount + 1];
    private readonly byte[] _bytes = new byte[(SlotCount + 1) * SlotBytes];

    public UserAgentCache(UserAgentMatcher matcher)
    {
        _matcher = matcher;
        Array.Fill(_lengths, -1);
    }

    /// <summary>Returns the slot that holds the reading of a user agent; valid until the next call.</summary>
    public int Read(ReadOnlySpan<byte> userAgent)
    {
        if (userAgent.Length > MaxCachedLength)
        {
            Fill(SlotCount, userAgent);
            return SlotCount;
        }

        int slot = (int)(QuickHash.Of(userAgent) >> 54);
        if (_lengths[slot] != userAgent.Length || !userAgent.SequenceEqual(_bytes.AsSpan(slot * SlotBytes, userAgent.Length)))
        {
            Fill(slot, userAgent);
            _lengths[slot] = userAgent.Length;
            userAgent.CopyTo(_bytes.AsSpan(slot * SlotBytes));
        }

        return slot;
    }

    /// <summary>The reading in a slot.</summary>
    public ref readonly AgentReading this[int slot] => ref _readings[slot];

    /// <summary>The name of the product word.</summary>
    public ReadOnlySpan<byte> Product(int slot) => Name(slot, 0)[.._readings[slot].ProductLength];

    /// <summary>The name that the application gives itself.</summary>
    public ReadOnlySpan<byte> Application(int slot) => Name(slot, 1)[.._readings[slot].ApplicationLength];

    /// <summary>The name that the crawler gives itself.</summary>
    public ReadOnlySpan<byte> Crawler(int slot) => Name(slot, 2)[.._readings[slot].CrawlerLength];

    private void Fill(int slot, ReadOnlySpan<byte> userAgent)
    {
        ref AgentReading reading = ref _readings[slot];
        reading.Match = _matcher.Match(userAgent);
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
    }

    private Span<byte> Name(int slot, int index) =>
        _bytes.AsSpan((slot * SlotBytes) + MaxCachedLength + (index * ClientName.MaxLength), ClientName.MaxLength);
}
