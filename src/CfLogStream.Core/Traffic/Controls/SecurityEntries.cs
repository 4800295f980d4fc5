using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Traffic.Controls;

/// <summary>
/// Enumerates the security entries of a record as logged: the three parallel arrays of http_requests, or the one of a security event.
/// </summary>
/// <remarks>
/// The arrays are aligned by index; where one is shorter or missing, its part is empty. A job without the arrays still has the one
/// entry that
/// SecurityAction and SecurityRuleID describe. Enumerated twice per record (to count, then to write), so nothing has to be kept
/// between.
/// </remarks>
internal ref struct SecurityEntries
{
    /// <summary>The most entries that one record keeps.</summary>
    public const int Max = 255;

    private readonly LogRecord _record;
    private readonly EntrySource _source;
    private TextElements _actions;
    private TextElements _rules;
    private TextElements _controls;
    private int _index;

    public SecurityEntries(LogRecord record)
    {
        _record = record;
        _actions = record.Elements(LogField.SecurityActions);
        _rules = record.Elements(LogField.SecurityRuleIDs);
        _controls = record.Elements(LogField.SecuritySources);
        _source = SourceOf(record);
        _index = -1;
    }

    /// <summary>The action as logged.</summary>
    public ReadOnlySpan<byte> Action { get; private set; }

    /// <summary>The control as logged.</summary>
    public ReadOnlySpan<byte> Control { get; private set; }

    public ReadOnlySpan<byte> RuleId { get; private set; }

    /// <summary>Whether the job logs the arrays, so that their length announces the security events.</summary>
    public readonly bool AreAnnounced => _source == EntrySource.Arrays;

    /// <summary>Moves on to the next entry.</summary>
    public bool MoveNext()
    {
        if (++_index >= Max)
        {
            return false;
        }

        switch (_source)
        {
            case EntrySource.Arrays:
                bool any = _actions.MoveNext();
                Action = any ? _actions.Current : default;
                bool hasRule = _rules.MoveNext();
                RuleId = hasRule ? _rules.Current : default;
                bool hasControl = _controls.MoveNext();
                Control = hasControl ? _controls.Current : default;
                return any || hasRule || hasControl;
            case EntrySource.Single:
                Action = _record.Text(LogField.SecurityAction);
                RuleId = _record.Text(LogField.SecurityRuleID);
                return _index == 0 && !Action.IsEmpty;
            case EntrySource.Event:
                Action = _record.Text(LogField.Action);
                Control = _record.Text(LogField.Source);
                RuleId = _record.Text(LogField.RuleID);
                return _index == 0;
            default:
                return false;
        }
    }

    private static EntrySource SourceOf(LogRecord record)
    {
        if (record.Dataset == Dataset.FirewallEvents)
        {
            return EntrySource.Event;
        }

        bool logged = IsLogged(record, LogField.SecurityActions) || IsLogged(record, LogField.SecurityRuleIDs)
            || IsLogged(record, LogField.SecuritySources);

        // Empty arrays beside an action do not announce what the action says: then the action is all there is.
        bool contradicted = logged && !record.Text(LogField.SecurityAction).IsEmpty && !HasAny(record);
        return logged && !contradicted ? EntrySource.Arrays : EntrySource.Single;
    }

    private static bool IsLogged(LogRecord record, LogField field) => record.Slot(field).Kind is not (FieldKind.Absent or FieldKind.Null);

    private static bool HasAny(LogRecord record) =>
        record.Elements(LogField.SecurityActions).MoveNext() || record.Elements(LogField.SecurityRuleIDs).MoveNext()
        || record.Elements(LogField.SecuritySources).MoveNext();

    private enum EntrySource : byte
    {
        /// <summary>SecurityAction and SecurityRuleID alone.</summary>
        Single = 0,
        Arrays,
        Event,
    }
}
