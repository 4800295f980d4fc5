using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CfLogStream.Server.Sources;

/// <summary>The CRC-32 of gzip (RFC 1952, polynomial 0xEDB88320 with its bits reversed), over bytes that come piece by piece.</summary>
/// <remarks>
/// On x64 with carry-less multiplication it folds, as in Gopal and others, "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ
/// Instruction" (Intel, 2009): four registers of 128 or 512 bits are multiplied by what the bits of all four mean modulo the polynomial,
/// until less is left than they take; then they are folded into one of 128 bits, which goes through the table. Elsewhere it is that of
/// System.IO.Hashing, which could be used on x64 too, but its small helpers are compiled unoptimised at first: in a service that has just
/// started, a tenth of the time of uploads went there. This one is compiled once, optimised. One thread owns an instance.
/// </remarks>
internal sealed class GzipChecksum
{
    private const int VectorBytes = 16;
    private const int FoldBytes = 4 * VectorBytes;
    private const int WideBytes = 64;
    private const int WideFoldBytes = 4 * WideBytes;
    private const uint Polynomial = 0xEDB8_8320;

    // What moves a register on by so many bits.
    private static readonly Vector128<ulong> s_by128 = ShiftBy(128);
    private static readonly Vector128<ulong> s_by512 = ShiftBy(512);
    private static readonly Vector128<ulong> s_by2048 = ShiftBy(2048);
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

        if (bytes.Length >= WideFoldBytes && Pclmulqdq.V512.IsSupported)
        {
            int whole = bytes.Length & -WideBytes;
            _state = FoldWide(_state, bytes[..whole]);
            bytes = bytes[whole..];
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
        Vector128<ulong> far = s_by512;
        Vector128<ulong> near = s_by128;
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

        return End(all);
    }

    /// <param name="bytes">At least 256, a multiple of 64.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint FoldWide(uint state, ReadOnlySpan<byte> bytes)
    {
        Vector512<ulong> far = Vector512.Create(Vector256.Create(s_by2048, s_by2048), Vector256.Create(s_by2048, s_by2048));
        Vector512<ulong> middle = Vector512.Create(Vector256.Create(s_by512, s_by512), Vector256.Create(s_by512, s_by512));
        Vector512<ulong> first = LoadWide(bytes) ^ Vector512.CreateScalar((ulong)state);
        Vector512<ulong> second = LoadWide(bytes[WideBytes..]);
        Vector512<ulong> third = LoadWide(bytes[(2 * WideBytes)..]);
        Vector512<ulong> fourth = LoadWide(bytes[(3 * WideBytes)..]);
        bytes = bytes[WideFoldBytes..];
        while (bytes.Length >= WideFoldBytes)
        {
            first = Shift(first, far) ^ LoadWide(bytes);
            second = Shift(second, far) ^ LoadWide(bytes[WideBytes..]);
            third = Shift(third, far) ^ LoadWide(bytes[(2 * WideBytes)..]);
            fourth = Shift(fourth, far) ^ LoadWide(bytes[(3 * WideBytes)..]);
            bytes = bytes[WideFoldBytes..];
        }

        Vector512<ulong> all = Shift(Shift(Shift(first, middle) ^ second, middle) ^ third, middle) ^ fourth;
        while (bytes.Length >= WideBytes)
        {
            all = Shift(all, middle) ^ LoadWide(bytes);
            bytes = bytes[WideBytes..];
        }

        Vector128<ulong> near = s_by128;
        Vector128<ulong> half = Shift(all.GetLower().GetLower(), near) ^ all.GetLower().GetUpper();
        return End(Shift(Shift(half, near) ^ all.GetUpper().GetLower(), near) ^ all.GetUpper().GetUpper());
    }

    /// <summary>Returns the state behind 128 bits that the state went into: they mean the same as a message from the state 0 on.</summary>
    private static uint End(Vector128<ulong> bits)
    {
        Span<byte> rest = stackalloc byte[VectorBytes];
        bits.AsByte().CopyTo(rest);
        return ByTable(0, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> LoadWide(ReadOnlySpan<byte> bytes) => Vector512.Create(bytes).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Shift(Vector512<ulong> bits, Vector512<ulong> by) =>
        Pclmulqdq.V512.CarrylessMultiply(bits, by, 0x00) ^ Pclmulqdq.V512.CarrylessMultiply(bits, by, 0x11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Load(ReadOnlySpan<byte> bytes) => Vector128.Create(bytes).AsUInt64();

    /// <summary>Moves 128 bits on by as many as a pair of constants stands for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Shift(Vector128<ulong> bits, Vector128<ulong> by) =>
        Pclmulqdq.CarrylessMultiply(bits, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(bits, by, 0x11);

    /// <summary>Returns x^(bits + 32) and x^(bits - 32) modulo the polynomial, their bits reversed: the halves of a register stand 64 bits
    /// apart, and a product of reversed bits is one place off.</summary>
    private static Vector128<ulong> ShiftBy(int bits) => Vector128.Create(PowerOf(bits + 32), PowerOf(bits - 32));

    private static ulong PowerOf(int exponent)
    {
        uint value = 0x8000_0000;
        for (int i = 0; i < exponent; i++)
        {
            value = TimesX(value);
        }

        return (ulong)value << 1;
    }

    private static uint TimesX(uint value) => (value >> 1) ^ (Polynomial & (0 - (value & 1)));

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
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = TimesX(value);
            }

            table[i] = value;
        }

        return table;
    }
}
