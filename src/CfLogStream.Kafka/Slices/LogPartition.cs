using CfLogStream.Core;

namespace CfLogStream.Kafka.Slices;

/// <summary>Says to which partition of the log something belongs.</summary>
public static class LogPartition
{
    /// <summary>The partition of everything about a ray.</summary>
    /// <param name="ray">The RayID as <see cref="Core.Traffic.RayId.Read"/> gives it.</param>
    public static int OfRay(ulong ray, int partitions) => OfHash(StableHash.Of(ray), partitions);

    /// <summary>The partition of what has no ray.</summary>
    /// <param name="hash">The <see cref="StableHash"/> of its content.</param>
    public static int OfHash(ulong hash, int partitions) => (int)(hash % (uint)partitions);
}
