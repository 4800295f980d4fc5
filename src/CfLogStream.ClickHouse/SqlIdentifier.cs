using System.Buffers;

namespace CfLogStream.ClickHouse;

/// <summary>Names of databases, clusters, tables and columns, which SQL cannot take as parameters: checked instead.</summary>
public static class SqlIdentifier
{
    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Whether a text is a letter or '_' followed by letters, digits and '_' (ASCII), at most 128 of them.</summary>
    public static bool IsValid(string? value) =>
        value is { Length: > 0 and <= 128 }
        && !char.IsAsciiDigit(value[0])
        && !value.AsSpan().ContainsAnyExcept(s_allowed);

    /// <summary>Returns the name when it is valid and throws otherwise.</summary>
    public static string Check(string what, string? value)
    {
        if (!IsValid(value))
        {
            Throw.BadIdentifier(what, value);
        }

        return value!;
    }
}
