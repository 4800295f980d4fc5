using System.Buffers.Text;

namespace CfLogStream.Server.Doctor;

/// <summary>How a job writes times.</summary>
internal enum TimeForm
{
    /// <summary>None of those that Logpush writes.</summary>
    Other = 0,

    /// <summary><c>unix</c>, or <c>rfc3339</c>.</summary>
    Seconds,

    /// <summary><c>rfc3339ms</c>, <c>rfc3339ns</c> or <c>unixnano</c>.</summary>
    Finer,
}

/// <summary>Recognises the form of a time.</summary>
internal static class TimeForms
{
    private const long FirstOfNothing = 60_000_000_000;

    /// <summary>Returns the form of a time as it stands in a record.</summary>
    public static TimeForm Of(ReadOnlySpan<byte> text)
    {
        if (Utf8Parser.TryParse(text, out long number, out int used) && used == text.Length)
        {
            return number < FirstOfNothing ? TimeForm.Seconds : TimeForm.Finer;
        }

        return text.Length < 19 ? TimeForm.Other : text[19..].StartsWith("."u8) ? TimeForm.Finer : TimeForm.Seconds;
    }
}
