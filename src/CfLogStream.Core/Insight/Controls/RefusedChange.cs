namespace CfLogStream.Core.Insight.Controls;

/// <summary>A change that looks right for a control and does not work.</summary>
/// <param name="Change">What somebody would try, for instance <c>a custom rule with action skip</c>.</param>
/// <param name="Reason">Why it frees nothing, as a sentence.</param>
public sealed record RefusedChange(string Change, string Reason)
{
    /// <summary>Both in one sentence.</summary>
    public override string ToString() => $"{Change}: {Reason}";
}
