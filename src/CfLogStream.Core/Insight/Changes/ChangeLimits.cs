using System.Globalization;
using System.Text;

namespace CfLogStream.Core.Insight.Changes;

/// <summary>How much of a change's texts is kept.</summary>
public static class ChangeLimits
{
    /// <summary>Of an old or new value.</summary>
    public const int ValueBytes = 16 * 1024;

    /// <summary>Of the summary.</summary>
    public const int SummaryBytes = 1024;

    /// <summary>Of a name: zone, actor, kind, id.</summary>
    public const int NameBytes = 256;

    /// <summary>Returns the beginning of a text, cut between characters; what was cut says so and how long the text was.</summary>
    public static Utf8Text Cut(ReadOnlySpan<byte> text, int limit)
    {
        if (text.Length <= limit)
        {
            return Utf8Text.Copy(text);
        }

        byte[] note = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"… (cut; {text.Length} bytes)"));
        int kept = Boundary(text, limit - note.Length);
        return Utf8Text.Copy((byte[])[.. text[..kept], .. note]);
    }

    /// <summary>Returns the beginning of a name, cut between characters without a note.</summary>
    public static Utf8Text CutName(ReadOnlySpan<byte> text) =>
        Utf8Text.Copy(text.Length <= NameBytes ? text : text[..Boundary(text, NameBytes)]);

    private static int Boundary(ReadOnlySpan<byte> text, int limit)
    {
        // A character has at most four bytes; bytes that are no UTF-8 are cut anywhere.
        for (int back = 0; back < 4 && limit - back > 0; back++)
        {
            if ((text[limit - back] & 0xC0) != 0x80)
            {
                return limit - back;
            }
        }

        return limit;
    }
}
