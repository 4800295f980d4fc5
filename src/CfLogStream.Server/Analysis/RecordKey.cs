using CfLogStream.Core.Logpush;

namespace CfLogStream.Server.Analysis;

/// <summary>What a record is sorted by inside its second but for its content, and where it stands in its page.</summary>
/// <remarks>16 bytes. Keys stand apart from the records, so that sorting reads a few cache lines per second and none of the records.</remarks>
internal readonly struct RecordKey(uint nsOfSecond, ulong ray, Dataset dataset, int start)
{
    public readonly ulong Ray = ray;

    // A second has fewer than 2^30 nanoseconds; the two bits below them tell the dataset, which is compared last.
    public readonly uint NsAndDataset = (nsOfSecond << 2) | ((uint)dataset & 3);
    public readonly int Start = start;

    public uint NsOfSecond => NsAndDataset >> 2;
}
