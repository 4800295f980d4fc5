using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Logpush.Simd;

namespace CfLogStream.Core.Fuzz;

/// <summary>What is fuzzed: reading some lines, at every width, with what was learnt from the lines before.</summary>
/// <remarks>An input is one byte whose low bits choose the limits, and the content of a buffer. The content is read twice: the second time
/// the shapes of its lines are known, unless a later line changed them. Every input gets fresh readers, so that it alone decides.</remarks>
internal static class ReadingTarget
{
    private const int MaxInputBytes = 16 * 1024;

    private static readonly SimdWidth[] s_widths = [.. SimdSelection.Available.Where(width => width != SimdWidth.Scalar)];

    /// <summary>Returns the first difference between the scalar reference and any width; null when there is none.</summary>
    public static string? FindDifference(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty || input.Length > MaxInputBytes)
        {
            return null;
        }

        int choice = input[0];
        var options = new ReaderOptions
        {
            MaxDepth = (choice & 3) switch { 0 => 64, 1 => 2, 2 => 3, _ => 1 },
            MaxLineBytes = (choice & 4) == 0 ? MaxInputBytes : 100,
            ExtraFields = (choice & 8) == 0 ? [] : ["ClientCity", "RayID", "x"],
        };
        ReadOnlySpan<byte> content = input[1..];
        var buffer = new PaddedBuffer(content.Length);
        content.CopyTo(buffer.Room);
        buffer.End(content.Length);
        var readers = new LockStep(options, s_widths);
        return readers.FindDifference(buffer) ?? readers.FindDifference(buffer);
    }
}
