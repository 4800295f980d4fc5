using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>The stable hashes of the JA4s met last. One per thread; 40 kB.</summary>
/// <remarks>
/// A JA4 has 36 characters, of which most are a hash already (<c>t13d1516h2_8daaf6152771_02713d6af862</c>): some of these choose its
/// slot. Texts of another length are hashed anew each time.
/// </remarks>
internal sealed class Ja4Cache
{
    private const int Length = 36;
    private const int SlotBits = 9;

    // Two vectors that overlap are the whole text.
    private const int VectorBytes = 32;
    private const int SecondStart = Length - VectorBytes;
    private const int HashStart = 11;

    private readonly Slot[] _slots = new Slot[1 << SlotBits];

    public Ja4Cache()
    {
        // An empty slot is that of a text of NULs.
        ulong hash = StableHash.Of(stackalloc byte[Length]);
        foreach (ref Slot slot in _slots.AsSpan())
        {
            slot.Hash = hash;
        }
    }

    /// <summary>Returns <see cref="StableHash.Of(ReadOnlySpan{byte}, ulong)"/> of a JA4.</summary>
    public ulong HashOf(ReadOnlySpan<byte> ja4)
    {
        if (ja4.Length != Length)
        {
            return StableHash.Of(ja4);
        }

        Vector256<byte> first = Vector256.Create(ja4);
        Vector256<byte> second = Vector256.Create(ja4[SecondStart..]);
        ref Slot slot = ref _slots[(BinaryPrimitives.ReadUInt32LittleEndian(ja4[HashStart..]) * 0x9E3779B1u) >> (32 - SlotBits)];
        if (((first ^ slot.First) | (second ^ slot.Second)) != Vector256<byte>.Zero)
        {
            slot.First = first;
            slot.Second = second;
            slot.Hash = StableHash.Of(ja4);
        }

        return slot.Hash;
    }

    private struct Slot
    {
        public Vector256<byte> First;
        public Vector256<byte> Second;
        public ulong Hash;
    }
}
