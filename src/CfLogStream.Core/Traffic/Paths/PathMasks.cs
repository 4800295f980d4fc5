using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Where the slashes, digits and so on of a short path stand: one bit per byte.</summary>
internal readonly struct PathMasks
{
    /// <summary>The longest path that is looked at.</summary>
    public const int MaxLength = 64;

    private const int Half = MaxLength / 2;

    /// <param name="low">The first 32 bytes, zeros behind the path.</param>
    /// <param name="high">The next 32 bytes, zeros behind the path.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PathMasks(Vector256<byte> low, Vector256<byte> high)
    {
        Slashes = Bits(Vector256.Equals(low, Vector256.Create((byte)'/')), Vector256.Equals(high, Vector256.Create((byte)'/')));
        Dots = Bits(Vector256.Equals(low, Vector256.Create((byte)'.')), Vector256.Equals(high, Vector256.Create((byte)'.')));
        Dashes = Bits(DashesOf(low), DashesOf(high));
        Digits = Bits(DigitsOf(low), DigitsOf(high));
        Vector256<byte> lowPlaces = PlacesOf(low);
        Vector256<byte> highPlaces = PlacesOf(high);
        Letters = Bits(UpTo(lowPlaces, 'z' - 'a'), UpTo(highPlaces, 'z' - 'a'));
        HexLetters = Bits(UpTo(lowPlaces, 'f' - 'a'), UpTo(highPlaces, 'f' - 'a'));
    }

    public ulong Slashes { get; }

    public ulong Digits { get; }

    public ulong Dots { get; }

    /// <summary>Hyphens and underscores.</summary>
    public ulong Dashes { get; }

    public ulong Letters { get; }

    /// <summary>The letters a to f in either case.</summary>
    public ulong HexLetters { get; }

    /// <summary>A mask of <paramref name="length"/> bits from <paramref name="start"/> on; the length is below 64.</summary>
    public static ulong Range(int start, int length) => ((1UL << length) - 1) << start;

    /// <summary>Sets the bytes whose bits are set to 255, which no plain path has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Mark(Vector256<byte> bytes, uint bits)
    {
        // Each byte of the bits goes to eight bytes, of which each looks at one bit.
        Vector256<byte> spread = Vector256.Shuffle(
            Vector256.Create(bits).AsByte(),
            Vector256.Create(
                (byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 18, 18, 18, 18, 18, 18, 18, 18, 19, 19, 19, 19, 19, 19, 19, 19));
        Vector256<byte> own = Vector256.Create(0x8040_2010_0804_0201UL).AsByte();
        return bytes | Vector256.Equals(spread & own, own);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(Vector256<byte> low, Vector256<byte> high) =>
        low.ExtractMostSignificantBits() | ((ulong)high.ExtractMostSignificantBits() << Half);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> DashesOf(Vector256<byte> bytes) =>
        Vector256.Equals(bytes, Vector256.Create((byte)'-')) | Vector256.Equals(bytes, Vector256.Create((byte)'_'));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> DigitsOf(Vector256<byte> bytes) => UpTo(bytes - Vector256.Create((byte)'0'), 9);

    // The place of a letter in the alphabet, whatever its case.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> PlacesOf(Vector256<byte> bytes) => (bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a');

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> UpTo(Vector256<byte> bytes, int last) => Vector256.LessThanOrEqual(bytes, Vector256.Create((byte)last));
}
