using System.Text;
using CfLogStream.Core.Fuzz;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Logpush.Simd;

namespace CfLogStream.Core.Tests.Logpush.Simd;

/// <summary>Damaged lines, read by a reader that expects the undamaged ones; after each of them a good line.</summary>
public sealed class MutatedRecordTests
{
    private static readonly ReaderOptions s_options = new() { MaxDepth = 6, ExtraFields = ["ClientCity", "x", "RayID"] };

    private static readonly byte[] s_short = RecordLines.Line(RecordLines.Short(2));
    private static readonly byte[] s_firewall = RecordLines.Line(RecordLines.Firewall(3));
    private static readonly byte[] s_http = RecordLines.Line(RecordLines.Http(4));

    private static readonly string[] s_values =
    [
        "", " ", "\"\"", "\"x\"", "\":x\"", "\"x\\\"\"", "\"\\\\\"", "\"\\", "\"x\\\"", "\"\"\"", "\"x\"y\"", "\",\"",
        "\"a\",\"b\":\"c\"", "\"a\",\"b\":1",
        "\"\\u00e4\"", "\"\\u00\"", "\"\\x\"", "\"\u00FC\"", "\"\\ud800\"", "0", "1", "-1", "00", "01", "0.5", "1.", ".5", "1.5.5",
        "1e3", "1E+3", "-", "+1", "--1",
        "12345678", "123456789", "12345678901234567890123456789", "1234567890123456789012345678901", "12345678901234567890123456789012",
        "1234567890123456789012345678901.5", "1 ", " 1", "1\t", "\"x\" ", " \"x\"", "true", "false", "null", "tru", "nul", "truex",
        "True", "nulll", "{}", "{ }", "[]",
        "[ ]", "{", "[", "}", "]", "{]", "[}", "{\"a\":1}", "{\"a\" :1}", "{\"a\":\"b\",\"c\":\"d\"}",
        "{\"a\":\"b\\\",\\\"c\\\":\\\"d\"}", "{\"a\":{\"b\":{\"c\":1}}}",
        "{\"a\":1,}", "{,}", "{\"a\"}", "{\"a\":}", "[1,2]", "[1,]", "[\"a\",\"b\"]", "[\":a\"]", "[{\"a\":\":b\"}]",
        "[{\"a\":1},{\"b\":2}]", "[[[[[[1]]]]]]", "[[[[1]]]]",
        "{\"type\":\"customer\",\"n\":1,\"list\":[]}", "{\"type\":\"customer\",\"n\":01,\"list\":[]}",
        "{\"type\":\"a\\\",\"n\":1,\"list\":[]}",
        "{\"k\":\"v\"}", "{\"k\":\"v\"\"}", "{\"k\":\":\"}", "{\"k\":\"v\",\"k\":\"w\"}", "[[[[[[[[1]]]]]]]]",
        "{\"type\":\"customer\",\"n\":1,\"list\":[[[[[1]]]]]}",
        "1,\"z\":2", "\"x\":1", ":1", ",", "\u0001", "\"\u0001\"", "\"a\tb\"", "\uFEFF1", "'x'", "/**/1", "NaN", "Infinity", "0x10",
    ];

    public static TheoryData<SimdWidth> All => Widths.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Read_EveryBitFlipped_EqualsScalar(SimdWidth width)
    {
        FlipBits(width, s_firewall, 1);
        FlipBits(width, s_http, 5);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_CutAtEveryByte_EqualsScalar(SimdWidth width)
    {
        var readers = new WarmReaders(width, s_options, s_http);
        for (int length = 0; length <= s_http.Length; length++)
        {
            readers.Try(s_http.AsSpan(0, length));
            readers.Try(s_http.AsSpan(length));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_SplicedAtEveryByte_EqualsScalar(SimdWidth width)
    {
        byte[] other = RecordLines.Line(RecordLines.Firewall(9));
        var readers = new WarmReaders(width, s_options, s_firewall, other);
        int[] borders = [.. Enumerable.Range(0, other.Length).Where(at => ",:\""u8.Contains(other[at])).Where((_, i) => i % 5 == 0)];
        for (int i = 0; i <= s_firewall.Length; i++)
        {
            readers.Try([.. s_firewall[..i], .. other[Math.Min(i, other.Length)..]]);
            readers.Try([.. s_firewall[..i], .. other[borders[i % borders.Length]..]]);
            readers.Try([.. s_firewall[..i], .. s_firewall[Math.Max(0, i - 7)..]]);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_OtherMembers_EqualsScalar(SimdWidth width)
    {
        List<(string Key, string Value)> members = RecordLines.Http(4);
        var readers = new WarmReaders(width, s_options, s_http);
        string[] keys =
        [
            "", "RayID", ",", ":", "a\\u0062", "\\", "\\\\", "k\"", "\u00FC", "EdgeStartTimestamp", "WAFAction", new('k', 58), new('k', 59),
            new('k', 400),
        ];
        for (int i = 0; i < members.Count; i++)
        {
            List<(string Key, string Value)> swapped = [.. members];
            (swapped[i], swapped[(i + 1) % swapped.Count]) = (swapped[(i + 1) % swapped.Count], swapped[i]);
            readers.Try(RecordLines.Line(swapped));
            readers.Try(RecordLines.Line([.. members[..i], members[i], .. members[i..]]));
            readers.Try(RecordLines.Line([.. members[..i], .. members[(i + 1)..]]));
            readers.Try(RecordLines.Line([.. members[..i], ("Brand" + i, "1"), .. members[i..]]));
            string key = members[i].Key;
            string[] near = [key + "X", key[1..], key.ToLowerInvariant(), key[..^1] + "\"", "\"" + key, key + " "];
            foreach (string name in keys.Concat(near))
            {
                readers.Try(RecordLines.Line([.. members[..i], (name, members[i].Value), .. members[(i + 1)..]]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_OtherValues_EqualsScalar(SimdWidth width)
    {
        ReplaceValues(width, RecordLines.Short(2), RecordLines.Short(3), RecordLines.Short(5));
        ReplaceValues(width, RecordLines.Firewall(3));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_TwoOtherValues_EqualsScalar(SimdWidth width)
    {
        // Faults that could make up for each other: a quote too many here, one too few there.
        List<(string Key, string Value)> members = RecordLines.Short(2);
        var readers = new WarmReaders(width, s_options, RecordLines.Line(members), RecordLines.Line(RecordLines.Short(3)), s_short);
        string[] values = [.. s_values.Where(value => value.Contains('"') || value.Contains('\\') || value.Contains('{'))];
        for (int i = 0; i < members.Count; i++)
        {
            for (int j = i + 1; j < members.Count; j++)
            {
                for (int v = 0; v < values.Length; v++)
                {
                    List<(string Key, string Value)> changed = [.. members];
                    changed[i] = (changed[i].Key, values[v]);
                    changed[j] = (changed[j].Key, values[((v * 7) + i + j) % values.Length]);
                    readers.Try(RecordLines.Line(changed));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_RunsOfQuotesAndBackslashes_EqualsScalar(SimdWidth width)
    {
        var readers = new WarmReaders(width, s_options, s_short);
        string line = Encoding.UTF8.GetString(s_short);
        int value = line.IndexOf("\"Ref\":\"", StringComparison.Ordinal) + 7;
        int key = line.IndexOf("\"Description\":", StringComparison.Ordinal);
        byte[] ray = Encoding.UTF8.GetBytes(line);
        for (int alignment = 0; alignment < 64; alignment++)
        {
            byte[] pad = [.. Enumerable.Repeat((byte)'p', alignment)];
            for (int length = 1; length <= 200; length += length < 70 ? 1 : 7)
            {
                foreach (byte piece in "\"\\"u8)
                {
                    byte[] run = [.. Enumerable.Repeat(piece, length)];
                    readers.Try([.. ray[..value], .. pad, .. run, .. ray[value..]]);
                    readers.Try([.. ray[..value], .. pad, .. run, .. "\""u8, .. ray[value..]]);
                }
            }

            readers.Try([.. ray[..key], .. pad, .. "\\\""u8, .. ray[key..]]);
        }

        Assert.True(readers.ByShape > 0 || width == SimdWidth.Scalar);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_RandomEdits_EqualsScalar(SimdWidth width)
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        byte[][] lines = [s_short, s_firewall, s_http];
        foreach (byte[] line in lines)
        {
            var readers = new WarmReaders(width, s_options, line);
            for (int i = 0; i < 2_000; i++)
            {
                byte[] mutant = Mutation.Apply(random, line, lines[random.Next(lines.Length)]);
                readers.Try(random.Next(3) == 0 ? Mutation.Apply(random, mutant, line) : mutant, $"Seed {seed}.");
            }

            Assert.True(readers.ByShape > 0 || width == SimdWidth.Scalar);
        }
    }

    private static void FlipBits(SimdWidth width, byte[] line, int step)
    {
        var readers = new WarmReaders(width, s_options, line);
        byte[] flipped = [.. line];
        for (int bit = 0; bit < line.Length * 8; bit += step)
        {
            byte mask = (byte)(1 << (bit & 7));
            flipped[bit >> 3] ^= mask;
            readers.Try(flipped);
            flipped[bit >> 3] ^= mask;
        }

        // Most flips hit the content of strings and change no shape: those are the ones that could be taken for something they are not.
        Assert.True(readers.ByShape > line.Length / step || width == SimdWidth.Scalar);
    }

    private static void ReplaceValues(SimdWidth width, params List<(string Key, string Value)>[] records)
    {
        var readers = new WarmReaders(width, s_options, [.. records.Select(RecordLines.Line)]);
        List<(string Key, string Value)> members = records[0];
        for (int i = 0; i < members.Count; i++)
        {
            foreach (string value in s_values)
            {
                byte[] line = RecordLines.Line([.. members[..i], (members[i].Key, value), .. members[(i + 1)..]]);
                readers.Try(line);
                readers.Try([.. line, (byte)'\r']);
            }
        }
    }
}
