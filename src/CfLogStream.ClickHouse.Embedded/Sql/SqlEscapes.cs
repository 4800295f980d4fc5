using System.Text;

namespace CfLogStream.ClickHouse.Embedded.Sql;

/// <summary>Undoes the escapes of quoted identifiers, as ClickHouse's readBackQuotedString does.</summary>
internal static class SqlEscapes
{
    /// <summary>Returns the text between quotes without its escapes.</summary>
    public static string Unescape(ReadOnlySpan<byte> inner, byte quote)
    {
        var plain = new List<byte>(inner.Length);
        for (int i = 0; i < inner.Length; i++)
        {
            byte next = inner[i];
            if (next == quote && i + 1 < inner.Length && inner[i + 1] == quote)
            {
                i++;
            }
            else if (next == (byte)'\\' && i + 1 < inner.Length)
            {
                i++;
                if (inner[i] == (byte)'x' && i + 2 < inner.Length)
                {
                    next = (byte)((HexOf(inner[i + 1]) << 4) | HexOf(inner[i + 2]));
                    i += 2;
                }
                else if (inner[i] == (byte)'N')
                {
                    // \N stands for nothing in a text.
                    continue;
                }
                else
                {
                    next = inner[i] switch
                    {
                        (byte)'a' => 7,
                        (byte)'b' => 8,
                        (byte)'e' => 27,
                        (byte)'f' => 12,
                        (byte)'n' => 10,
                        (byte)'r' => 13,
                        (byte)'t' => 9,
                        (byte)'v' => 11,
                        (byte)'0' => 0,
                        byte other => other,
                    };
                }
            }

            plain.Add(next);
        }

        return Encoding.UTF8.GetString([.. plain]);
    }

    private static int HexOf(byte digit) => char.IsAsciiHexDigit((char)digit) ? Convert.ToInt32(((char)digit).ToString(), 16) : 0;
}
