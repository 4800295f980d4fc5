using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
    // Indexes of both datasets' numbers, then of requests, then of security events.
    private const int Asn = 0;
    private const int EdgeStatus = 1;
    private const int OriginStatus = 2;
    private const int BotScore = 3;
    private const int WafScore = 4;
    private const int WafSqliScore = 5;
    private const int WafXssScore = 6;
    private const int WafRceScore = 7;
    private const int RequestBytes = 8;
    private const int ResponseBytes = 9;
    private const int FirstByteMs = 10;
    private const int OriginMs = 11;
    private const int MatchIndex = 3;

    private const int CopyBytes = 64;

    private readonly ulong _sampleOneOf;
    private readonly EndpointReader _endpoint;
    private readonly AddressReader _addresses = new();
    private readonly byte[] _userAgent = new byte[WideText.Width];
    private readonly HeaderReader _headers = new();
    private readonly ClientReader _clients;
    private readonly Ja4Cache _ja4 = new();
    private readonly NumberReader _requestNumbers = new(
        LogField.ClientASN, LogField.EdgeResponseStatus, LogField.OriginResponseStatus, LogField.BotScore, LogField.WAFAttackScore,
        LogField.WAFSQLiAttackScore, LogField.WAFXSSAttackScore, LogField.WAFRCEAttackScore, LogField.ClientRequestBytes,
        LogField.EdgeResponseBytes, LogField.EdgeTimeToFirstByteMs, LogField.OriginResponseDurationMs);

    private readonly NumberReader _eventNumbers = new(
        LogField.ClientASN, LogField.EdgeResponseStatus, LogField.OriginResponseStatus, LogField.MatchIndex);

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
        _clients = new ClientReader(tables.Clients);
        _texts = new RecordTexts(tables.Settings.ExtraFields);
    }

    /// <summary>Classifies an http_requests or firewall_events record and appends it to the batch.</summary>
    public void Classify(LogRecord record, TrafficBatch batch)
    {
        bool isEvent = record.Dataset == Dataset.FirewallEvents;
        NumberReader numbers = isEvent ? _eventNumbers : _requestNumbers;
        numbers.Read(record);
        ref readonly Endpoint endpoint = ref _endpoint.Read(record, out ReadOnlySpan<byte> endpointTexts);
        ulong ray = RayId.Read(record.PlainText(LogField.RayID), out bool isHex);
        ulong parent = isEvent ? 0 : RayId.Read(record.PlainText(LogField.ParentRayID), out _);

        var signals = new ClientSignals(record);
        signals.Method = endpoint.Method;
        signals.Surface = endpoint.Surface;
        signals.Host = endpointTexts[endpoint.ZoneEnd..endpoint.HostEnd];
        ReadSignals(record, numbers, parent, ref signals);
        ref readonly ClientEntry client = ref _clients.Read(in signals, out ReadOnlySpan<byte> clientTexts);

        bool hasOrigin = numbers.Has(OriginStatus);
        int edgeStatus = Status(numbers[EdgeStatus]);
        int originStatus = Status(numbers[OriginStatus]);
        bool noOrigin = hasOrigin && originStatus == 0;
        int matchIndex = isEvent && numbers.Has(MatchIndex) && numbers[MatchIndex] is >= 0 and <= int.MaxValue ? (int)numbers[MatchIndex] : -1;
        Outcome outcome = _security.Read(record, edgeStatus, noOrigin, matchIndex);
        int entries = _security.Count;

        RecordFlags flags = Flags(in signals, client.Class, endpoint.IsKnown);
        flags |= isHex ? RecordFlags.HexRay : RecordFlags.None;
        flags |= hasOrigin ? RecordFlags.HasOriginStatus : RecordFlags.None;
        flags |= _sampleOneOf > 0 && StableHash.Of(ray) % _sampleOneOf == 0 ? RecordFlags.Sampled : RecordFlags.None;
        short announcedEvents = isEvent ? (short)0 : _security.IsAnnounced ? (short)entries : (short)-1;
        bool detailed = entries > 0 || announcedEvents < 0 || (flags & RecordFlags.Sampled) != 0;
        flags |= detailed ? RecordFlags.Detailed : RecordFlags.None;
        int extras = detailed ? _texts.CountExtras(record) : 0;

        ref TrafficHead head = ref batch.Begin(flags, entries, extras);
        head.TimeNs = record.TimeNs;
        head.Ray = ray;
        head.ParentRay = parent;
        head.EndpointHash = endpoint.Hash;
        head.ClientHash = client.ClientHash;
        head.CallerHash = CallerKey.Of(
            client.CallerKey, client.Class, signals.Asn, !signals.Ja4.IsEmpty, _ja4.HashOf(signals.Ja4), in signals.Address);
        head.Asn = signals.Asn;
        head.EdgeStatus = (ushort)edgeStatus;
        head.OriginStatus = (ushort)originStatus;
        head.AnnouncedEvents = announcedEvents;
        head.Dataset = record.Dataset;
        head.Outcome = outcome;
        head.Surface = endpoint.Surface;
        head.Trust = client.Trust;
        head.MatchIndex = matchIndex;
        head.LatencyMs = head.OriginMs = -1;
        if (!isEvent)
        {
            FillRequest(record, numbers, noOrigin, ref head);
        }

        WriteDimensions(record, in endpoint, endpointTexts, in client, clientTexts, signals.Asn, numbers.IsPlain(Asn), batch);
        if (detailed)
        {
            _texts.WriteDetails(record, _endpoint.IsHarmlessPath, _security, extras, batch);
        }

        batch.Commit();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FillRequest(LogRecord record, NumberReader numbers, bool noOrigin, ref TrafficHead head)
    {
        head.BotScore = Score(numbers[BotScore]);
        head.WafScore = Score(numbers[WafScore]);
        head.WafSqliScore = Score(numbers[WafSqliScore]);
        head.WafXssScore = Score(numbers[WafXssScore]);
        head.WafRceScore = Score(numbers[WafRceScore]);
        head.RequestBytes = Math.Max(numbers[RequestBytes], 0);
        head.ResponseBytes = Math.Max(numbers[ResponseBytes], 0);
        head.LatencyMs = numbers.Has(FirstByteMs) ? Duration(numbers[FirstByteMs]) : LatencyFromTimestamps(record);
        head.OriginMs = OriginDuration(record, numbers.Has(OriginMs), numbers[OriginMs], noOrigin);
    }

    /// <summary>Writes the slots that every record has.</summary>
    private void WriteDimensions(
        LogRecord record,
        in Endpoint endpoint,
        ReadOnlySpan<byte> endpointTexts,
        in ClientEntry client,
        ReadOnlySpan<byte> clientTexts,
        uint asn,
        bool isPlainAsn,
        TrafficBatch batch)
    {
        int maxBytes = RayId.MaxLength + endpoint.TemplateEnd + client.NameEnd + RecordTexts.MaxNetwork + RecordTexts.MaxCountry + CopyBytes;
        Span<byte> room = batch.BeginSlots((int)RecordText.DimensionCount, maxBytes, out Span<byte> ends, out int start);
        int end = RayId.Write(record.PlainText(LogField.RayID), room);
        End(ends, RecordText.Ray, start + end);

        Copy(endpointTexts, endpoint.TemplateEnd, room[end..]);
        End(ends, RecordText.Zone, start + end + endpoint.ZoneEnd);
        End(ends, RecordText.Host, start + end + endpoint.HostEnd);
        End(ends, RecordText.Method, start + end + endpoint.MethodEnd);
        end += endpoint.TemplateEnd;
        End(ends, RecordText.Template, start + end);

        Copy(clientTexts, client.NameEnd, room[end..]);
        End(ends, RecordText.ClientClass, start + end + client.ClassEnd);
        end += client.NameEnd;
        End(ends, RecordText.ClientName, start + end);

        end += RecordTexts.WriteNetwork(record, asn, isPlainAsn, _addresses, room[end..]);
        End(ends, RecordText.Network, start + end);
        end += RecordTexts.WriteCountry(record, room[end..]);
        End(ends, RecordText.Country, start + end);
        batch.EndSlots((int)RecordText.DimensionCount, end);
    }

    private static void End(Span<byte> ends, RecordText slot, int end) =>
        BinaryPrimitives.WriteInt32LittleEndian(ends[((int)slot * sizeof(int))..], end);

    /// <summary>Copies a text and what comes behind it, as long as that is not much: whole vectors need no look at the length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ReadOnlySpan<byte> text, int length, Span<byte> destination)
    {
        if (length > CopyBytes || text.Length < CopyBytes)
        {
            text[..length].CopyTo(destination);
            return;
        }

        Vector256.Create(text).CopyTo(destination);
        Vector256.Create(text[32..]).CopyTo(destination[32..]);
    }

    private void ReadSignals(LogRecord record, NumberReader numbers, ulong parentRay, ref ClientSignals signals)
    {
        signals.HasUserAgent = record.IsLogged(LogField.ClientRequestUserAgent);
        signals.AgentRoom = WideText.Of(record, LogField.ClientRequestUserAgent, _userAgent, out signals.AgentLength);
        signals.Asn = numbers[Asn] is > 0 and <= uint.MaxValue ? (uint)numbers[Asn] : 0;
        _addresses.Read(record.PlainText(LogField.ClientIP), out signals.Address);
        if (signals.IsRequest)
        {
            signals.BotScore = Score(numbers[BotScore]);
            signals.Ja4 = record.PlainText(LogField.JA4);
            signals.IsSubrequest = parentRay != 0 || IsSubrequest(record);
            signals.Headers = ref _headers.Read(record);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static RecordFlags Flags(scoped in ClientSignals signals, ClientClass client, bool isKnown)
    {
        RecordFlags flags = client == ClientClass.CfInternal ? RecordFlags.Internal : RecordFlags.None;
        flags |= signals.IsSubrequest ? RecordFlags.WorkerSubrequest : RecordFlags.None;
        flags |= ClientClasses.IsBrowser(client) ? RecordFlags.BrowserClient : RecordFlags.None;
        flags |= isKnown ? RecordFlags.KnownTemplate : RecordFlags.None;
        bool preflight = signals.Method == RequestMethod.Options && (signals.Headers.RequestMethod || signals.Surface == Surface.Api);
        return preflight ? flags | RecordFlags.Preflight : flags;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSubrequest(LogRecord record) =>
        record.Slot(LogField.WorkerSubrequest).Kind is not (FieldKind.False or FieldKind.Absent) && record.IsTrue(LogField.WorkerSubrequest);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Status(long status) => status is >= 0 and <= 999 ? (int)status : 0;

    /// <summary>A score from 1 to 99; Cloudflare's 0 and 100 mean that there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Score(long score) => score is >= 1 and <= 99 ? (byte)score : (byte)0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Duration(long ms) => ms is >= 0 and <= int.MaxValue ? (int)ms : -1;

    /// <summary>Returns the time from start to end, which for timestamps of whole seconds is as coarse.</summary>
    private static int LatencyFromTimestamps(LogRecord record)
    {
        return Timestamp.TryParse(record.Text(LogField.EdgeStartTimestamp), out long start)
            && Timestamp.TryParse(record.Text(LogField.EdgeEndTimestamp), out long end)
            ? Duration((end - start) / 1_000_000)
            : -1;
    }

    /// <summary>
    /// Returns the origin's duration by the field in milliseconds or the old one in nanoseconds; 0 without an origin is no duration.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int OriginDuration(LogRecord record, bool hasMs, long ms, bool noOrigin)
    {
        if (!record.IsEmpty(LogField.OriginResponseTime) && record.TryGetInt64(LogField.OriginResponseTime, out long ns) && (!hasMs || ms == 0))
        {
            hasMs = true;
            ms = ns / 1_000_000;
        }

        return !hasMs || (ms == 0 && noOrigin) ? -1 : Duration(ms);
    }
}
