namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Reads the client of a record: class, name, trust and product key. One per thread; remembers those met last.</summary>
/// <remarks>
/// The decision (<see cref="ClientClassifier"/>) is made once for records with equal <see cref="ClientFacts"/>, which choose one of 1,024
/// slots, two next to each other for each, and are compared whole. Decided anew is each client whose facts are texts: verified bots, apps
/// named by X-Requested-With, odd sources, user agents too long to be remembered. Memory: 120 kB, of which a log's few
/// hundred clients touch a part, and what <see cref="UserAgentCache"/> has.
/// </remarks>
internal sealed class ClientReader
{
    private const int SlotBits = 10;

    private readonly ClientClassifier _classifier;
    private readonly ClientEntry[] _entries = new ClientEntry[1 << SlotBits];

    // The client that was decided last, for when it is not remembered.
    private byte[] _ownTexts = new byte[2 * ClientEntry.ClientTexts.MaxBytes];
    private ClientEntry _own;
    private int _turn;

    public ClientReader(UserAgentMatcher matcher)
    {
        _classifier = new ClientClassifier(matcher);
    }

    /// <summary>Reads the client of a record; the result is valid until the next call.</summary>
    /// <param name="texts">Class and name, one behind the other, and perhaps more.</param>
    public ref readonly ClientEntry Read(scoped in ClientSignals signals, out ReadOnlySpan<byte> texts)
    {
        if (!TryGather(in signals, out ClientFacts facts))
        {
            Decide(in signals);
            texts = _ownTexts;
            return ref _own;
        }

        int index = (int)(facts.Hash >> (64 - SlotBits));
        for (int way = 0; way < 2; way++)
        {
            ref ClientEntry entry = ref _entries[index];
            if (entry.Facts.Equals(facts))
            {
                texts = entry.Texts;
                return ref entry;
            }

            index ^= 1;
        }

        index ^= _turn;
        _turn ^= 1;
        return ref Fill(ref _entries[index], in signals, facts, out texts);
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
        facts.Marks = signals.ReadMarks()
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

    private ref readonly ClientEntry Fill(
        ref ClientEntry entry, scoped in ClientSignals signals, ClientFacts facts, out ReadOnlySpan<byte> texts)
    {
        Decide(in signals);
        if (_own.NameEnd > ClientEntry.ClientTexts.MaxBytes)
        {
            texts = _ownTexts;
            return ref _own;
        }

        entry = _own;
        entry.Facts = facts;
        _ownTexts.AsSpan(0, _own.NameEnd).CopyTo(entry.Texts);
        texts = entry.Texts;
        return ref entry;
    }

    private void Decide(scoped in ClientSignals signals)
    {
        _classifier.Classify(in signals, out ClientVerdict verdict);
        ReadOnlySpan<byte> word = ClientClasses.Name(verdict.Class);
        int length = word.Length + verdict.Name.Length;
        if (_ownTexts.Length < length)
        {
            _ownTexts = new byte[length];
        }

        word.CopyTo(_ownTexts);
        verdict.Name.CopyTo(_ownTexts.AsSpan(word.Length));
        _own.Class = verdict.Class;
        _own.Trust = verdict.Trust;
        _own.ClientHash = verdict.ClientHash;
        _own.CallerKey = CallerKey.OfProduct(verdict.Class, verdict.NameHash);
        _own.ClassEnd = word.Length;
        _own.NameEnd = length;
    }
}
