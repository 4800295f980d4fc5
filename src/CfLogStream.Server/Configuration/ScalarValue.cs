using System.Globalization;

namespace CfLogStream.Server.Configuration;

/// <summary>Reads single values. What a text means is decided by the key alone: <c>no</c> is a word where a text is expected.</summary>
internal static class ScalarValue
{
    /// <summary>Returns null and the value, or what is wrong with it.</summary>
    public static string? Read(OptionKey key, string path, ScalarNode scalar, out object? value)
    {
        value = null;
        if (scalar.IsNull)
        {
            string remedy = key.Default is null || key.IsList
                ? ""
                : $" Remove the key to get the default ({(key.Default is "" ? "empty" : OptionKey.Written(key.Default))}).";
            return $"{path} has no value; expected {ConfigurationWords.Expectation(key)}.{remedy}";
        }

        return key.Kind switch
        {
            OptionKind.Text => Text(key, path, scalar, out value),
            OptionKind.YesNo => YesNo(key, path, scalar, out value),
            OptionKind.Word => Word(key, path, scalar, out value),
            _ => Number(key, path, scalar, out value),
        };
    }

    private static string? Text(OptionKey key, string path, ScalarNode scalar, out object? value)
    {
        value = null;
        if (!key.Rule.Matches(scalar.Text))
        {
            return Unexpected(key, path, scalar);
        }

        // '$' also matches before a last line feed, which a block text ends in.
        if (scalar.Text.Any(char.IsControl))
        {
            return Unexpected(key, path, scalar) + " Write it on one line, without control characters.";
        }

        value = scalar.Text;
        return null;
    }

    private static string? YesNo(OptionKey key, string path, ScalarNode scalar, out object? value)
    {
        value = scalar.IsPlain && scalar.Text is "true" ? true : scalar.IsPlain && scalar.Text is "false" ? false : null;
        return value is null ? Unexpected(key, path, scalar) : null;
    }

    private static string? Word(OptionKey key, string path, ScalarNode scalar, out object? value)
    {
        value = key.ValueType.IsEnum
            ? Enum.GetValues(key.ValueType).Cast<object>().FirstOrDefault(word => OptionKey.Written(word) == scalar.Text)
            : key.Words.FirstOrDefault(word => word == scalar.Text);
        if (value is not null)
        {
            return null;
        }

        string? near = NearestWord.Find(scalar.Text, key.Words);
        return Unexpected(key, path, scalar) + (near is null ? "" : $" Did you mean '{near}'?");
    }

    private static string? Number(OptionKey key, string path, ScalarNode scalar, out object? value)
    {
        value = null;
        if (!scalar.IsPlain || !long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            return Unexpected(key, path, scalar) + Hint(scalar);
        }

        (long minimum, long maximum) = key.Rule.HasRange ? key.Rule.Range : TypeRange(key.ValueType);
        if (number < minimum || number > maximum)
        {
            return $"{path} ({number}) must be between {minimum} and {maximum}.";
        }

        value = key.Kind == OptionKind.Seconds ? TimeSpan.FromSeconds(number)
            : Convert.ChangeType(number, key.ValueType, CultureInfo.InvariantCulture);
        return null;
    }

    private static (long Minimum, long Maximum) TypeRange(Type type) =>
        type == typeof(int) ? (int.MinValue, int.MaxValue)
        : type == typeof(uint) ? (uint.MinValue, uint.MaxValue)
        : type == typeof(TimeSpan) ? (0, (long)TimeSpan.MaxValue.TotalSeconds)
        : (long.MinValue, long.MaxValue);

    /// <summary>Numbers are written in many ways; only one is read, and the others are worth a hint.</summary>
    private static string Hint(ScalarNode scalar)
    {
        string digits = scalar.Text.Replace("_", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);
        if (digits.Length is 0 or > 19 || !digits.All(char.IsAsciiDigit))
        {
            return "";
        }

        return scalar.IsPlain ? $" Write {digits}." : $" Write {digits} without quotes.";
    }

    private static string Unexpected(OptionKey key, string path, ScalarNode scalar) =>
        $"{path} is {ConfigurationWords.Describe(scalar)}; expected {ConfigurationWords.Expectation(key)}.";
}
