using CfLogStream.Server.Receiving;

namespace CfLogStream.Server.Collecting;

/// <summary>How the objects of one place are collected.</summary>
internal sealed record CollectorOptions
{
    /// <summary>The name of the place in the checkpoint, in metrics and in messages: <c>bucket</c> or <c>folder</c> and its name.</summary>
    public required string Name { get; init; }

    /// <summary>How long to wait between two listings.</summary>
    public required TimeSpan Poll { get; init; }

    /// <summary>For how long after newer ones an object may still appear.</summary>
    public required TimeSpan LookBack { get; init; }

    /// <summary>Objects that are fetched at the same time.</summary>
    public required int Parallel { get; init; }

    /// <summary>From when on the objects of a place that was never read are read; null for the look-back before the first listing.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>The time of records whose objects are read besides, where they are older than what is read anyway.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? Backfill { get; init; }

    /// <summary>Limits of uploads, which hold for objects too, and how slices are made.</summary>
    public required ReceiverOptions Uploads { get; init; }

    /// <summary>Objects wait here while they are read.</summary>
    public required string Folder { get; init; }

    /// <summary>How often an object is refused, others being given between these times, before it is set aside.</summary>
    /// <value>8.</value>
    public int Tries { get; init; } = 8;
}
