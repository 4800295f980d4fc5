using System.Text;

namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>Writes names and values as the engine's parser reads them.</summary>
internal static class EngineText
{
    /// <summary>Returns a text as the value of a <c>{name:String}</c> placeholder, which is read like a field of TabSeparated.</summary>
    public static string ParameterValue(string text) => new StringBuilder(text)
        .Replace("\\", "\\\\").Replace("\t", "\\t").Replace("\n", "\\n").Replace("\r", "\\r").Replace("\0", "\\0").ToString();

    /// <summary>Returns a text in quotes.</summary>
    public static string Quoted(string text, char quote)
    {
        var quoted = new StringBuilder(text.Length + 2).Append(quote);
        foreach (char letter in text)
        {
            if (letter == quote || letter == '\\')
            {
                quoted.Append('\\');
            }

            quoted.Append(letter);
        }

        return quoted.Append(quote).ToString();
    }
}
