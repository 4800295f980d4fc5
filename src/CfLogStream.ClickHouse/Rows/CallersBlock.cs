using CfLogStream.ClickHouse.Native;
using CfLogStream.Core.Correlation;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Rows of <c>callers_1h</c>.</summary>
internal sealed class CallersBlock : TableBlock
{
    private readonly FixedColumn _hour;
    private readonly DictionaryColumn _zone;
    private readonly DictionaryColumn _host;
    private readonly NumberColumn _caller;
    private readonly ClientColumns _client;
    private readonly TextColumn _network;
    private readonly DictionaryColumn _country;
    private readonly FixedColumn _asn;
    private readonly LogPositionColumns _position;
    private readonly NumberColumn _requests;
    private readonly NumberColumn _good;
    private readonly NumberColumn _lost;
    private readonly FixedColumn _endpoints;
    private readonly FixedColumn _minutes;
    private readonly FixedColumn _firstSeen;
    private readonly FixedColumn _lastSeen;
    private readonly FixedColumn _lastGood;
    private readonly FixedColumn _lastLost;

    public CallersBlock()
        : base("callers_1h")
    {
        _hour = Column("hour", FixedColumn.DateTime());
        _zone = Column("zone", new DictionaryColumn());
        _host = Column("host", new DictionaryColumn());
        _caller = Column("caller", new NumberColumn());
        _client = new ClientColumns(name => Column(name, new DictionaryColumn()));
        _network = Column("network", new TextColumn());
        _country = Column("country", new DictionaryColumn());
        _asn = Column("asn", FixedColumn.UInt32());
        _position = new LogPositionColumns(Column, Column);
        _requests = Column("requests", new NumberColumn());
        _good = Column("good", new NumberColumn());
        _lost = Column("lost", new NumberColumn());
        _endpoints = Column("endpoints", FixedColumn.UInt16());
        _minutes = Column("minutes", FixedColumn.UInt16());
        _firstSeen = Column("first_seen", FixedColumn.DateTime64());
        _lastSeen = Column("last_seen", FixedColumn.DateTime64());
        _lastGood = Column("last_good", FixedColumn.DateTime64());
        _lastLost = Column("last_lost", FixedColumn.DateTime64());
    }

    public void Add(in CallersRow row)
    {
        _hour.Add(row.Key.WindowSeconds);
        _zone.Add(row.Zone.Span);
        _host.Add(row.Host.Span);
        _caller.Add(row.Caller);
        _client.Add(row.Client);
        _network.Add(row.Network.Span);
        _country.Add(row.Country.Span);
        _asn.Add(row.Asn);
        _position.Add(in row.Key);
        _requests.Add(row.Requests);
        _good.Add(row.Good);
        _lost.Add(row.Lost);
        _endpoints.Add(row.Endpoints);
        _minutes.Add(row.Minutes);
        _firstSeen.Add(row.FirstSeenNs);
        _lastSeen.Add(row.LastSeenNs);
        _lastGood.Add(row.LastGoodNs);
        _lastLost.Add(row.LastLostNs);
        EndRow(TablePartition.DayOfSeconds(row.Key.WindowSeconds), KeyBytes + row.Network.Length);
    }
}
