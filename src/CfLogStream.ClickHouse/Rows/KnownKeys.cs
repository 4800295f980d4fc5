using System.Runtime.CompilerServices;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Chooses where the numbers of a shared key's texts are remembered: by the object, in a small direct-mapped table.</summary>
internal static class KnownKeys
{
    public const int Slots = 512;

    public static int SlotOf(object key) => RuntimeHelpers.GetHashCode(key) & (Slots - 1);
}
