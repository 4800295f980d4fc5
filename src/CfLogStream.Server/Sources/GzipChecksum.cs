using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CfLogStream.Server.Sources;

/// <summary>The CRC-32 of gzip (RFC 1952, polynomial 0xEDB88320 with its bits reversed), over bytes that come piece by piece.</summary>
/// <remarks>
/// On x64 with carry-less multiplication it folds 64 bytes at a time, as in Gopal and others, "Fast CRC Computation for Generic Polynomials
/// Using PCLMULQDQ Instruction" (Intel, 2009), whose constants these are: four registers of 128 bits are multiplied by what 512 further bits
/// mean modulo the polynomial, then by what 128 mean; the last 128 bits go through the table. Elsewhere it is that of System.IO.Hashing,
/// which could be used on x64 too, but its small helpers are compiled unoptimised at first: in a service that has just started, a tenth of
/// the time of uploads went there. This one is compiled once, optimised. One thread owns an instance.
/// </remarks>
internal sealed class GzipChecksum
{
    private const int VectorBytes = 16;
    private const int FoldBytes = 4 * VectorBytes;

    private static readonly uint[] s_table = MakeTable();

    private readonly Crc32? _other = Pclmulqdq.IsSupported ? null : new Crc32();
    private uint _state = uint.MaxValue;

    /// <summary>The checksum of all bytes so far.</summary>
    public uint Value => _other?.GetCurrentHashAsUInt32() ?? ~_state;

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_other is not null)
        {
            _other.Append(bytes);
            return;
        }

        if (bytes.Length >= FoldBytes)
        {
            int whole = bytes.Length & -VectorBytes;
            _state = Fold(_state, bytes[..whole]);
            bytes = bytes[whole..];
        }

        _state = ByTable(_state, bytes);
    }

    /// <summary>Forgets all bytes.</summary>
    public void Reset()
    {
        _other?.Reset();
        _state = uint.MaxValue;
    }

    /// <param name="bytes">At least 64, a multiple of 16.</param>
    // Optimised at once: it is called once per 64 KiB or so, too seldom to be compiled again while it matters.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Fold(uint state, ReadOnlySpan<byte> bytes)
    {
        // x^(512 + 32) and x^(512 - 32), x^(128 + 32) and x^(128 - 32) modulo the polynomial, their bits reversed.
        var far = Vector128.Create(0x1_5444_2BD4UL, 0x1_C6E4_1596UL);
        var near = Vector128.Create(0x1_7519_97D0UL, 0x0_CCAA_009EUL);
        Vector128<ulong> first = Load(bytes) ^ Vector128.CreateScalar((ulong)state);
        Vector128<ulong> second = Load(bytes[VectorBytes..]);
        Vector128<ulong> third = Load(bytes[(2 * VectorBytes)..]);
        Vector128<ulong> fourth = Load(bytes[(3 * VectorBytes)..]);
        bytes = bytes[FoldBytes..];
        while (bytes.Length >= FoldBytes)
        {
            first = Shift(first, far) ^ Load(bytes);
            second = Shift(second, far) ^ Load(bytes[VectorBytes..]);
            third = Shift(third, far) ^ Load(bytes[(2 * VectorBytes)..]);
            fourth = Shift(fourth, far) ^ Load(bytes[(3 * VectorBytes)..]);
            bytes = bytes[FoldBytes..];
        }

        Vector128<ulong> all = Shift(Shift(Shift(first, near) ^ second, near) ^ third, near) ^ fourth;
        while (bytes.Length >= VectorBytes)
        {
            all = Shift(all, near) ^ Load(bytes);
            bytes = bytes[VectorBytes..];
        }

        // What is left means the same as a message of 16 bytes from the state 0 on.
        Span<byte> rest = stackalloc byte[VectorBytes];
        all.AsByte().CopyTo(rest);
        return ByTable(0, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Load(ReadOnlySpan<byte> bytes) => Vector128.Create(bytes).AsUInt64();

    /// <summary>Moves 128 bits on by as many as a pair of constants stands for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Shift(Vector128<ulong> bits, Vector128<ulong> by) =>
        Pclmulqdq.CarrylessMultiply(bits, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(bits, by, 0x11);

    private static uint ByTable(uint state, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            state = s_table[(byte)(state ^ value)] ^ (state >> 8);
        }

        return state;
    }

    private static uint[] MakeTable()
    {
        const uint Polynomial = 0xEDB8_8320;
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value >> 1) ^ (Polynomial & (0 - (value & 1)));
            }

            table[i] = value;
        }

        return table;
    }
}
