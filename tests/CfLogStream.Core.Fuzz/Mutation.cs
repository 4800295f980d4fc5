namespace CfLogStream.Core.Fuzz;

/// <summary>Damages bytes in the ways that readers of JSON are known to trip over.</summary>
internal static class Mutation
{
    private static readonly byte[][] s_pieces =
    [
        "\""u8.ToArray(), "\\"u8.ToArray(), "\\\""u8.ToArray(), "\\\\"u8.ToArray(), ":"u8.ToArray(), ","u8.ToArray(), "{"u8.ToArray(),
        "}"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(), "\":"u8.ToArray(), "\",\""u8.ToArray(), "\":\""u8.ToArray(),
        ",\"a\":1"u8.ToArray(), "\"\":"u8.ToArray(), "{}"u8.ToArray(), "[]"u8.ToArray(), "{\"a\":1}"u8.ToArray(),
        "[{\"a\":\"b\"}]"u8.ToArray(), "[[[[1]]]]"u8.ToArray(),
        "0"u8.ToArray(), "-"u8.ToArray(), "."u8.ToArray(), "e"u8.ToArray(), "+"u8.ToArray(), "00"u8.ToArray(), "1e9"u8.ToArray(),
        "1234567890123456789012345678901"u8.ToArray(), "true"u8.ToArray(), "false"u8.ToArray(), "null"u8.ToArray(), "nul"u8.ToArray(),
        " "u8.ToArray(), "\t"u8.ToArray(), "\r"u8.ToArray(), "\n"u8.ToArray(), "\r\n"u8.ToArray(), [0], [1], [0x1F], [0x7F], [0x80], [0xC3],
        [0xFF], "\u00FC"u8.ToArray(), "\u20AC"u8.ToArray(), "\U0001F600"u8.ToArray(), "\uFEFF"u8.ToArray(), "\\u00e4"u8.ToArray(),
        "\\uD83D"u8.ToArray(), "\\u12"u8.ToArray(),
    ];

    /// <summary>Returns damaged bytes; <paramref name="other"/> is what they may be spliced with.</summary>
    public static byte[] Apply(Random random, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> other)
    {
        int at = random.Next(bytes.Length + 1);
        int end = at + random.Next(Math.Min(bytes.Length - at, 1 << random.Next(9)) + 1);
        byte[] piece = s_pieces[random.Next(s_pieces.Length)];
        switch (random.Next(9))
        {
            case 0:
                return [.. bytes[..at], .. bytes[end..]];
            case 1:
                return [.. bytes[..end], .. bytes[at..]];
            case 2:
                return [.. bytes[..at], .. piece, .. bytes[at..]];
            case 3:
                return [.. bytes[..at], .. piece, .. bytes[end..]];
            case 4:
                return [.. bytes[..at], .. bytes[Math.Min(at + piece.Length, bytes.Length)..], .. piece];
            case 5:
                return [.. bytes[..at], .. other[random.Next(other.Length + 1)..]];
            case 6:
                byte[] run = new byte[random.Next(1, 200)];
                run.AsSpan().Fill(random.Next(2) == 0 ? (byte)'"' : (byte)'\\');
                return [.. bytes[..at], .. run, .. bytes[at..]];
            default:
                byte[] edited = bytes.ToArray();
                for (int edits = random.Next(3); edits >= 0 && edited.Length > 0; edits--)
                {
                    int place = random.Next(edited.Length);
                    edited[place] = random.Next(3) switch
                    {
                        0 => (byte)random.Next(256),
                        1 => (byte)(edited[place] ^ (1 << random.Next(8))),
                        _ => piece[0],
                    };
                }

                return edited;
        }
    }
}
