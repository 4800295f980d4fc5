using System.Globalization;
using System.Text;

namespace CfLogStream.Core.Rules;

/// <summary>Writes values into expressions so that they cannot leave their literal.</summary>
/// <remarks>
/// Only printable ASCII is written as it is; quotes and backslashes are escaped, every other byte becomes <c>\xHH</c>. So the text of an
/// attacker neither ends the literal nor hides in it: no line ends, no direction overrides.
/// </remarks>
public static class RuleText
{
    /// <summary>Returns a quoted string literal.</summary>
    public static string Quote(string value) => Quote(Encoding.UTF8.GetBytes(value));

    /// <summary>Returns a quoted string literal.</summary>
    public static string Quote(ReadOnlySpan<byte> value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (byte b in value)
        {
            if (b is (byte)'"' or (byte)'\\')
            {
                text.Append('\\').Append((char)b);
            }
            else if (b is >= 0x20 and <= 0x7e)
            {
                text.Append((char)b);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
            }
        }

        return text.Append('"').ToString();
    }

    /// <summary>Returns text as it stands in a wildcard pattern, where it matches only itself; to be quoted afterwards.</summary>
    public static string EscapeWildcard(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);
}
