using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>The security event being added when it completes its request: it is resolved where it stands, without a copy.</summary>
internal readonly ref struct ArrivingEvent
{
    /// <summary>The number of its <see cref="EventNode"/>; -1 when no event is being added.</summary>
    public required int Node { get; init; }

    public TrafficRecord Record { get; init; }

    public static ArrivingEvent None => new() { Node = -1 };
}
