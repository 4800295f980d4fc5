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
    private readonly ClientClassifier _clients;
    private readonly OutcomeClassifier _outcomes = new();
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
        _clients = new ClientClassifier(tables.Clients);
        _texts = new RecordTexts(tables.Settings.ExtraFields);
    }

    /// <summary>Classifies an http_requests or firewall_events record and appends it to the batch.</summary>
    public void Classify(LogRecord record, TrafficBatch batch)
    {
        bool isEvent = record.Dataset == Dataset.FirewallEvents;
        ulong ray = RayId.Read(record.Text(LogField.RayID), out bool isHex);
        ulong parent = isEvent ? 0 : RayId.Read(record.Text(LogField.ParentRayID), out _);

        _endpoint.Read(record, RecordTexts.Path(record));
        SignalReader.Read(record, _endpoint, parent, out ClientSignals signals);
        _clients.Classify(in signals, out ClientVerdict client);
        ushort edgeStatus = Status(record, LogField.EdgeResponseStatus, out _);
        ushort originStatus = Status(record, LogField.OriginResponseStatus, out bool hasOrigin);
        Outcome outcome = _outcomes.Classify(record, edgeStatus, hasOrigin && originStatus == 0, out int entries, out bool announced);

        RecordFlags flags = Flags(in signals, client.Class);
        flags |= isHex ? RecordFlags.HexRay : RecordFlags.None;
        flags |= hasOrigin ? RecordFlags.HasOriginStatus : RecordFlags.None;
        flags |= _sampleOneOf > 0 && StableHash.Of(ray) % _sampleOneOf == 0 ? RecordFlags.Sampled : RecordFlags.None;
        short announcedEvents = isEvent ? (short)0 : announced ? (short)entries : (short)-1;
        bool detailed = entries > 0 || announcedEvents < 0 || (flags & RecordFlags.Sampled) != 0;
        flags |= detailed ? RecordFlags.Detailed : RecordFlags.None;
        int extras = detailed ? _texts.CountExtras(record) : 0;

        ref TrafficHead head = ref batch.Begin(flags, entries, extras);
        head.TimeNs = record.TimeNs;
        head.Ray = ray;
        head.ParentRay = parent;
        head.EndpointHash = _endpoint.Hash;
        head.ClientHash = client.ClientHash;
        head.CallerHash = client.CallerHash;
        head.Asn = signals.Asn;
        head.EdgeStatus = edgeStatus;
        head.OriginStatus = originStatus;
        head.AnnouncedEvents = announcedEvents;
        head.Dataset = record.Dataset;
        head.Outcome = outcome;
        head.Surface = _endpoint.Surface;
        head.Trust = client.Trust;
        head.MatchIndex = isEvent && record.TryGetInt64(LogField.MatchIndex, out long match) && match is >= 0 and <= int.MaxValue ? (int)match : -1;
        head.LatencyMs = head.OriginMs = -1;
        if (!isEvent)
        {
            ReadNumbers(record, hasOrigin && originStatus == 0, ref head);
        }

        RecordTexts.WriteDimensions(record, _endpoint, in client, signals.Asn, signals.Address, batch);
        if (detailed)
        {
            _texts.WriteDetails(record, entries, extras, head.MatchIndex, batch);
        }

        batch.Commit();
    }

    private RecordFlags Flags(scoped in ClientSignals signals, ClientClass client)
    {
        RecordFlags flags = client == ClientClass.CfInternal ? RecordFlags.Internal : RecordFlags.None;
        flags |= signals.IsSubrequest ? RecordFlags.WorkerSubrequest : RecordFlags.None;
        flags |= ClientClasses.IsBrowser(client) ? RecordFlags.BrowserClient : RecordFlags.None;
        flags |= _endpoint.IsKnown ? RecordFlags.KnownTemplate : RecordFlags.None;
        bool preflight = signals.Method.SequenceEqual("OPTIONS"u8) && (signals.Headers.RequestMethod || signals.Surface == Surface.Api);
        return preflight ? flags | RecordFlags.Preflight : flags;
    }

    private static ushort Status(LogRecord record, LogField field, out bool isLogged)
    {
        isLogged = record.TryGetInt64(field, out long status);
        return isLogged && status is >= 0 and <= 999 ? (ushort)status : (ushort)0;
    }

    private static void ReadNumbers(LogRecord record, bool noOrigin, ref TrafficHead head)
    {
        head.BotScore = SignalReader.Score(record, LogField.BotScore);
        head.WafScore = SignalReader.Score(record, LogField.WAFAttackScore);
        head.WafSqliScore = SignalReader.Score(record, LogField.WAFSQLiAttackScore);
        head.WafXssScore = SignalReader.Score(record, LogField.WAFXSSAttackScore);
        head.WafRceScore = SignalReader.Score(record, LogField.WAFRCEAttackScore);
        head.RequestBytes = record.TryGetInt64(LogField.ClientRequestBytes, out long sent) ? Math.Max(sent, 0) : 0;
        head.ResponseBytes = record.TryGetInt64(LogField.EdgeResponseBytes, out long answered) ? Math.Max(answered, 0) : 0;
        head.LatencyMs = Latency(record);
        head.OriginMs = OriginDuration(record, noOrigin);
    }

    /// <summary>
    /// Reads the time to first byte, or else the time from start to end, which for timestamps of whole seconds is as coarse.
    /// </summary>
    private static int Latency(LogRecord record)
    {
        if (record.TryGetInt64(LogField.EdgeTimeToFirstByteMs, out long firstByte))
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
        bool hasMs = record.TryGetInt64(LogField.OriginResponseDurationMs, out long ms);
        if (record.TryGetInt64(LogField.OriginResponseTime, out long ns) && (!hasMs || ms == 0))
        {
            hasMs = true;
            ms = ns / 1_000_000;
        }

        return !hasMs || ms < 0 || ms > int.MaxValue || (ms == 0 && noOrigin) ? -1 : (int)ms;
    }
}
