using CfLogStream.ClickHouse.Native;
using CfLogStream.Core;
using CfLogStream.Core.Correlation;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Rows of <c>mitigations_1m</c>.</summary>
internal sealed class MitigationsBlock : TableBlock
{
    private readonly FixedColumn _window;
    private readonly EndpointColumns _endpoint;
    private readonly DictionaryColumn _control;
    private readonly DictionaryColumn _ruleId;
    private readonly DictionaryColumn _action;
    private readonly LogPositionColumns _position;
    private readonly NumberColumn _count;
    private readonly NumberColumn _lost;
    private readonly FixedColumn _firstSeen;
    private readonly FixedColumn _lastSeen;
    private readonly ArrayColumn<NumberColumn> _botScores;
    private readonly ArrayColumn<NumberColumn> _wafScores;
    private readonly ArrayColumn<NumberColumn> _callerHashes;
    private readonly FixedColumn _callersExact;
    private readonly ArrayColumn<TextColumn> _exampleRays;

    public MitigationsBlock()
        : base("mitigations_1m")
    {
        _window = Column("window", FixedColumn.DateTime());
        _endpoint = new EndpointColumns(name => Column(name, new DictionaryColumn()));
        _control = Column("control", new DictionaryColumn());
        _ruleId = Column("rule_id", new DictionaryColumn());
        _action = Column("action", new DictionaryColumn());
        _position = new LogPositionColumns(Column, Column);
        _count = Column("count", new NumberColumn());
        _lost = Column("lost", new NumberColumn());
        _firstSeen = Column("first_seen", FixedColumn.DateTime64());
        _lastSeen = Column("last_seen", FixedColumn.DateTime64());
        _botScores = Column("bot_scores", new ArrayColumn<NumberColumn>(new NumberColumn()));
        _wafScores = Column("waf_scores", new ArrayColumn<NumberColumn>(new NumberColumn()));
        _callerHashes = Column("caller_hashes", new ArrayColumn<NumberColumn>(new NumberColumn()));
        _callersExact = Column("callers_exact", FixedColumn.UInt32());
        _exampleRays = Column("example_rays", new ArrayColumn<TextColumn>(new TextColumn()));
    }

    public void Add(in MitigationsRow row)
    {
        _window.Add(row.Key.WindowSeconds);
        _endpoint.Add(row.Endpoint, row.Client);
        _control.Add(row.Control.Span);
        _ruleId.Add(row.RuleId.Span);
        _action.Add(row.Action.Span);
        _position.Add(in row.Key);
        _count.Add(row.Count);
        _lost.Add(row.Lost);
        _firstSeen.Add(row.FirstSeenNs);
        _lastSeen.Add(row.LastSeenNs);
        _botScores.Elements.AddRange(row.BotScores.Span);
        _botScores.EndRow();
        _wafScores.Elements.AddRange(row.WafScores.Span);
        _wafScores.EndRow();
        _callerHashes.Elements.AddRange(row.Callers.Span);
        _callerHashes.EndRow();
        _callersExact.Add((uint)row.Callers.Length);
        foreach (Utf8Text ray in row.ExampleRays.Span)
        {
            _exampleRays.Elements.Add(ray.Span);
        }

        _exampleRays.EndRow();
        EndRow(TablePartition.DayOfSeconds(row.Key.WindowSeconds), KeyBytes + ((row.BotScores.Length + row.WafScores.Length + row.Callers.Length) * sizeof(ulong)));
    }
}
