using CfLogStream.Cli.Terminal;

namespace CfLogStream.Cli.Tests.Terminal;

public sealed class TextWrapTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("one two", "one two")]
    [InlineData("one two three four", "one two|three four")]
    [InlineData("one two three four five six", "one two|three four|five six")]
    [InlineData("one two three four five six seven eight", "one two|three four|five six …")]
    [InlineData("abcdefghijklmnopq", "abcdefghij|klmnopq")]
    [InlineData("a\u001b[2Jb", "a\\x1b[2Jb")]
    [InlineData("abcdefghi😀", "abcdefghi|😀")]
    public void Lines_Text_BreaksAtBlanks(string text, string lines) => Assert.Equal(lines, string.Join('|', TextWrap.Lines(text, 10, 3)));

    [Theory]
    [InlineData("data/db-1", "data/db-1")]
    [InlineData("my data", "'my data'")]
    [InlineData("", "''")]
    [InlineData("it's; rm -rf $HOME", "'it'\\''s; rm -rf $HOME'")]
    public void Quote_Word_IsOneWordOfAShell(string word, string quoted) => Assert.Equal(quoted, ShellWord.Quote(word));
}
