using System.Text;
using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Records;

namespace CfLogStream.Generator.World;

/// <summary>A path (or query) with places for ids, for instance <c>/v1/customers/cus_{b62}/cards/{int}</c>.</summary>
/// <remarks>The template is what a path means, by the house's rules for templates: one placeholder <c>{id}</c> for all opaque
/// ids.</remarks>
internal sealed class PathPattern
{
    private readonly (byte[] Literal, string Token)[] _parts;

    public PathPattern(string pattern)
    {
        var parts = new List<(byte[], string)>();
        var template = new StringBuilder();
        int at = 0;
        while (at < pattern.Length)
        {
            int open = pattern.IndexOf('{', at);
            if (open < 0)
            {
                parts.Add((Encoding.UTF8.GetBytes(pattern[at..]), ""));
                template.Append(pattern[at..]);
                break;
            }

            int close = pattern.IndexOf('}', open);
            string token = pattern[(open + 1)..close];
            parts.Add((Encoding.UTF8.GetBytes(pattern[at..open]), token));
            template.Append(pattern[at..open]).Append(token == "date" ? "{date}" : "{id}");
            at = close + 1;
        }

        _parts = [.. parts];
        Template = template.ToString();
    }

    /// <summary>The template that such paths have.</summary>
    public string Template { get; }

    /// <summary>Writes the path with the ids that <paramref name="id"/> stands for; the same number gives the same path.</summary>
    public void Write(TextBuffer text, ulong id)
    {
        ulong state = id;
        foreach ((byte[] literal, string token) in _parts)
        {
            text.Append(literal);
            if (token.Length != 0)
            {
                WriteId(text, token, Mix.Step(ref state));
            }
        }
    }

    private static void WriteId(TextBuffer text, string token, ulong hash)
    {
        ReadOnlySpan<byte> base62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8;
        switch (token)
        {
            case "int":
                text.Append(10_000 + (long)(hash % 9_989_999));
                break;
            case "small":
                text.Append(1 + (long)(hash % 40));
                break;
            case "uuid":
                text.AppendHex(hash >> 32, 8).Append((byte)'-').AppendHex(hash >> 16, 4).Append("-4"u8).AppendHex(hash >> 4,
                    3).Append((byte)'-');
                ulong low = Mix.Of(hash, 1);
                text.Append("89ab"u8[(int)(low & 3)]).AppendHex(low >> 8, 3).Append((byte)'-').AppendHex(low >> 16, 12);
                break;
            case "hex8":
                text.Append("3f"u8).AppendHex(hash, 6);
                break;
            case "hex12":
                text.Append("d4"u8).AppendHex(hash, 10);
                break;
            case "hex24":
                text.Append("6a"u8).AppendHex(hash >> 20, 11).AppendHex(Mix.Of(hash, 2), 11);
                break;
            case "ulid":
                text.Append("01K2"u8).AppendFrom("0123456789ABCDEFGHJKMNPQRSTVWXYZ"u8, hash, 22);
                break;
            case "b62":
                text.AppendFrom(base62, hash, 13).Append((byte)('0' + (hash % 10)));
                break;
            case "date":
                text.Append("2026-"u8).Append("0"u8).Append((long)(1 + (hash % 8))).Append((byte)'-').Append((long)(10 + (hash % 18)));
                break;
            case "word":
                text.Append(s_words[(int)(hash % (ulong)s_words.Length)]);
                break;
            case "cursor":
                text.AppendFrom(base62, hash, 32);
                break;
            default:
                throw new ArgumentException($"Unknown token '{token}' in a path pattern.", nameof(token));
        }
    }

    private static readonly byte[][] s_words =
    [
        .. "oak chair,desk lamp,standing desk,rug,caf%C3%A9 table,sofa,bookshelf,monitor arm,wool blanket,coat rack,mirror,bench,teapot,kettle"
            .Split(',').Select(word => Encoding.ASCII.GetBytes(word.Replace(' ', '+'))),
    ];
}
