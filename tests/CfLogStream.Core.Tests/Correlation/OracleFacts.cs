using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Correlation;

/// <summary>A line with what its own offset decided.</summary>
public sealed record Arrival(LogLine Line, long Offset, long JoinNs, uint Minute, ulong Chunk, bool Late, bool Future);

/// <summary>A counter of quality_1m that was increased at an offset.</summary>
public sealed record QualityFact(uint Minute, ulong Chunk, Dataset Dataset, string Counter, long Amount, long Offset);

/// <summary>A matched rule of a resolved request.</summary>
public sealed record MatchFact(
    string Control, string RuleId, string Action, string Ref, string Description, int Index, string Originator, int Order, bool Terminates,
    bool Named);

/// <summary>A resolved request and the offset at which it was resolved.</summary>
public sealed record RequestFact(
    Arrival At,
    Outcome Outcome,
    bool Lost,
    bool IsRequest,
    bool HasEvents,
    IReadOnlyList<MatchFact> Matches,
    bool HasTerminating,
    long Offset)
{
    public int Subrequests { get; set; }
}

/// <summary>All that is known of a ray until it is forgotten.</summary>
public sealed class Session
{
    public long Expiry { get; set; }
    public long? RequestAt { get; set; }
    public List<(LogEntry Key, int Index, long JoinNs)> Events { get; } = [];
    public List<long> Solves { get; } = [];
    public int Subrequests { get; set; }
    public RequestFact? Latest { get; set; }
    public Arrival? Waiting { get; set; }
    public List<(Arrival Event, int Entry)> Held { get; } = [];
    public long? Deadline { get; set; }
    public long Begin { get; set; }
}
