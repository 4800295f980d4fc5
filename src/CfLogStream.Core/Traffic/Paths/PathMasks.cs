using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Where the slashes, digits and so on of a short plain path stand: one bit per byte.</summary>
/// <remarks>
/// Paths of up to 64 bytes are looked at as two vectors that overlap in the middle, so nothing is read past their ends and nothing is
/// copied. A path is plain when it has letters, digits, slashes, hyphens, underscores and dots only: nearly all are.
/// </remarks>
internal readonly struct PathMasks
{
    /// <summary>The longest path that is looked at.</summary>
    public const int MaxLength = 64;

    private PathMasks(ulong slashes, ulong digits, ulong dots, ulong dashes, ulong hexLetters, ulong others)
    {
        Slashes = slashes;
        Digits = digits;
        Dots = dots;
        Dashes = dashes;
        HexLetters = hexLetters;
        Others = others;
    }

    public ulong Slashes { get; }

    public ulong Digits { get; }

    public ulong Dots { get; }

    /// <summary>Hyphens and underscores.</summary>
    public ulong Dashes { get; }

    /// <summary>The letters a to f in either case.</summary>
    public ulong HexLetters { get; }

    /// <summary>Bytes that make a path no plain one.</summary>
    public ulong Others { get; }

    /// <summary>Looks at a path of at most <see cref="MaxLength"/> bytes, at least one.</summary>
    public static PathMasks Of(ReadOnlySpan<byte> path)
    {
        int length = path.Length;
        if (length > 32)
        {
            return Join(Of(Vector256.Create(path)), Of(Vector256.Create(path[^32..])), length - 32, ulong.MaxValue);
        }

        if (length >= 16)
        {
            // The first sixteen bytes and the last sixteen as one vector, moved together afterwards.
            PathMasks both = Of(Vector256.Create(Vector128.Create(path), Vector128.Create(path[^16..])));
            return Join(both, both.Behind(16), length - 16, ushort.MaxValue);
        }

        PathMasks halves = Of(Vector256.Create(Vector128.Create(FirstEight(path), LastEight(path)), Vector128<ulong>.Zero).AsByte());
        return length >= 8
            ? Join(halves, halves.Behind(8), length - 8, byte.MaxValue)
            : halves.First((1UL << length) - 1);
    }

    /// <summary>A mask of <paramref name="length"/> bits from <paramref name="start"/> on; the length is below 64.</summary>
    public static ulong Bits(int start, int length) => ((1UL << length) - 1) << start;

    private static PathMasks Of(Vector256<byte> bytes)
    {
        Vector256<byte> slashes = Vector256.Equals(bytes, Vector256.Create((byte)'/'));
        Vector256<byte> digits = Vector256.LessThanOrEqual(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)9));
        Vector256<byte> places = (bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a');
        Vector256<byte> letters = Vector256.LessThanOrEqual(places, Vector256.Create((byte)('z' - 'a')));
        Vector256<byte> dots = Vector256.Equals(bytes, Vector256.Create((byte)'.'));
        Vector256<byte> dashes = Vector256.Equals(bytes, Vector256.Create((byte)'-')) | Vector256.Equals(bytes, Vector256.Create((byte)'_'));
        return new PathMasks(
            slashes.ExtractMostSignificantBits(),
            digits.ExtractMostSignificantBits(),
            dots.ExtractMostSignificantBits(),
            dashes.ExtractMostSignificantBits(),
            Vector256.LessThanOrEqual(places, Vector256.Create((byte)('f' - 'a'))).ExtractMostSignificantBits(),
            (~(slashes | digits | letters | dots | dashes)).ExtractMostSignificantBits());
    }

    private static PathMasks Join(PathMasks first, PathMasks last, int shift, ulong width) => new(
        (first.Slashes & width) | (last.Slashes << shift),
        (first.Digits & width) | (last.Digits << shift),
        (first.Dots & width) | (last.Dots << shift),
        (first.Dashes & width) | (last.Dashes << shift),
        (first.HexLetters & width) | (last.HexLetters << shift),
        (first.Others & width) | (last.Others << shift));

    private static ulong FirstEight(ReadOnlySpan<byte> path)
    {
        if (path.Length >= 8)
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(path);
        }

        if (path.Length >= 4)
        {
            return BinaryPrimitives.ReadUInt32LittleEndian(path)
                | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(path[^4..]) << ((path.Length - 4) * 8));
        }

        ulong bytes = path[0];
        bytes |= path.Length > 1 ? (ulong)path[1] << 8 : 0;
        return path.Length > 2 ? bytes | ((ulong)path[2] << 16) : bytes;
    }

    private static ulong LastEight(ReadOnlySpan<byte> path) =>
        path.Length >= 8 ? BinaryPrimitives.ReadUInt64LittleEndian(path[^8..]) : 0;

    private PathMasks First(ulong bits) => new(
        Slashes & bits, Digits & bits, Dots & bits, Dashes & bits, HexLetters & bits, Others & bits);

    private PathMasks Behind(int bits) => new(
        Slashes >> bits, Digits >> bits, Dots >> bits, Dashes >> bits, HexLetters >> bits, Others >> bits);
}
