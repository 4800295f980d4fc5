using System.Text;

namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Makes foreign text fit for a message: control characters escaped, at most 200 characters.</summary>
internal static class ErrorText
{
    private const int MaxLength = 200;

    public static string Cut(string text)
    {
        var result = new StringBuilder(Math.Min(text.Length, MaxLength) + 1);
        foreach (char character in text)
        {
            if (result.Length >= MaxLength)
            {
                result.Append('…');
                break;
            }

            if (char.IsControl(character) || character is '\u2028' or '\u2029')
            {
                result.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            }
            else
            {
                result.Append(character);
            }
        }

        return result.ToString();
    }
}
