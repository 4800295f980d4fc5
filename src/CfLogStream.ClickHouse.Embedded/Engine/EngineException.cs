using System.Globalization;

namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>An error in the engine's own words: <c>Code: 60. DB::Exception: … (UNKNOWN_TABLE)</c>.</summary>
internal sealed class EngineException : Exception
{
    private const string Prefix = "Code: ";

    public EngineException(string message)
        : base(message)
    {
        Code = ParseCode(message);
    }

    public EngineException(int code, string name, string message)
        : base(string.Create(CultureInfo.InvariantCulture, $"Code: {code}. DB::Exception: {message} ({name})"))
    {
        Code = code;
    }

    /// <summary>Gets ClickHouse's error code; 1002 (unknown exception) when the text carries none.</summary>
    public int Code { get; }

    private static int ParseCode(string message)
    {
        int start = message.IndexOf(Prefix, StringComparison.Ordinal);
        if (start < 0)
        {
            return EngineErrorCode.UnknownException;
        }

        ReadOnlySpan<char> digits = message.AsSpan(start + Prefix.Length);
        int end = digits.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? digits : digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int code)
            ? code
            : EngineErrorCode.UnknownException;
    }
}
