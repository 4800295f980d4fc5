using CfLogStream.ClickHouse.Native;
using CfLogStream.Core.Correlation;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Rows of <c>rules</c>.</summary>
internal sealed class RulesBlock : TableBlock
{
    private readonly FixedColumn _hour;
    private readonly DictionaryColumn _zone;
    private readonly DictionaryColumn _control;
    private readonly DictionaryColumn _ruleId;
    private readonly DictionaryColumn _action;
    private readonly TextColumn _ruleRef;
    private readonly TextColumn _description;
    private readonly LogPositionColumns _position;
    private readonly NumberColumn _count;
    private readonly FixedColumn _firstSeen;
    private readonly FixedColumn _lastSeen;

    public RulesBlock()
        : base("rules")
    {
        _hour = Column("hour", FixedColumn.DateTime());
        _zone = Column("zone", new DictionaryColumn());
        _control = Column("control", new DictionaryColumn());
        _ruleId = Column("rule_id", new DictionaryColumn());
        _action = Column("action", new DictionaryColumn());
        _ruleRef = Column("rule_ref", new TextColumn());
        _description = Column("description", new TextColumn());
        _position = new LogPositionColumns(Column, Column);
        _count = Column("count", new NumberColumn());
        _firstSeen = Column("first_seen", FixedColumn.DateTime64());
        _lastSeen = Column("last_seen", FixedColumn.DateTime64());
    }

    public void Add(in RuleRow row)
    {
        _hour.Add(row.Key.WindowSeconds);
        _zone.Add(row.Zone.Span);
        _control.Add(row.Control.Span);
        _ruleId.Add(row.RuleId.Span);
        _action.Add(row.Action.Span);
        _ruleRef.Add(row.RuleRef.Span);
        _description.Add(row.Description.Span);
        _position.Add(in row.Key);
        _count.Add(row.Count);
        _firstSeen.Add(row.FirstSeenNs);
        _lastSeen.Add(row.LastSeenNs);
        EndRow(TablePartition.MonthOfSeconds(row.Key.WindowSeconds), KeyBytes + row.RuleRef.Length + row.Description.Length);
    }
}
