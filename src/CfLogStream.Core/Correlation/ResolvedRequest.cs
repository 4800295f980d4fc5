using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>A request after its join: what the counter puts into rows.</summary>
internal readonly ref struct ResolvedRequest
{
    public ResolvedRequest(ref readonly RecordPlace place)
    {
        Place = ref place;
    }

    /// <summary>The http record, or the first security event when there is none.</summary>
    public TrafficRecord Record { get; init; }

    /// <summary>The copy of <see cref="Record"/> when it waited, else 0; whoever keeps it shares it (<see cref="RecordStore.Share"/>).</summary>
    public int Stored { get; init; }

    /// <summary>Where the record stands.</summary>
    public readonly ref readonly RecordPlace Place;

    public Outcome Outcome { get; init; }

    public bool Lost { get; init; }

    /// <summary>Whether the first of the matches ended the request.</summary>
    public bool HasTerminatingMatch { get; init; }

    public bool HasRequest { get; init; }

    public bool HasEvents { get; init; }

    /// <summary>Resolved early because too many were waiting.</summary>
    public bool Forced { get; init; }

    /// <summary>Announced events that did not come.</summary>
    public int Missing { get; init; }

    /// <summary>Where its ray is remembered.</summary>
    public RayPlace Ray { get; init; }
}
