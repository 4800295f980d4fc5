using System.Buffers;
using System.Globalization;
using System.Text;
using CfLogStream.Cli.Terminal;
using CsCheck;

namespace CfLogStream.Cli.Tests.Terminal;

public sealed class TerminalTextTests
{
    private const int Iterations = 5_000;

    // Every kind of character that matters, often enough.
    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.Char[' ', '~'].Select(c => c.ToString()),
        Gen.Char['\0', '\u00a0'].Select(c => c.ToString()),
        Gen.Char.Select(c => c.ToString()),
        Gen.Int[0, 0x10FFFF].Where(Rune.IsValid).Select(char.ConvertFromUtf32),
        Gen.OneOf("\u0301", "\u20dd", "\u202e", "\u2028", "界", "😀", "é", "\u200d", "\ufeff", "\ud800", "\udc00", "\u001b[31m", "…"))
        .Array[0, 30]
        .Select(string.Concat);

    [Theory]
    [InlineData("plain text, 'quotes' \"too\" <b> & \\", "plain text, 'quotes' \"too\" <b> & \\")]
    [InlineData("\u001b[2J\u001b]0;title\u0007", "\\x1b[2J\\x1b]0;title\\x07")]
    [InlineData("a\nb\r\tc\0\u007f", "a\\x0ab\\x0d\\x09c\\x00\\x7f")]
    [InlineData("\u0085\u009b31m", "\\u{85}\\u{9b}31m")]
    [InlineData("user\u202Egnp.exe\u2069", "user\\u{202e}gnp.exe\\u{2069}")]
    [InlineData("a\u2028b\u2029c", "a\\u{2028}b\\u{2029}c")]
    [InlineData("zero\u200bwidth\ufeff\u00ad", "zero\\u{200b}width\\u{feff}\\u{ad}")]
    [InlineData("\U000E0041 tag", "\\u{e0041} tag")]
    [InlineData("äöü 界 😀 é", "äöü 界 😀 é")]
    [InlineData("e\u0301", "e\u0301")]
    [InlineData("\u0301e", "\\u{301}e")]
    [InlineData("z\u0301\u0301\u0301\u0301\u0301\u0301", "z\u0301\u0301\u0301\u0301\\u{301}\\u{301}")]
    public void Escape_WhatIsNotPlainlyVisible_BecomesVisible(string text, string expected)
    {
        Assert.Equal(expected, TerminalText.Escape(text));
        if (IsWellFormed(text))
        {
            Assert.Equal(expected, TerminalText.Escape(Encoding.UTF8.GetBytes(text)));
        }
    }

    [Fact]
    public void Escape_BytesThatAreNoUtf8_AreShownOneByOne()
    {
        byte[] bytes = [.. "a"u8, 0xFF, 0xC3, .. "b"u8, 0xE2, 0x82, .. "c"u8, 0xC0, 0x80, 0xED, 0xA0, 0x80, 0xF0, 0x9F, 0x98];

        Assert.Equal(@"a\xff\xc3b\xe2\x82c\xc0\x80\xed\xa0\x80\xf0\x9f\x98", TerminalText.Escape(bytes));
    }

    [Fact]
    public void Escape_LoneSurrogates_AreShown()
    {
        Assert.Equal("\\u{d83d} lone \\u{de00}", TerminalText.Escape("\ud83d lone \ude00"));
    }

    [Fact]
    public void EscapeLines_LineFeeds_Stay()
    {
        Assert.Equal("a\nb\\x0d\nc\\x1b", TerminalText.EscapeLines("a\nb\r\nc\u001b"));
    }

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("abcdef", 1, "…")]
    [InlineData("abcdef", 0, "")]
    [InlineData("abcdef", -1, "")]
    [InlineData("", 0, "")]
    [InlineData("界界界", 6, "界界界")]
    [InlineData("界界界", 5, "界界…")]
    [InlineData("界界界", 4, "界…")]
    [InlineData("ab\u001bcd", 6, "ab…")]
    [InlineData("ab\u001bcd", 8, "ab\\x1bcd")]
    [InlineData("e\u0301e\u0301e\u0301", 2, "e\u0301…")]
    public void Cut_ToColumns_NeverSplitsACharacterOrAnEscape(string text, int columns, string expected)
    {
        Assert.Equal(expected, TerminalText.Cut(text, columns));
        Assert.Equal(expected, TerminalText.Cut(Encoding.UTF8.GetBytes(text), columns));
    }

    [Theory]
    [InlineData("ab", 4, "ab  ")]
    [InlineData("界界", 4, "界界")]
    [InlineData("界界界", 4, "界… ")]
    [InlineData("", 2, "  ")]
    public void Fit_ToColumns_FillsThem(string text, int columns, string expected)
    {
        Assert.Equal(expected, TerminalText.Fit(text, columns));
    }

    [Fact]
    public void Escape_AnyText_LeavesNothingDangerous()
    {
        s_text.Sample(text => AssertHarmless(TerminalText.Escape(text)), iter: Iterations);
    }

    [Fact]
    public void Escape_AnyBytes_LeavesNothingDangerous()
    {
        Gen.Byte.Array[0, 60].Sample(bytes => AssertHarmless(TerminalText.Escape(bytes)), iter: Iterations);
    }

    [Fact]
    public void Escape_PrintableAscii_IsUnchanged()
    {
        Gen.Char[' ', '~'].Array[0, 60].Select(chars => new string(chars)).Sample(text => Assert.Equal(text, TerminalText.Escape(text)));
    }

    [Fact]
    public void Escape_TextAndItsUtf8_LookTheSame()
    {
        s_text.Where(IsWellFormed).Sample(text =>
            Assert.Equal(TerminalText.Escape(text), TerminalText.Escape(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void Cut_AnyText_KeepsToTheColumnsAndToTheText()
    {
        Gen.Select(s_text, Gen.Int[0, 40]).Sample((text, columns) =>
        {
            string whole = TerminalText.Escape(text);
            string cut = TerminalText.Cut(text, columns);

            Assert.True(TerminalText.Columns(cut) <= columns);
            AssertHarmless(cut);
            if (TerminalText.Columns(whole) <= columns)
            {
                Assert.Equal(whole, cut);
            }
            else if (columns > 0)
            {
                Assert.EndsWith("…", cut, StringComparison.Ordinal);
                Assert.StartsWith(cut[..^1], whole, StringComparison.Ordinal);

                // What was cut off would not have fitted: two columns may be lost to a wide character, up to nine to an escape.
                Assert.True(TerminalText.Columns(cut) > columns - 10);
            }
        }, iter: Iterations);
    }

    [Fact]
    public void Fit_AnyText_TakesExactlyTheColumns()
    {
        Gen.Select(s_text, Gen.Int[1, 40]).Sample((text, columns) =>
            Assert.Equal(columns, TerminalText.Columns(TerminalText.Fit(text, columns))));
    }

    [Theory]
    [InlineData(0x10FF, false)]
    [InlineData(0x1100, true)]
    [InlineData(0x115F, true)]
    [InlineData(0x1160, false)]
    [InlineData(0x23F0, true)]
    [InlineData(0x23F1, false)]
    [InlineData(0x4E00, true)]
    [InlineData(0x1F600, true)]
    [InlineData(0x3FFFD, true)]
    [InlineData(0x3FFFE, false)]
    [InlineData('a', false)]
    public void IsWide_AtTheBordersOfItsRanges_IsExact(int codePoint, bool expected)
    {
        Assert.Equal(expected, EastAsianWidth.IsWide(codePoint));
    }

    private static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out _, out int used) != OperationStatus.Done)
            {
                return false;
            }

            i += used;
        }

        return true;
    }

    private static void AssertHarmless(string shown)
    {
        Assert.True(IsWellFormed(shown));
        Assert.All(shown.EnumerateRunes(), rune => Assert.False(
            Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate,
            $"U+{rune.Value:X4}"));
    }
}
