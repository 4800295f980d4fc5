using System.Buffers;
using System.Text;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Makes client names of what callers say: lower case, everything that is no letter or digit becomes one underscore.</summary>
internal static class ClientName
{
    /// <summary>The longest name made from a user agent.</summary>
    public const int MaxLength = 48;

    private static readonly SearchValues<byte> s_nameEnds = SearchValues.Create("/;,()+"u8);

    /// <summary>Writes the name of a text: <c>Acme-Shop</c> gives <c>acme_shop</c>; <c>%20</c> counts as a blank.</summary>
    /// <returns>The number of bytes written; longer texts are cut.</returns>
    public static int Write(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int written = 0;
        bool gap = false;
        for (int i = 0; i < text.Length && written < destination.Length; i++)
        {
            byte b = text[i];
            if (char.IsAsciiLetterOrDigit((char)b))
            {
                if (gap && written > 0)
                {
                    destination[written++] = (byte)'_';
                    if (written == destination.Length)
                    {
                        return written - 1;
                    }
                }

                gap = false;
                destination[written++] = char.IsAsciiLetterUpper((char)b) ? (byte)(b | 0x20) : b;
            }
            else
            {
                gap = true;
                i += b == (byte)'%' && i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1]) && char.IsAsciiHexDigit((char)text[i + 2]) ? 2 : 0;
            }
        }

        return written;
    }

    /// <summary>Writes a camelCase word as a name: <c>edgeWorkerFetch</c> gives <c>edge_worker_fetch</c>.</summary>
    public static int WriteCamel(ReadOnlySpan<byte> word, Span<byte> destination)
    {
        int written = 0;
        bool lower = false;
        foreach (byte b in word)
        {
            bool upper = char.IsAsciiLetterUpper((char)b);
            if (upper && lower && written < destination.Length)
            {
                destination[written++] = (byte)'_';
            }

            lower = !upper;
            if (written < destination.Length)
            {
                destination[written++] = char.IsAsciiLetterOrDigit((char)b) ? (byte)(b | 0x20) : (byte)'_';
            }
        }

        return written;
    }

    /// <summary>
    /// Returns the product word of a user agent of the shape <c>Word/1</c> or <c>Two Words/v1</c>; empty when it has another.
    /// </summary>
    public static ReadOnlySpan<byte> ProductWord(ReadOnlySpan<byte> userAgent)
    {
        int slash = userAgent[..Math.Min(userAgent.Length, 128)].IndexOf((byte)'/');
        if (slash <= 0 || slash + 1 >= userAgent.Length || !char.IsAsciiLetter((char)userAgent[0]))
        {
            return default;
        }

        int version = slash + 1;
        if (userAgent[version] is (byte)'v' or (byte)'V')
        {
            version++;
        }

        if (version >= userAgent.Length || !char.IsAsciiDigit((char)userAgent[version]))
        {
            return default;
        }

        foreach (byte b in userAgent[..slash])
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'_' or (byte)'.' or (byte)'-' or (byte)' '))
            {
                return default;
            }
        }

        return userAgent[..slash];
    }

    /// <summary>
    /// Returns what an application calls itself before the first slash; apps' names may have blanks and percent codes.
    /// </summary>
    public static ReadOnlySpan<byte> ApplicationWord(ReadOnlySpan<byte> userAgent)
    {
        int slash = userAgent[..Math.Min(userAgent.Length, 128)].IndexOf((byte)'/');
        if (slash <= 0)
        {
            return default;
        }

        ReadOnlySpan<byte> word = userAgent[..slash];
        return word.IndexOfAny((byte)'(', (byte)';', (byte)',') >= 0 || Ascii.EqualsIgnoreCase(word, "mozilla"u8) ? default : word;
    }

    /// <summary>
    /// Returns what a crawler calls itself: its product word, what follows <c>compatible;</c>, or the word that ends in bot.
    /// </summary>
    public static ReadOnlySpan<byte> CrawlerWord(ReadOnlySpan<byte> userAgent, in AgentMatch match)
    {
        ReadOnlySpan<byte> word = match.Has(AgentMarks.MozillaStart) ? default : UpToPunctuation(userAgent);
        if (word.IsEmpty && match.CompatibleEnd > 0)
        {
            word = UpToPunctuation(userAgent[match.CompatibleEnd..].TrimStart((byte)' '));
        }

        return word.IsEmpty ? userAgent.Slice(match.BotWordStart, match.BotWordLength) : word;
    }

    /// <summary>
    /// Returns the words before a version, a comment or a web address; empty when they are none or too long for a name.
    /// </summary>
    private static ReadOnlySpan<byte> UpToPunctuation(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAny(s_nameEnds);
        ReadOnlySpan<byte> words = (end < 0 ? text : text[..end]).TrimEnd((byte)' ');
        return words.Length > MaxLength || words.StartsWith("http"u8) ? default : words;
    }
}
