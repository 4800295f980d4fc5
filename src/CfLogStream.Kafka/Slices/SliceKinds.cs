using CfLogStream.Core.Logpush;

namespace CfLogStream.Kafka.Slices;

/// <summary>The names of <see cref="SliceKind"/> in headers.</summary>
public static class SliceKinds
{
    private const string DeadLetters = "dead_letters";

    private static readonly string[] s_names =
    [
        "", DatasetNames.Of(Dataset.HttpRequests), DatasetNames.Of(Dataset.FirewallEvents), DatasetNames.Of(Dataset.AuditLogs),
        DatasetNames.Of(Dataset.AuditLogsV2), DeadLetters,
    ];

    /// <summary>Every kind there is.</summary>
    public static IReadOnlyList<SliceKind> All { get; } =
        [SliceKind.HttpRequests, SliceKind.FirewallEvents, SliceKind.AuditLogs, SliceKind.AuditLogsV2, SliceKind.DeadLetters];

    /// <summary>Returns the name, for instance <c>http_requests</c>; empty for <see cref="SliceKind.None"/>.</summary>
    public static string NameOf(SliceKind kind) => s_names[(int)kind];

    /// <summary>Whether records of this kind may be copies.</summary>
    internal static bool HasCopies(SliceKind kind) => kind is SliceKind.HttpRequests or SliceKind.FirewallEvents;
}
