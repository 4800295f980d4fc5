namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Reads the client of a record: class, name, trust and product key. One per thread; remembers those met last.</summary>
/// <remarks>
/// The decision (<see cref="ClientClassifier"/>) is made once for records with equal <see cref="ClientFacts"/>, which choose one of 1,024
/// slots, two next to each other for each, and are compared whole. Decided anew is each client whose facts are texts: verified bots, apps
/// named by X-Requested-With, odd sources, user agents too long to be remembered. Memory: 56 kB of entries, 80 kB of texts, of which a
/// log's few hundred clients touch a part, and what <see cref="UserAgentCache"/> has.
/// </remarks>
internal sealed class ClientReader
{
    private const int SlotBits = 10;
    private const int TextBytes = 80;

    private readonly ClientClassifier _classifier;

    // The last one is for what is not remembered; its texts stand in an array of their own.
    private readonly ClientEntry[] _entries = new ClientEntry[(1 << SlotBits) + 1];
    private readonly byte[] _texts = new byte[TextBytes << SlotBits];
    private byte[] _ownTexts = new byte[TextBytes];
    private int _current;
    private int _turn;

    public ClientReader(UserAgentMatcher matcher)
    {
        _classifier = new ClientClassifier(matcher);
    }

    /// <summary>The client read last.</summary>
    public ref readonly ClientEntry Current => ref _entries[_current];

    /// <summary>Class and name, one behind the other; valid until the next call.</summary>
    public ReadOnlySpan<byte> Texts => _current < 1 << SlotBits
        ? _texts.AsSpan(_current * TextBytes, _entries[_current].NameEnd)
        : _ownTexts.AsSpan(0, _entries[_current].NameEnd);

    /// <summary>Reads the client of a record.</summary>
    public void Read(scoped in ClientSignals signals)
    {
        if (!TryGather(in signals, out ClientFacts facts))
        {
            Decide(in signals, 1 << SlotBits);
            return;
        }

        int slot = (int)(facts.Hash >> (64 - SlotBits));
        if (_entries[slot].Facts.Equals(facts) || _entries[slot ^= 1].Facts.Equals(facts))
        {
            _current = slot;
            return;
        }

        slot ^= _turn;
        _turn ^= 1;
        Decide(in signals, slot);
        _entries[_current].Facts = _current == slot ? facts : default;
    }

    private static bool IsAppName(ReadOnlySpan<byte> requestedWith) => !requestedWith.IsEmpty && requestedWith.IndexOf((byte)'.') >= 0;

    /// <summary>Gathers what a decision rests on; false when that is more than facts.</summary>
    private bool TryGather(scoped in ClientSignals signals, out ClientFacts facts)
    {
        facts = default;
        if (!RequestSources.TryGetInternal(in signals, out facts.InternalSource))
        {
            return false;
        }

        if (facts.InternalSource != 0)
        {
            return true;
        }

        ref readonly AgentReading agent = ref _classifier.ReadingOf(_classifier.Read(in signals));
        if (agent.IsShared || !signals.VerifiedBotCategory.IsEmpty || IsAppName(signals.XRequestedWith))
        {
            return false;
        }

        NetworkKind network = NetworkTable.KindOf(signals.Asn);
        facts.Agent = agent.Serial;
        facts.Webhooks = signals.Headers.Webhooks;
        facts.Sender = (ushort)(ClientTables.Addresses.IndexOf(signals.Address) + 1);
        facts.IpClass = signals.IpClass;
        facts.Marks = Mark(signals.HasUserAgent, ClientMarks.UserAgent)
            | Mark(signals.HasVerifiedBotCategory, ClientMarks.VerifiedBotCategory)
            | Mark(signals.IsMobileDevice, ClientMarks.MobileDevice)
            | Mark(signals.IsTaggedNewRelic, ClientMarks.NewRelic)
            | Mark(signals.IsScoredAsVerifiedBot, ClientMarks.VerifiedBot)
            | Mark(signals.HasClientCertificate, ClientMarks.ClientCertificate)
            | Mark(signals.Method == RequestMethod.Post, ClientMarks.Posts)
            | Mark(signals.Method is RequestMethod.Get or RequestMethod.Head, ClientMarks.Reads)
            | Mark(signals.Asn != 0, ClientMarks.Network)
            | Mark(network == NetworkKind.Hosting, ClientMarks.HostingNetwork)
            | Mark(network == NetworkKind.Access, ClientMarks.AccessNetwork)
            | Mark(signals.Asn == agent.SenderAsn, ClientMarks.SenderNetwork)
            | Mark(signals.Asn == agent.NamedAsn, ClientMarks.NamedNetwork);
        if (agent.Match.Has(AgentMarks.MozillaStart))
        {
            facts.Marks |= Mark(BrowserRules.IsAutomated(in signals), ClientMarks.Automated)
                | Mark(BrowserRules.Navigates(in signals), ClientMarks.Navigates)
                | Mark(BrowserRules.Fetches(in signals), ClientMarks.Fetches)
                | Mark(TrustRules.ContradictsBrowser(in signals), ClientMarks.Contradicted)
                | Mark(signals.PassedJsDetection, ClientMarks.PassedJsDetection);
        }

        return true;
    }

    private static ClientMarks Mark(bool holds, ClientMarks mark) => holds ? mark : ClientMarks.None;

    private void Decide(scoped in ClientSignals signals, int slot)
    {
        _classifier.Classify(in signals, out ClientVerdict verdict);
        ReadOnlySpan<byte> word = ClientClasses.Name(verdict.Class);
        int length = word.Length + verdict.Name.Length;
        if (length > TextBytes)
        {
            slot = 1 << SlotBits;
        }

        if (_ownTexts.Length < length)
        {
            _ownTexts = new byte[length];
        }

        _current = slot;
        Span<byte> texts = slot < 1 << SlotBits ? _texts.AsSpan(slot * TextBytes, TextBytes) : _ownTexts;
        word.CopyTo(texts);
        verdict.Name.CopyTo(texts[word.Length..]);
        ref ClientEntry entry = ref _entries[slot];
        entry.Class = verdict.Class;
        entry.Trust = verdict.Trust;
        entry.ClientHash = verdict.ClientHash;
        entry.CallerKey = CallerKey.OfProduct(verdict.Class, verdict.NameHash);
        entry.ClassEnd = word.Length;
        entry.NameEnd = length;
    }
}
