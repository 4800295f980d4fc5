using System.Text;
using CfLogStream.Core.Traffic.Controls;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>Questions about folded actions as texts.</summary>
internal static class Actions
{
    /// <summary>Whether it ends the request; a challenge does.</summary>
    public static bool IsStopping(string action) => Mitigation.IsTerminating(Encoding.UTF8.GetBytes(action));

    /// <summary>Whether it let a request through because a challenge was solved.</summary>
    public static bool IsSolved(string action) => Mitigation.IsSolved(Encoding.UTF8.GetBytes(action));

    /// <summary>Whether it issued a challenge.</summary>
    public static bool IsChallenge(string action) => action.Contains("challenge", StringComparison.Ordinal) && !IsSolved(action);

    /// <summary>Whether it lets a request past other controls.</summary>
    public static bool IsExempting(string action) => action is "skip" or "allow" or "bypass" or "whitelist";
}
