using System.Collections.Concurrent;

namespace CfLogStream.Server.Serving;

/// <summary>What the parts of a running program say of their readiness; any thread.</summary>
public sealed class HealthBoard
{
    private readonly ConcurrentDictionary<string, string> _reasons = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<string?>> _watched = new(StringComparer.Ordinal);

    /// <summary>Says that a part is not ready, and why, in words that an operator can act on.</summary>
    public void SetNotReady(string part, string reason) => _reasons[part] = reason;

    /// <summary>Says that a part is ready.</summary>
    public void SetReady(string part) => _reasons.TryRemove(part, out _);

    /// <summary>Says how it is found out whether a part that is ready still is: a reason, or null.</summary>
    public void Watch(string part, Func<string?> reason) => _watched[part] = reason;

    /// <summary>The parts that are not ready with their reasons, by name; empty when all are.</summary>
    public IReadOnlyList<(string Part, string Reason)> NotReady() =>
        [
            .. _reasons.Select(static pair => (pair.Key, pair.Value))
                .Concat(_watched.Select(static pair => (pair.Key, Reason: pair.Value() ?? "")).Where(static pair => pair.Reason.Length > 0))
                .OrderBy(static pair => pair.Key, StringComparer.Ordinal),
        ];
}
