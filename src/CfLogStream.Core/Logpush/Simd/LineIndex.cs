namespace CfLogStream.Core.Logpush.Simd;

/// <summary>What one pass over a line has found: where it ends, where its keys end, and what makes it unusual.</summary>
/// <remarks>
/// Positions are indices into the buffer. A key's colon is one behind an unescaped quote; where a value begins with a colon, there is one
/// too many, and the line does not match any shape. Reused for every line; one thread owns it.
/// </remarks>
internal sealed class LineIndex
{
    /// <summary>The most keys, nested ones included, of a line that is read by its shape.</summary>
    public const int MaxKeys = 1024;

    /// <summary>The most backslashes of a line that is read by its shape.</summary>
    public const int MaxBackslashes = 512;

    /// <summary>The colons behind keys; a block may write up to 64 more than are counted.</summary>
    public readonly int[] KeyColons = new int[MaxKeys + 128];

    /// <summary>The backslashes that begin an escape.</summary>
    public readonly int[] Backslashes = new int[MaxBackslashes + 64];

    public int KeyCount;
    public int BackslashCount;

    /// <summary>Quotes that are not escaped.</summary>
    public int QuoteCount;

    /// <summary>Where the line's 0x0A is.</summary>
    public int End;

    /// <summary>Whether any byte is 0x80 or above.</summary>
    public bool HasNonAscii;

    /// <summary>Whether the line holds no control character (but for a 0x0D at its end) and not too much of anything.</summary>
    public bool IsUsual;
}
