namespace CfLogStream.Cli.Terminal;

/// <summary>Writes words of commands that people will paste into a shell.</summary>
internal static class ShellWord
{
    /// <summary>Returns a word that a POSIX shell reads as it is; in single quotes when needed.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or '=')
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
