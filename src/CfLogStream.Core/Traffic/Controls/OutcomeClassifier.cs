using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Traffic.Controls;

/// <summary>Works out the outcome that one record alone tells, and which entry ended the request. One per thread.</summary>
/// <remarks>
/// The terminating entry is the first whose action ends the request, preferring the one that SecurityAction and SecurityRuleID name.
/// Without one, the request passed: because a challenge was solved, past some controls (exempted), noticed (logged), or with none
/// acting.
/// An action that is not understood ends the request only if the edge itself answered 403 or 429, known by a logged origin status of 0.
/// </remarks>
internal sealed class OutcomeClassifier
{
    private const int MaxWord = 64;
    private readonly byte[] _action = new byte[MaxWord];
    private readonly byte[] _control = new byte[MaxWord];
    private readonly byte[] _terminatingAction = new byte[MaxWord];

    /// <summary>Returns the outcome of a record.</summary>
    /// <param name="edgeStatus">The edge's status; 0 when not logged.</param>
    /// <param name="edgeAnswered">Whether the origin status is logged and 0: the edge answered, whoever made the answer.</param>
    /// <param name="count">The number of security entries.</param>
    /// <param name="announced">Whether the entries are the arrays, so that their number announces the security events.</param>
    public Outcome Classify(LogRecord record, int edgeStatus, bool edgeAnswered, out int count, out bool announced)
    {
        int terminatingLength = Mitigation.Fold(record.Text(LogField.SecurityAction), _terminatingAction);
        ReadOnlySpan<byte> terminatingAction = _terminatingAction.AsSpan(0, terminatingLength);
        ReadOnlySpan<byte> terminatingRule = record.Text(LogField.SecurityRuleID);
        var outcome = Outcome.Passed;
        bool preferred = false;
        count = 0;
        var entries = new SecurityEntries(record);
        announced = entries.AreAnnounced;
        while (entries.MoveNext())
        {
            count++;
            ReadOnlySpan<byte> action = _action.AsSpan(0, Mitigation.Fold(entries.Action, _action));
            ReadOnlySpan<byte> control = _control.AsSpan(0, Mitigation.Fold(entries.Control, _control));
            Outcome next = Mitigation.OutcomeOf(action, control, edgeStatus, originAnswered: !edgeAnswered);
            if (!Mitigation.IsTerminating(next))
            {
                outcome = Mitigation.MoreTelling(outcome, next);
                continue;
            }

            bool isNamed = action.SequenceEqual(terminatingAction) && entries.RuleId.SequenceEqual(terminatingRule);
            if (!Mitigation.IsTerminating(outcome) || (isNamed && !preferred))
            {
                outcome = next;
                preferred |= isNamed;
            }
        }

        return outcome;
    }
}
