using CfLogStream.ClickHouse.Native;
using CfLogStream.Core.Insight.Changes;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Rows of <c>changes</c>.</summary>
internal sealed class ChangesBlock : TableBlock
{
    private readonly FixedColumn _time;
    private readonly TextColumn _id;
    private readonly DictionaryColumn _zone;
    private readonly DictionaryColumn _source;
    private readonly DictionaryColumn _kind;
    private readonly DictionaryColumn _control;
    private readonly TextColumn _ruleId;
    private readonly TextColumn _ruleRef;
    private readonly TextColumn _actor;
    private readonly DictionaryColumn _actorKind;
    private readonly TextColumn _summary;
    private readonly TextColumn _oldValue;
    private readonly TextColumn _newValue;
    private readonly TextColumn _owner;
    private readonly TextColumn _ticket;
    private readonly FixedColumn _withdrawn;
    private readonly NumberColumn _version;

    public ChangesBlock()
        : base("changes")
    {
        _time = Column("time", FixedColumn.DateTime64());
        _id = Column("id", new TextColumn());
        _zone = Column("zone", new DictionaryColumn());
        _source = Column("source", new DictionaryColumn());
        _kind = Column("kind", new DictionaryColumn());
        _control = Column("control", new DictionaryColumn());
        _ruleId = Column("rule_id", new TextColumn());
        _ruleRef = Column("rule_ref", new TextColumn());
        _actor = Column("actor", new TextColumn());
        _actorKind = Column("actor_kind", new DictionaryColumn());
        _summary = Column("summary", new TextColumn());
        _oldValue = Column("old_value", new TextColumn());
        _newValue = Column("new_value", new TextColumn());
        _owner = Column("owner", new TextColumn());
        _ticket = Column("ticket", new TextColumn());
        _withdrawn = Column("withdrawn", FixedColumn.Bool());
        _version = Column("version", new NumberColumn());
    }

    public void Add(ChangeEntry row)
    {
        _time.Add(row.TimeNs);
        _id.Add(row.Id.Span);
        _zone.Add(row.Zone.Span);
        _source.Add(row.Source.Span);
        _kind.Add(row.Kind.Span);
        _control.Add(row.Control.Span);
        _ruleId.Add(row.RuleId.Span);
        _ruleRef.Add(row.RuleReference.Span);
        _actor.Add(row.Actor.Span);
        _actorKind.Add(row.ActorKind.Span);
        _summary.Add(row.Summary.Span);
        _oldValue.Add(row.OldValue.Span);
        _newValue.Add(row.NewValue.Span);
        _owner.Add(row.Owner.Span);
        _ticket.Add(row.Ticket.Span);
        _withdrawn.Add(row.Withdrawn);
        _version.Add(row.Version);
        EndRow(
            TablePartition.MonthOfNanoseconds(row.TimeNs),
            KeyBytes + row.Id.Length + row.RuleId.Length + row.RuleReference.Length + row.Actor.Length + row.Summary.Length
                + row.OldValue.Length + row.NewValue.Length + row.Owner.Length + row.Ticket.Length);
    }
}
