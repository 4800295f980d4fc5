namespace CfLogStream.Cli.Terminal;

/// <summary>
/// Which code points take two columns: an approximation of Unicode's EastAsianWidth.txt (classes W and F) by blocks. Where terminals
/// themselves disagree, in emoji above all, it takes the wider answer for blocks that are mostly wide.
/// </summary>
internal static class EastAsianWidth
{
    // First and last code point of each wide range, ascending.
    private static readonly int[] s_wide =
    [
        0x1100, 0x115F, // Hangul Jamo, leading consonants
        0x231A, 0x231B,
        0x2329, 0x232A,
        0x23E9, 0x23EC,
        0x23F0, 0x23F0,
        0x23F3, 0x23F3,
        0x25FD, 0x25FE,
        0x2614, 0x2615,
        0x2648, 0x2653,
        0x267F, 0x267F,
        0x2693, 0x2693,
        0x26A1, 0x26A1,
        0x26AA, 0x26AB,
        0x26BD, 0x26BE,
        0x26C4, 0x26C5,
        0x26CE, 0x26CE,
        0x26D4, 0x26D4,
        0x26EA, 0x26EA,
        0x26F2, 0x26F3,
        0x26F5, 0x26F5,
        0x26FA, 0x26FA,
        0x26FD, 0x26FD,
        0x2705, 0x2705,
        0x270A, 0x270B,
        0x2728, 0x2728,
        0x274C, 0x274C,
        0x274E, 0x274E,
        0x2753, 0x2755,
        0x2757, 0x2757,
        0x2795, 0x2797,
        0x27B0, 0x27B0,
        0x27BF, 0x27BF,
        0x2B1B, 0x2B1C,
        0x2B50, 0x2B50,
        0x2B55, 0x2B55,
        0x2E80, 0x303E, // CJK radicals, punctuation
        0x3041, 0x33FF, // kana, Bopomofo, Hangul compatibility, CJK symbols
        0x3400, 0x4DBF, // CJK extension A
        0x4E00, 0x9FFF, // CJK
        0xA000, 0xA4CF, // Yi
        0xA960, 0xA97F, // Hangul Jamo extended A
        0xAC00, 0xD7A3, // Hangul syllables
        0xF900, 0xFAFF, // CJK compatibility
        0xFE10, 0xFE19, // vertical forms
        0xFE30, 0xFE6F, // CJK compatibility and small forms
        0xFF00, 0xFF60, // full-width forms
        0xFFE0, 0xFFE6,
        0x16FE0, 0x18DFF, // Tangut, Khitan
        0x1AFF0, 0x1B2FF, // kana supplements, Nushu
        0x1F004, 0x1F004,
        0x1F0CF, 0x1F0CF,
        0x1F18E, 0x1F18E,
        0x1F191, 0x1F19A,
        0x1F200, 0x1F265,
        0x1F300, 0x1F64F, // pictographs, emoticons
        0x1F680, 0x1F6FF, // transport
        0x1F7E0, 0x1F7EB,
        0x1F7F0, 0x1F7F0,
        0x1F900, 0x1F9FF,
        0x1FA70, 0x1FAFF,
        0x20000, 0x3FFFD, // CJK extensions B and later
    ];

    /// <summary>Whether a terminal gives the code point two columns.</summary>
    public static bool IsWide(int codePoint)
    {
        if (codePoint < s_wide[0])
        {
            return false;
        }

        int found = Array.BinarySearch(s_wide, codePoint);

        // A hit is the border of a range; a miss is inside one when the next border is a last code point (odd index).
        return found >= 0 || (~found & 1) == 1;
    }
}
