using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic.Clients;
using CfLogStream.Core.Traffic.Controls;
using CfLogStream.Core.Traffic.Paths;

namespace CfLogStream.Core.Traffic;

/// <summary>Turns read records into classified ones: endpoint, surface, client, caller, controls and outcome.</summary>
/// <remarks>
/// One instance per thread; what is compiled from the settings (<see cref="ClassificationTables"/>) is immutable and shared. A record
/// is a
/// pure function of its line and the settings; the caches only save time. Nothing is allocated per record once the batch has grown.
/// </remarks>
public sealed class TrafficClassifier
{
    private readonly ulong _sampleOneOf;
    private readonly EndpointReader _endpoint;
    private readonly AddressReader _addresses = new();
    private readonly SignalReader _signals;
    private readonly ClientClassifier _clients;
    private readonly SecurityReader _security = new();
    private readonly RecordTexts _texts;

    /// <summary>Makes a classifier with tables of its own; for several threads share <see cref="ClassificationTables"/>.</summary>
    /// <exception cref="ArgumentException">A client token of the settings cannot be used.</exception>
    public TrafficClassifier(ClassificationSettings settings)
        : this(new ClassificationTables(settings))
    {
    }

    /// <summary>Makes a classifier on shared tables.</summary>
    public TrafficClassifier(ClassificationTables tables)
    {
        _sampleOneOf = (ulong)Math.Max(tables.Settings.SampleOneOf, 0);
        _endpoint = new EndpointReader(tables.Endpoints);
        _signals = new SignalReader(_addresses);
        _clients = new ClientClassifier(tables.Clients);
        _texts = new RecordTexts(tables.Settings.ExtraFields);
    }

    /// <summary>Classifies an http_requests or firewall_events record and appends it to the batch.</summary>
    public void Classify(LogRecord record, TrafficBatch batch)
    {
        bool isEvent = record.Dataset == Dataset.FirewallEvents;
        ulong ray = RayId.Read(record.PlainText(LogField.RayID), out bool isHex);
        ulong parent = isEvent ? 0 : RayId.Read(record.PlainText(LogField.ParentRayID), out _);

        _endpoint.Read(record, RecordTexts.Path(record));
        _signals.Read(record, _endpoint, parent, out ClientSignals signals);
        _clients.Classify(in signals, out ClientVerdict client);
        ushort edgeStatus = Status(record, LogField.EdgeResponseStatus, out _);
        ushort originStatus = Status(record, LogField.OriginResponseStatus, out bool hasOrigin);
        int matchIndex = isEvent && WholeNumber.TryRead(record, LogField.MatchIndex, out long match) && match is >= 0 and <= int.MaxValue
            ? (int)match
            : -1;
        Outcome outcome = _security.Read(record, edgeStatus, hasOrigin && originStatus == 0, matchIndex);
        int entries = _security.Count;

        RecordFlags flags = Flags(in signals, client.Class);
        flags |= isHex ? RecordFlags.HexRay : RecordFlags.None;
        flags |= hasOrigin ? RecordFlags.HasOriginStatus : RecordFlags.None;
        flags |= _sampleOneOf > 0 && StableHash.Of(ray) % _sampleOneOf == 0 ? RecordFlags.Sampled : RecordFlags.None;
        short announcedEvents = isEvent ? (short)0 : _security.IsAnnounced ? (short)entries : (short)-1;
        bool detailed = entries > 0 || announcedEvents < 0 || (flags & RecordFlags.Sampled) != 0;
        flags |= detailed ? RecordFlags.Detailed : RecordFlags.None;
        int extras = detailed ? _texts.CountExtras(record) : 0;

        ref readonly Endpoint endpoint = ref _endpoint.Current;
        ref TrafficHead head = ref batch.Begin(flags, entries, extras);
        head.TimeNs = record.TimeNs;
        head.Ray = ray;
        head.ParentRay = parent;
        head.EndpointHash = endpoint.Hash;
        head.ClientHash = client.ClientHash;
        head.CallerHash = client.CallerHash;
        head.Asn = signals.Asn;
        head.EdgeStatus = edgeStatus;
        head.OriginStatus = originStatus;
        head.AnnouncedEvents = announcedEvents;
        head.Dataset = record.Dataset;
        head.Outcome = outcome;
        head.Surface = endpoint.Surface;
        head.Trust = client.Trust;
        head.MatchIndex = matchIndex;
        head.LatencyMs = head.OriginMs = -1;
        if (!isEvent)
        {
            ReadNumbers(record, hasOrigin && originStatus == 0, ref head);
        }

        RecordTexts.WriteDimensions(record, _endpoint, in client, signals.Asn, _addresses, batch);
        if (detailed)
        {
            _texts.WriteDetails(record, _security, extras, batch);
        }

        batch.Commit();
    }

    private RecordFlags Flags(scoped in ClientSignals signals, ClientClass client)
    {
        RecordFlags flags = client == ClientClass.CfInternal ? RecordFlags.Internal : RecordFlags.None;
        flags |= signals.IsSubrequest ? RecordFlags.WorkerSubrequest : RecordFlags.None;
        flags |= ClientClasses.IsBrowser(client) ? RecordFlags.BrowserClient : RecordFlags.None;
        flags |= _endpoint.Current.IsKnown ? RecordFlags.KnownTemplate : RecordFlags.None;
        bool preflight = signals.Method == RequestMethod.Options && (signals.Headers.RequestMethod || signals.Surface == Surface.Api);
        return preflight ? flags | RecordFlags.Preflight : flags;
    }

    private static ushort Status(LogRecord record, LogField field, out bool isLogged)
    {
        isLogged = WholeNumber.TryRead(record, field, out long status);
        return isLogged && status is >= 0 and <= 999 ? (ushort)status : (ushort)0;
    }

    private static void ReadNumbers(LogRecord record, bool noOrigin, ref TrafficHead head)
    {
        head.BotScore = SignalReader.Score(record, LogField.BotScore);
        head.WafScore = SignalReader.Score(record, LogField.WAFAttackScore);
        head.WafSqliScore = SignalReader.Score(record, LogField.WAFSQLiAttackScore);
        head.WafXssScore = SignalReader.Score(record, LogField.WAFXSSAttackScore);
        head.WafRceScore = SignalReader.Score(record, LogField.WAFRCEAttackScore);
        head.RequestBytes = WholeNumber.TryRead(record, LogField.ClientRequestBytes, out long sent) ? Math.Max(sent, 0) : 0;
        head.ResponseBytes = WholeNumber.TryRead(record, LogField.EdgeResponseBytes, out long answered) ? Math.Max(answered, 0) : 0;
        head.LatencyMs = Latency(record);
        head.OriginMs = OriginDuration(record, noOrigin);
    }

    /// <summary>
    /// Reads the time to first byte, or else the time from start to end, which for timestamps of whole seconds is as coarse.
    /// </summary>
    private static int Latency(LogRecord record)
    {
        if (WholeNumber.TryRead(record, LogField.EdgeTimeToFirstByteMs, out long firstByte))
        {
            return firstByte is >= 0 and <= int.MaxValue ? (int)firstByte : -1;
        }

        if (!Timestamp.TryParse(record.Text(LogField.EdgeStartTimestamp), out long start)
            || !Timestamp.TryParse(record.Text(LogField.EdgeEndTimestamp), out long end))
        {
            return -1;
        }

        long ms = (end - start) / 1_000_000;
        return ms is >= 0 and <= int.MaxValue ? (int)ms : -1;
    }

    /// <summary>
    /// Reads the origin's duration from the field in milliseconds or the old one in nanoseconds; 0 without an origin is no duration.
    /// </summary>
    private static int OriginDuration(LogRecord record, bool noOrigin)
    {
        bool hasMs = WholeNumber.TryRead(record, LogField.OriginResponseDurationMs, out long ms);
        if (WholeNumber.TryRead(record, LogField.OriginResponseTime, out long ns) && (!hasMs || ms == 0))
        {
            hasMs = true;
            ms = ns / 1_000_000;
        }

        return !hasMs || ms < 0 || ms > int.MaxValue || (ms == 0 && noOrigin) ? -1 : (int)ms;
    }
}
