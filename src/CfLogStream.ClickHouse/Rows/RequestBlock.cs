using CfLogStream.ClickHouse.Native;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Traffic;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Rows of <c>requests</c> or <c>requests_early</c>.</summary>
/// <remarks>Texts of a record go to the column that is named for them; what is no address is kept in <c>extra</c> instead of
/// getting lost.</remarks>
internal sealed class RequestBlock : TableBlock
{
    // By text; null where the text is in no column of this kind.
    private readonly DictionaryColumn?[] _dictionaries = new DictionaryColumn?[(int)RecordText.Count];
    private readonly TextColumn?[] _texts = new TextColumn?[(int)RecordText.Count];

    private readonly FixedColumn _time;
    private readonly FixedColumn _partition;
    private readonly NumberColumn _version;
    private readonly DictionaryColumn _dataset;
    private readonly DictionaryColumn _outcome;
    private readonly DictionaryColumn _surface;
    private readonly DictionaryColumn _trust;
    private readonly FixedColumn _lost;
    private readonly FixedColumn _hasRequest;
    private readonly FixedColumn _hasEvents;
    private readonly List<(RecordFlags Flag, FixedColumn Column)> _flags = [];
    private readonly FixedColumn _weight;
    private readonly FixedColumn _subrequests;
    private readonly FixedColumn _announcedEvents;
    private readonly NumberColumn _caller;
    private readonly FixedColumn _asn;
    private readonly FixedColumn _clientIp;
    private readonly FixedColumn _originIp;
    private readonly FixedColumn _botScore;
    private readonly FixedColumn _wafScore;
    private readonly FixedColumn _wafSqliScore;
    private readonly FixedColumn _wafXssScore;
    private readonly FixedColumn _wafRceScore;
    private readonly FixedColumn _edgeStatus;
    private readonly FixedColumn _originStatus;
    private readonly FixedColumn _latencyMs;
    private readonly FixedColumn _originMs;
    private readonly NumberColumn _requestBytes;
    private readonly NumberColumn _responseBytes;
    private readonly ArrayColumn<DictionaryColumn> _botTags;
    private readonly ArrayColumn<TextColumn> _botDetectionIds;
    private readonly ArrayColumn<DictionaryColumn> _botDetectionTags;
    private readonly MatchColumns _matches;
    private readonly MapColumn _extra;

    public RequestBlock(string table)
        : base(table)
    {
        _time = Column("time", FixedColumn.DateTime64());
        _partition = Column("partition", FixedColumn.UInt32());
        _version = Column("version", new NumberColumn());
        _dataset = Column("dataset", new DictionaryColumn());
        _outcome = Column("outcome", new DictionaryColumn());
        _surface = Column("surface", new DictionaryColumn());
        _trust = Column("trust", new DictionaryColumn());
        _lost = Column("lost", FixedColumn.Bool());
        _hasRequest = Column("has_request", FixedColumn.Bool());
        _hasEvents = Column("has_events", FixedColumn.Bool());
        Flag("sampled", RecordFlags.Sampled);
        Flag("preflight", RecordFlags.Preflight);
        Flag("internal", RecordFlags.Internal);
        Flag("worker_subrequest", RecordFlags.WorkerSubrequest);
        Flag("has_origin_status", RecordFlags.HasOriginStatus);
        _weight = Column("weight", FixedColumn.Float64());
        _subrequests = Column("subrequests", FixedColumn.UInt32());
        _announcedEvents = Column("announced_events", FixedColumn.Int16());
        _caller = Column("caller", new NumberColumn());
        _asn = Column("asn", FixedColumn.UInt32());
        _clientIp = Column("client_ip", FixedColumn.IPv6());
        _originIp = Column("origin_ip", FixedColumn.IPv6());
        _botScore = Column("bot_score", FixedColumn.UInt8());
        _wafScore = Column("waf_score", FixedColumn.UInt8());
        _wafSqliScore = Column("waf_sqli_score", FixedColumn.UInt8());
        _wafXssScore = Column("waf_xss_score", FixedColumn.UInt8());
        _wafRceScore = Column("waf_rce_score", FixedColumn.UInt8());
        _edgeStatus = Column("edge_status", FixedColumn.UInt16());
        _originStatus = Column("origin_status", FixedColumn.UInt16());
        _latencyMs = Column("latency_ms", FixedColumn.Int32());
        _originMs = Column("origin_ms", FixedColumn.Int32());
        _requestBytes = Column("request_bytes", new NumberColumn());
        _responseBytes = Column("response_bytes", new NumberColumn());
        _botTags = Column("bot_tags", new ArrayColumn<DictionaryColumn>(new DictionaryColumn()));
        _botDetectionIds = Column("bot_detection_ids", new ArrayColumn<TextColumn>(new TextColumn()));
        _botDetectionTags = Column("bot_detection_tags", new ArrayColumn<DictionaryColumn>(new DictionaryColumn()));
        _matches = new MatchColumns(Column, Column, Column);
        _extra = Column("extra", new MapColumn());
        DeclareTexts();
    }

    public void Add(in RequestRow row)
    {
        TrafficRecord record = row.Record;
        ref readonly TrafficHead head = ref record.Head;
        _time.Add(head.TimeNs);
        _partition.Add(row.Partition);
        _version.Add(row.Version);
        _dataset.Add(TableWords.Of(head.Dataset));
        _outcome.Add(TableWords.Of(row.Outcome));
        _surface.Add(TableWords.Of(head.Surface));
        _trust.Add(TableWords.Of(head.Trust));
        _lost.Add(row.Lost);
        _hasRequest.Add(row.HasRequest);
        _hasEvents.Add(row.HasEvents);
        foreach ((RecordFlags flag, FixedColumn column) in _flags)
        {
            column.Add((head.Flags & flag) != 0);
        }

        _weight.Add(row.Weight);
        _subrequests.Add((uint)Math.Max(row.Subrequests, 0));
        _announcedEvents.Add(head.AnnouncedEvents);
        _caller.Add(head.CallerHash);
        _asn.Add(head.Asn);
        _botScore.Add(head.BotScore);
        _wafScore.Add(head.WafScore);
        _wafSqliScore.Add(head.WafSqliScore);
        _wafXssScore.Add(head.WafXssScore);
        _wafRceScore.Add(head.WafRceScore);
        _edgeStatus.Add(head.EdgeStatus);
        _originStatus.Add(head.OriginStatus);
        _latencyMs.Add(head.LatencyMs);
        _originMs.Add(head.OriginMs);
        _requestBytes.Add((ulong)Math.Max(head.RequestBytes, 0));
        _responseBytes.Add((ulong)Math.Max(head.ResponseBytes, 0));
        AddTexts(record);
        _matches.Add(row.Matches);
        EndRow(TablePartition.DayOfNanoseconds(head.TimeNs), KeyBytes + record.Data.Length);
    }

    private void AddTexts(TrafficRecord record)
    {
        TrafficRecord.TextReader reader = record.ReadTexts();
        for (int i = 0; i < (int)RecordText.Count; i++)
        {
            ReadOnlySpan<byte> text = reader.Next();
            if (_dictionaries[i] is { } dictionary)
            {
                dictionary.Add(text);
            }
            else
            {
                _texts[i]?.Add(text);
            }
        }

        TextList.AddTo(record[RecordText.BotTags], _botTags);
        TextList.AddTo(record[RecordText.BotDetectionIds], _botDetectionIds);
        TextList.AddTo(record[RecordText.BotDetectionTags], _botDetectionTags);
        AddAddress(_clientIp, record[RecordText.ClientIp], "ClientIP"u8);
        AddAddress(_originIp, record[RecordText.OriginIp], "OriginIP"u8);
        for (int i = 0; i < record.Head.ExtraCount; i++)
        {
            _extra.Names.Add(record.ExtraName(i));
            _extra.Values.Add(record.ExtraValue(i));
        }

        _extra.EndRow();
    }

    private void AddAddress(FixedColumn column, ReadOnlySpan<byte> text, ReadOnlySpan<byte> field)
    {
        if (!column.AddAddress(text) && !text.IsEmpty)
        {
            _extra.Names.Add(field);
            _extra.Values.Add(text);
        }
    }

    private void DeclareTexts()
    {
        Text("ray", RecordText.Ray);
        Dictionary("zone", RecordText.Zone);
        Dictionary("host", RecordText.Host);
        Dictionary("method", RecordText.Method);
        Dictionary("template", RecordText.Template);
        Dictionary("client_class", RecordText.ClientClass);
        Dictionary("client_name", RecordText.ClientName);
        Text("network", RecordText.Network);
        Dictionary("country", RecordText.Country);
        Text("path", RecordText.Path);
        Text("query", RecordText.Query);
        Dictionary("scheme", RecordText.Scheme);
        Dictionary("protocol", RecordText.Protocol);
        Text("user_agent", RecordText.UserAgent);
        Text("referer", RecordText.Referer);
        Text("x_requested_with", RecordText.XRequestedWith);
        Text("client_asn_description", RecordText.ClientAsnDescription);
        Dictionary("client_ip_class", RecordText.ClientIpClass);
        Dictionary("client_region", RecordText.ClientRegion);
        Dictionary("client_device_type", RecordText.ClientDeviceType);
        Dictionary("client_request_source", RecordText.ClientRequestSource);
        Dictionary("mtls_status", RecordText.MtlsStatus);
        Text("mtls_fingerprint", RecordText.MtlsFingerprint);
        Dictionary("tls_protocol", RecordText.TlsProtocol);
        Text("ja3", RecordText.Ja3);
        Text("ja4", RecordText.Ja4);
        Dictionary("bot_score_source", RecordText.BotScoreSource);
        Dictionary("verified_bot_category", RecordText.VerifiedBotCategory);
        Dictionary("js_detection", RecordText.JsDetection);
        Dictionary("leaked_credentials", RecordText.LeakedCredentials);
        Dictionary("content_type", RecordText.ContentType);
        Dictionary("cache_status", RecordText.CacheStatus);
        Dictionary("colo", RecordText.Colo);
        Dictionary("edge_pathing", RecordText.EdgePathing);
        Text("worker_script", RecordText.WorkerScript);
        Dictionary("worker_status", RecordText.WorkerStatus);
        Text("operation_id", RecordText.OperationId);
        Text("parent_ray", RecordText.ParentRay);
        Text("originator_ray", RecordText.OriginatorRay);
        Dictionary("kind", RecordText.Kind);
        Text("metadata", RecordText.Metadata);
    }

    private void Dictionary(string name, RecordText text) => _dictionaries[(int)text] = Column(name, new DictionaryColumn());

    private void Text(string name, RecordText text) => _texts[(int)text] = Column(name, new TextColumn());

    private void Flag(string name, RecordFlags flag) => _flags.Add((flag, Column(name, FixedColumn.Bool())));
}
