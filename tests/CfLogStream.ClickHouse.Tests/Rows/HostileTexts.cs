using System.Text;
using CfLogStream.Core;

namespace CfLogStream.ClickHouse.Tests.Rows;

/// <summary>Texts as attackers and accidents write them.</summary>
internal static class HostileTexts
{
    private static readonly string[] s_fixed =
    [
        string.Empty,
        "plain",
        " ",
        "'",
        "\"",
        "`",
        "\\",
        "\\N",
        "\\'",
        "NULL",
        "\n",
        "\r\n\t\b\f\v",
        "a\0b",
        "\0",
        "\u001b[31mred\u001b]0;title\u0007",
        "<script>alert('x')</script>&amp;<img src=x onerror=alert(1)>",
        "'; DROP TABLE requests; --",
        "') UNION SELECT * FROM system.users FORMAT JSON -- ",
        "{name:String} ${database} %s %00",
        "[1,2,3]",
        "😀𐍈𝄞 é ß 中文 \u202Ertl\u2066",
        "\uFFFD\uFEFF\uFFFF",
        new string('x', 127),
        new string('y', 128),
        new string('z', 16_384),
    ];

    public static string Any(Random random)
    {
        int choice = random.Next(s_fixed.Length + 12);
        if (choice < s_fixed.Length)
        {
            return s_fixed[choice];
        }

        return choice == s_fixed.Length ? Scalars(random, 64 * 1024 / 4) : Scalars(random, random.Next(24));
    }

    public static Utf8Text Utf8(Random random) => Utf8Text.FromString(Any(random));

    /// <summary>A text from a small set, as dimensions mostly are.</summary>
    public static Utf8Text Repeated(Random random, string name) =>
        random.Next(6) == 0 ? Utf8(random) : Utf8Text.FromString(name + random.Next(5));

    private static string Scalars(Random random, int count)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            int value;
            do
            {
                value = random.Next(4) switch
                {
                    0 => random.Next(0x80),
                    1 => random.Next(0x800),
                    2 => random.Next(0x10000),
                    _ => random.Next(0x110000),
                };
            }
            while (!Rune.IsValid(value));
            text.Append(new Rune(value));
        }

        return text.ToString();
    }
}
