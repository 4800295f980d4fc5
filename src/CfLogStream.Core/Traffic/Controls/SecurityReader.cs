using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Traffic.Controls;

/// <summary>Works out the outcome that one record alone tells, and the texts of its security entries. One per thread.</summary>
/// <remarks>
/// The terminating entry is the first whose action ends the request, preferring the one that SecurityAction and SecurityRuleID name.
/// Without one, the request passed: because a challenge was solved, past some controls (exempted), noticed (logged), or with none
/// acting.
/// An action that is not understood ends the request only if the edge itself answered 403 or 429, known by a logged origin status of 0.
/// The entries are enumerated once: their slots are written here and copied into the batch as one block. Most requests have none, and
/// of the others most say what others said before: outcome and slots are kept by all that they follow from (256 slots, 160 kB).
/// </remarks>
internal sealed class SecurityReader
{
    /// <summary>The longest control or action that is kept.</summary>
    public const int MaxWord = 64;

    private const int SlotBits = 8;

    // What a verdict on a request follows from, and what one on a security event does.
    private static readonly LogField[] s_requestFields =
    [
        LogField.SecurityActions, LogField.SecurityRuleIDs, LogField.SecuritySources, LogField.SecurityAction, LogField.SecurityRuleID,
        LogField.SecurityRuleDescription,
    ];

    private static readonly LogField[] s_eventFields =
        [LogField.Action, LogField.RuleID, LogField.Source, LogField.Ref, LogField.Description];

    private readonly TextSlots<SecurityVerdict> _verdicts = new(SlotBits);
    private readonly byte[] _key = new byte[WideText.Width];
    private readonly byte[] _terminatingAction = new byte[MaxWord];
    private readonly int[] _ends = new int[SecurityEntries.Max * TrafficRecord.EntrySlots];
    private byte[] _texts = new byte[4096];
    private int _used;
    private int _slots;
    private int _verdict;

    /// <summary>The number of security entries of the record read last.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the entries are the arrays, so that their number announces the security events.</summary>
    public bool IsAnnounced { get; private set; }

    /// <summary>Reads the entries of a record and returns its outcome.</summary>
    /// <param name="edgeStatus">The edge's status; 0 when not logged.</param>
    /// <param name="edgeAnswered">Whether the origin status is logged and 0: the edge answered, whoever made the answer.</param>
    /// <param name="matchIndex">The match index of a security event; -1 for none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Outcome Read(LogRecord record, int edgeStatus, bool edgeAnswered, int matchIndex)
    {
        if (record.Dataset != Dataset.FirewallEvents && record.IsEmpty(LogField.SecurityAction) && HasNone(record, out bool logged))
        {
            Count = 0;
            IsAnnounced = logged;
            return Outcome.Passed;
        }

        return ReadEntries(record, edgeStatus, edgeAnswered, matchIndex);
    }

    /// <summary>Writes the slots of the entries.</summary>
    public void Write(TrafficBatch batch)
    {
        if (Count == 0)
        {
            return;
        }

        ref readonly SecurityVerdict verdict = ref _verdicts[_verdict];
        ReadOnlySpan<int> ends = verdict.IsCut ? _ends : verdict.Ends;
        ReadOnlySpan<byte> texts = verdict.IsCut ? _texts : verdict.Texts;
        ends = ends[..(Count * TrafficRecord.EntrySlots)];
        batch.AppendSlots(texts[..ends[^1]], ends);
    }

    private Outcome ReadEntries(LogRecord record, int edgeStatus, bool edgeAnswered, int matchIndex)
    {
        bool isEvent = record.Dataset == Dataset.FirewallEvents;

        // The status counts only as one that may be a refusal.
        int status = edgeStatus is 403 or 429 && edgeAnswered ? edgeStatus : 0;
        _verdict = TryWriteKey(record, isEvent, status, matchIndex, out int length) ? _verdicts.Find(_key, length, 0) : ~_verdicts.Shared;
        bool isFilled = _verdict >= 0;
        _verdict = isFilled ? _verdict : ~_verdict;
        ref SecurityVerdict verdict = ref _verdicts[_verdict];
        if (!isFilled || verdict.IsCut)
        {
            verdict.Outcome = Decide(record, isEvent, edgeStatus, edgeAnswered, matchIndex);
            verdict.Count = (byte)Count;
            verdict.IsAnnounced = IsAnnounced;
            verdict.IsCut = Count > SecurityVerdict.MaxEntries || _used > SecurityVerdict.MaxBytes;
            if (!verdict.IsCut)
            {
                _ends.AsSpan(0, _slots).CopyTo(verdict.Ends);
                _texts.AsSpan(0, _used).CopyTo(verdict.Texts);
            }
        }

        Count = verdict.Count;
        IsAnnounced = verdict.IsAnnounced;
        return verdict.Outcome;
    }

    /// <summary>Writes all that a verdict follows from; false when that is too much.</summary>
    private bool TryWriteKey(LogRecord record, bool isEvent, int status, int matchIndex, out int length)
    {
        // The lengths keep the texts apart, the kinds tell an array from its text.
        const int Lengths = 0;
        const int Rest = sizeof(ulong);
        LogField[] fields = isEvent ? s_eventFields : s_requestFields;
        ulong lengths = 0;
        ulong kinds = isEvent ? 1UL : 0;
        length = 2 * sizeof(ulong);
        foreach (LogField field in fields)
        {
            ReadOnlySpan<byte> text = record.PlainText(field);
            if (text.Length > _key.Length - length)
            {
                return false;
            }

            text.CopyTo(_key.AsSpan(length));
            length += text.Length;
            FieldKind kind = record.Slot(field).Kind;
            lengths = (lengths << 8) | (byte)text.Length;
            kinds = (kinds << 2) | (kind is FieldKind.Absent or FieldKind.Null ? 0UL : kind == FieldKind.Array ? 1UL : 2UL);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(_key.AsSpan(Lengths), lengths | ((ulong)status << 48));
        BinaryPrimitives.WriteUInt64LittleEndian(_key.AsSpan(Rest), kinds | ((ulong)(uint)matchIndex << 32));
        return true;
    }

    private Outcome Decide(LogRecord record, bool isEvent, int edgeStatus, bool edgeAnswered, int matchIndex)
    {
        Count = _used = _slots = 0;
        ReadOnlySpan<byte> terminatingAction = _terminatingAction.AsSpan(
            0, Mitigation.Fold(record.Text(LogField.SecurityAction), _terminatingAction));
        ReadOnlySpan<byte> terminatingRule = record.Text(LogField.SecurityRuleID);
        var outcome = Outcome.Passed;
        bool preferred = false;
        bool described = false;
        var entries = new SecurityEntries(record);
        IsAnnounced = entries.AreAnnounced;
        while (entries.MoveNext())
        {
            Count++;
            ReadOnlySpan<byte> control = Fold(entries.Control);
            ReadOnlySpan<byte> action = Fold(entries.Action);
            Outcome next = Mitigation.OutcomeOf(action, control, edgeStatus, originAnswered: !edgeAnswered);
            bool isOfRule = entries.RuleId.SequenceEqual(terminatingRule);
            if (!Mitigation.IsTerminating(next))
            {
                outcome = Mitigation.MoreTelling(outcome, next);
            }
            else
            {
                bool isNamed = isOfRule && action.SequenceEqual(terminatingAction);
                if (!Mitigation.IsTerminating(outcome) || (isNamed && !preferred))
                {
                    outcome = next;
                    preferred |= isNamed;
                }
            }

            // The description and ref that a record has belong to the rule that SecurityRuleID (or the event) names.
            bool isDescribed = isEvent || (!described && isOfRule);
            described |= isDescribed;
            Append(entries.RuleId);
            Append(isEvent ? record.Text(LogField.Ref) : default);
            Append(!isDescribed ? default : record.Text(isEvent ? LogField.Description : LogField.SecurityRuleDescription));
            BinaryPrimitives.WriteInt32LittleEndian(Room(sizeof(int)), isEvent ? matchIndex : -1);
            End(sizeof(int));
        }

        return outcome;
    }

    /// <summary>Whether all arrays are empty or not logged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasNone(LogRecord record, out bool logged)
    {
        logged = false;
        return IsNone(record.Slot(LogField.SecurityActions), ref logged)
            && IsNone(record.Slot(LogField.SecurityRuleIDs), ref logged)
            && IsNone(record.Slot(LogField.SecuritySources), ref logged);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNone(FieldSlot array, ref bool logged)
    {
        if (array.Kind is FieldKind.Absent or FieldKind.Null)
        {
            return true;
        }

        logged = true;
        return array.Kind == FieldKind.Array && array.Length == 2;
    }

    private ReadOnlySpan<byte> Fold(ReadOnlySpan<byte> value)
    {
        Span<byte> room = Room(Math.Min(value.Length, MaxWord));
        int length = Mitigation.Fold(value, room);
        End(length);
        return room[..length];
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        End(text.Length);
    }

    /// <summary>Returns room for the next slot; what was returned before stays readable.</summary>
    private Span<byte> Room(int length)
    {
        if (_texts.Length - _used < length)
        {
            Array.Resize(ref _texts, Math.Max(_texts.Length * 2, _used + length));
        }

        return _texts.AsSpan(_used, length);
    }

    private void End(int length)
    {
        _used += length;
        _ends[_slots++] = _used;
    }
}
