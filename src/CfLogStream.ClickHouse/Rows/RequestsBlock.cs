using CfLogStream.ClickHouse.Native;
using CfLogStream.Core.Correlation;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Rows of <c>requests_1m</c>.</summary>
internal sealed class RequestsBlock : TableBlock
{
    private readonly FixedColumn _window;
    private readonly EndpointColumns _endpoint;
    private readonly LogPositionColumns _position;
    private readonly FixedColumn _requests;
    private readonly FixedColumn _eventOnly;
    private readonly FixedColumn _passed;
    private readonly FixedColumn _exempted;
    private readonly FixedColumn _logged;
    private readonly FixedColumn _challenged;
    private readonly FixedColumn _challengeSolved;
    private readonly FixedColumn _rateLimited;
    private readonly FixedColumn _blocked;
    private readonly FixedColumn _dropped;
    private readonly FixedColumn _lost;
    private readonly FixedColumn _edgeErrors;
    private readonly FixedColumn _originErrors;
    private readonly FixedColumn _preflights;
    private readonly FixedColumn _status1xx;
    private readonly FixedColumn _status2xx;
    private readonly FixedColumn _status3xx;
    private readonly FixedColumn _status4xx;
    private readonly FixedColumn _status5xx;
    private readonly FixedColumn _statusOther;
    private readonly FixedColumn _requestBytes;
    private readonly FixedColumn _responseBytes;
    private readonly ArrayColumn<FixedColumn> _latency;
    private readonly ArrayColumn<FixedColumn> _callerHashes;
    private readonly FixedColumn _callersExact;

    public RequestsBlock()
        : base("requests_1m")
    {
        _window = Column("window", FixedColumn.DateTime());
        _endpoint = new EndpointColumns(name => Column(name, new DictionaryColumn()));
        _position = new LogPositionColumns(Column);
        _requests = Column("requests", FixedColumn.UInt64());
        _eventOnly = Column("event_only", FixedColumn.UInt64());
        _passed = Column("passed", FixedColumn.UInt64());
        _exempted = Column("exempted", FixedColumn.UInt64());
        _logged = Column("logged", FixedColumn.UInt64());
        _challenged = Column("challenged", FixedColumn.UInt64());
        _challengeSolved = Column("challenge_solved", FixedColumn.UInt64());
        _rateLimited = Column("rate_limited", FixedColumn.UInt64());
        _blocked = Column("blocked", FixedColumn.UInt64());
        _dropped = Column("dropped", FixedColumn.UInt64());
        _lost = Column("lost", FixedColumn.UInt64());
        _edgeErrors = Column("edge_errors", FixedColumn.UInt64());
        _originErrors = Column("origin_errors", FixedColumn.UInt64());
        _preflights = Column("preflights", FixedColumn.UInt64());
        _status1xx = Column("status_1xx", FixedColumn.UInt64());
        _status2xx = Column("status_2xx", FixedColumn.UInt64());
        _status3xx = Column("status_3xx", FixedColumn.UInt64());
        _status4xx = Column("status_4xx", FixedColumn.UInt64());
        _status5xx = Column("status_5xx", FixedColumn.UInt64());
        _statusOther = Column("status_other", FixedColumn.UInt64());
        _requestBytes = Column("request_bytes", FixedColumn.UInt64());
        _responseBytes = Column("response_bytes", FixedColumn.UInt64());
        _latency = Column("latency", new ArrayColumn<FixedColumn>(FixedColumn.UInt64()));
        _callerHashes = Column("caller_hashes", new ArrayColumn<FixedColumn>(FixedColumn.UInt64()));
        _callersExact = Column("callers_exact", FixedColumn.UInt32());
    }

    public void Add(in RequestsRow row)
    {
        _window.Add(row.Key.WindowSeconds);
        _endpoint.Add(row.Endpoint, row.Client);
        _position.Add(in row.Key);
        _requests.Add(row.Requests);
        _eventOnly.Add(row.EventOnly);
        _passed.Add(row.Passed);
        _exempted.Add(row.Exempted);
        _logged.Add(row.Logged);
        _challenged.Add(row.Challenged);
        _challengeSolved.Add(row.ChallengeSolved);
        _rateLimited.Add(row.RateLimited);
        _blocked.Add(row.Blocked);
        _dropped.Add(row.Dropped);
        _lost.Add(row.Lost);
        _edgeErrors.Add(row.EdgeErrors);
        _originErrors.Add(row.OriginErrors);
        _preflights.Add(row.Preflights);
        _status1xx.Add(row.Status1xx);
        _status2xx.Add(row.Status2xx);
        _status3xx.Add(row.Status3xx);
        _status4xx.Add(row.Status4xx);
        _status5xx.Add(row.Status5xx);
        _statusOther.Add(row.StatusOther);
        _requestBytes.Add(row.RequestBytes);
        _responseBytes.Add(row.ResponseBytes);
        _latency.Elements.AddRange(row.Latency.Span);
        _latency.EndRow();
        _callerHashes.Elements.AddRange(row.Callers.Span);
        _callerHashes.EndRow();
        _callersExact.Add((uint)row.Callers.Length);
        EndRow(TablePartition.DayOfSeconds(row.Key.WindowSeconds));
    }
}
