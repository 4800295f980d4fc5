using System.Numerics;

namespace CfLogStream.Core.Correlation;

/// <summary>A control, one of its rules, and what the rule did.</summary>
internal sealed record RuleKey(Utf8Text Control, Utf8Text RuleId, Utf8Text Action)
{
    /// <summary>Whether the action ends a request.</summary>
    public bool IsTerminating { get; } = Traffic.Controls.Mitigation.IsTerminating(Action.Span);

    /// <summary>A hash of control and rule without the action, for tables in memory.</summary>
    public ulong RuleHash { get; } = SeededHash.Of(Control.Span) + BitOperations.RotateLeft(SeededHash.Of(RuleId.Span), 21);

    public bool Is(ReadOnlySpan<byte> control, ReadOnlySpan<byte> ruleId, ReadOnlySpan<byte> action) =>
        RuleId.Span.SequenceEqual(ruleId) && Action.Span.SequenceEqual(action) && Control.Span.SequenceEqual(control);

    /// <summary>Orders by control, rule and action, byte by byte.</summary>
    public static int Compare(RuleKey left, RuleKey right)
    {
        int order = left.Control.Span.SequenceCompareTo(right.Control.Span);
        order = order != 0 ? order : left.RuleId.Span.SequenceCompareTo(right.RuleId.Span);
        return order != 0 ? order : left.Action.Span.SequenceCompareTo(right.Action.Span);
    }
}
