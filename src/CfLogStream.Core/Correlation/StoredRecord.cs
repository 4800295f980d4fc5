using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>The fixed part of a record that was copied to be kept; its texts follow it in the same block.</summary>
internal struct StoredRecord
{
    public TrafficHead Head;
    public RecordPlace Place;

    /// <summary>Those who keep it; the last one frees the block.</summary>
    public int Owners;
}
