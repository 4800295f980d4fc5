using CfLogStream.ClickHouse.Native;
using CfLogStream.Core.Correlation;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Rows of <c>requests_1m</c>.</summary>
internal sealed class RequestsBlock : TableBlock
{
    private readonly FixedColumn _window;
    private readonly EndpointColumns _endpoint;
    private readonly LogPositionColumns _position;
    private readonly NumberColumn _requests;
    private readonly NumberColumn _eventOnly;
    private readonly NumberColumn _passed;
    private readonly NumberColumn _exempted;
    private readonly NumberColumn _logged;
    private readonly NumberColumn _challenged;
    private readonly NumberColumn _challengeSolved;
    private readonly NumberColumn _rateLimited;
    private readonly NumberColumn _blocked;
    private readonly NumberColumn _dropped;
    private readonly NumberColumn _lost;
    private readonly NumberColumn _edgeErrors;
    private readonly NumberColumn _originErrors;
    private readonly NumberColumn _preflights;
    private readonly NumberColumn _status1xx;
    private readonly NumberColumn _status2xx;
    private readonly NumberColumn _status3xx;
    private readonly NumberColumn _status4xx;
    private readonly NumberColumn _status5xx;
    private readonly NumberColumn _statusOther;
    private readonly NumberColumn _requestBytes;
    private readonly NumberColumn _responseBytes;
    private readonly ArrayColumn<NumberColumn> _latency;
    private readonly ArrayColumn<NumberColumn> _callerHashes;
    private readonly FixedColumn _callersExact;

    public RequestsBlock()
        : base("requests_1m")
    {
        _window = Column("window", FixedColumn.DateTime());
        _endpoint = new EndpointColumns(name => Column(name, new DictionaryColumn()));
        _position = new LogPositionColumns(Column, Column);
        _requests = Column("requests", new NumberColumn());
        _eventOnly = Column("event_only", new NumberColumn());
        _passed = Column("passed", new NumberColumn());
        _exempted = Column("exempted", new NumberColumn());
        _logged = Column("logged", new NumberColumn());
        _challenged = Column("challenged", new NumberColumn());
        _challengeSolved = Column("challenge_solved", new NumberColumn());
        _rateLimited = Column("rate_limited", new NumberColumn());
        _blocked = Column("blocked", new NumberColumn());
        _dropped = Column("dropped", new NumberColumn());
        _lost = Column("lost", new NumberColumn());
        _edgeErrors = Column("edge_errors", new NumberColumn());
        _originErrors = Column("origin_errors", new NumberColumn());
        _preflights = Column("preflights", new NumberColumn());
        _status1xx = Column("status_1xx", new NumberColumn());
        _status2xx = Column("status_2xx", new NumberColumn());
        _status3xx = Column("status_3xx", new NumberColumn());
        _status4xx = Column("status_4xx", new NumberColumn());
        _status5xx = Column("status_5xx", new NumberColumn());
        _statusOther = Column("status_other", new NumberColumn());
        _requestBytes = Column("request_bytes", new NumberColumn());
        _responseBytes = Column("response_bytes", new NumberColumn());
        _latency = Column("latency", new ArrayColumn<NumberColumn>(new NumberColumn()));
        _callerHashes = Column("caller_hashes", new ArrayColumn<NumberColumn>(new NumberColumn()));
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
        EndRow(TablePartition.DayOfSeconds(row.Key.WindowSeconds), KeyBytes + ((row.Latency.Length + row.Callers.Length) * sizeof(ulong)));
    }
}
