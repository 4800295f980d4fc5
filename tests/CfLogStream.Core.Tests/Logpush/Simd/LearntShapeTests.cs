using System.Text;
using CfLogStream.Core.Fuzz;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Logpush.Simd;

namespace CfLogStream.Core.Tests.Logpush.Simd;

/// <summary>Lines made to be taken for the line before them: whatever was learnt, every width says what the reference says.</summary>
public sealed class LearntShapeTests
{
    private const string Tail = "\"EdgeStartTimestamp\":1667512927,\"RayID\":\"a1\"}";

    private static readonly ReaderOptions s_options = new() { MaxDepth = 6, ExtraFields = ["b", "x"] };

    private static readonly List<Case> s_cases = [.. FromFile(), .. Computed()];

    public static TheoryData<SimdWidth> All => Widths.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Read_LineMadeToBeMistaken_EqualsScalar(SimdWidth width)
    {
        foreach ((string name, string learnt, string[] lines) in s_cases)
        {
            foreach (string line in lines)
            {
                // Alone, so that nothing but the one shape is known; then with its neighbours, so that shapes of several lines are.
                AssertSame(width, s_options, [learnt, learnt, line, learnt, line, line, learnt], name);
            }

            AssertSame(width, s_options, [.. lines.SelectMany(line => new[] { learnt, line }), .. lines, learnt], name);
            AssertSame(width, s_options with { MaxLineBytes = 60 }, [learnt, learnt, .. lines, learnt], name);
            AssertSame(width, s_options with { MaxDepth = 2, ExtraFields = [] }, [learnt, learnt, .. lines, learnt], name);
            AssertSame(width, s_options with { MaxDepth = 1, ExtraFields = [] }, [learnt, learnt, .. lines, learnt], name);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_LineMadeToBeMistakenAnywhereInABlock_EqualsScalar(SimdWidth width)
    {
        // The borders of blocks are those of the line: one string before the members moves them over every border.
        foreach ((string name, string learnt, string[] lines) in s_cases.Where(one => one.Lines.Length < 30))
        {
            for (int shift = 0; shift < 64; shift += 3)
            {
                string before = $$"""{"pad":"{{new string('p', shift)}}",""";
                string good = before + learnt[1..];
                string[] shifted = [.. lines.Where(line => line.StartsWith('{')).Take(4).Select(line => before + line[1..])];
                AssertSame(width, s_options, [good, good, .. shifted, good], $"{name}, moved by {shift}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_ManyMembers_EqualsScalar(SimdWidth width)
    {
        foreach (int count in (int[])[253, 254, 255, 300, 1021, 1022, 1023, 1100])
        {
            string members = string.Concat(Enumerable.Range(0, count).Select(i => $"\"k{i}\":{i},"));
            string nested = string.Join(',', Enumerable.Range(0, count).Select(i => $"\"k{i}\":\"{i}\""));
            string damaged = members.Replace(":1,", ":01,", StringComparison.Ordinal);
            AssertSame(width, s_options, [.. Enumerable.Repeat("{" + members + Tail, 3), "{" + damaged + Tail], $"{count} members");
            string[] inside = ["{\"a\":{" + nested + "}," + Tail, "{\"a\":[{" + nested + "}]," + Tail, "{\"a\":{" + nested + ",}," + Tail];
            AssertSame(width, s_options, [.. inside, .. inside, .. inside], $"{count} members of a member");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_ManyEscapes_EqualsScalar(SimdWidth width)
    {
        string plain = "{\"a\":\"x\",\"b\":\"y\"," + Tail;
        foreach (int count in (int[])[1, 31, 32, 33, 511, 512, 513, 2000])
        {
            foreach (string escape in (string[])["\\\\", "\\\"", "\\n", "\\u0041", "\\", "\\x"])
            {
                string escapes = string.Concat(Enumerable.Repeat(escape, count));
                string[] lines =
                [
                    $$"""{"a":"{{escapes}}","b":"y",""" + Tail, $$"""{"a":"p{{escapes}}","b":"y",""" + Tail,
                    $$"""{"a":"{{escapes}}","b":"{{escapes}}",""" + Tail, $$"""{"a":"{{escapes}}","b":"y"y",""" + Tail,
                ];
                AssertSame(width, s_options, [plain, plain, .. lines, plain, .. lines], $"{count} times '{escape}'");
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_RandomHistories_EqualsScalar(SimdWidth width)
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        string[] values =
        [
            "1", "0", "1.5", "-1", "\"\"", "\"text\"", "\"\\\"\"", "\"\u00fc\"", "null", "true", "[]", "[1]", "[\"a\",\":b\"]",
            "{}", "{\"k\":1}",
            "{\"k\":\"v\",\"l\":[1]}", "{\"k\":{\"l\":1}}", "[{\"k\":\"v\"}]", "{\"l\":\"v\\\\\"}", "{\"k\" :1}",
        ];
        for (int history = 0; history < 120; history++)
        {
            string[] keys = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(4) == 0 ? "x" : AnyField(random))];
            string[] kinds = [.. keys.Select(_ => values[random.Next(values.Length)])];
            var lines = new List<byte[]>();
            for (int i = 0; i < 24; i++)
            {
                kinds[random.Next(kinds.Length)] = values[random.Next(values.Length)];
                IEnumerable<string> members = keys.Zip(kinds, (key, value) => $"\"{key}\":{value},");
                byte[] line = Encoding.UTF8.GetBytes($"{{{string.Concat(random.Next(8) == 0 ? members.Reverse() : members)}{Tail}");
                lines.Add(line);
                lines.Add(random.Next(3) == 0 ? Mutation.Apply(random, line, lines[random.Next(lines.Count)]) : line);
            }

            AssertSame(width, s_options, lines, $"history {history} of seed {seed}");
        }
    }

    private static string AnyField(Random random) => ((LogField)random.Next((int)LogField.Count)).ToString();

    private static void AssertSame(SimdWidth width, ReaderOptions options, IEnumerable<string> lines, string name) =>
        AssertSame(width, options, lines.Select(Encoding.UTF8.GetBytes), name);

    private static void AssertSame(SimdWidth width, ReaderOptions options, IEnumerable<byte[]> lines, string name)
    {
        var readers = new LockStep(options, [width]);
        if (readers.FindDifference(Buffers.Of([.. lines.SelectMany(line => line.Append((byte)'\n'))])) is { } difference)
        {
            Assert.Fail($"{name}: {difference}");
        }
    }

    private static IEnumerable<Case> FromFile()
    {
        using Stream file = typeof(LearntShapeTests).Assembly.GetManifestResourceStream(typeof(LearntShapeTests), "LearntShapes.txt")!;
        using var reader = new StreamReader(file);
        foreach (string text in reader.ReadToEnd().Split("\n# ").Skip(1))
        {
            string[] lines = [.. text.TrimEnd('\n').Split('\n').Select(line => line.Replace("~", Tail, StringComparison.Ordinal))];
            yield return new Case(lines[0], lines[1], lines[2..]);
        }
    }

    private static IEnumerable<Case> Computed()
    {
        string[] numbers =
        [
            "0", "00", "01", "0.", "0.0", ".", ".0", "1.", "1..2", "1.2.3", "-", "-1", "1e5", "1E+5", "9", "99999999", "999999999",
            "0999999",
            "09999999", "0.999999", "0.9999999", "1/2", "1:2", "1;", "\u00b2",
            .. ((int[])[30, 31, 32, 33, 64]).Select(digits => new string('9', digits)),
            "0." + new string('1', 29), "0." + new string('1', 30), "0" + new string('1', 30), new string('1', 30) + ".",
        ];
        yield return new Case(
            "numbers at their limits",
            "{\"a\":1,\"b\":1.5," + Tail,
            [.. numbers.SelectMany(number => (string[])[$"{{\"a\":{number},\"b\":1.5,{Tail}", $"{{\"a\":1,\"b\":{number},{Tail}"])]);
        string[] unusual = ["\u0001", "\t", "\r", "\u007f", "\u00fc\u20ac", "\U0001F600", "\uFEFF", "\u0085", "\u2028", "\0"];
        yield return new Case(
            "control characters and what is not ASCII",
            "{\"a\":\"x\",\"b\":1," + Tail,
            [.. unusual.SelectMany(one => (string[])
            [
                $"{{\"a\":\"x{one}\",\"b\":1,{Tail}", $"{{\"a\":\"x\"{one},\"b\":1,{Tail}", $"{{\"a\":\"x\",\"b\":1{one},{Tail}",
                $"{one}{{\"a\":\"x\",\"b\":1,{Tail}", $"{{\"a\":\"x\",\"b\":1,{Tail}{one}", $"{{\"a{one}\":\"x\",\"b\":1,{Tail}",
            ])]);
        foreach (int length in (int[])[25, 26, 27, 28, 29, 57, 58, 59, 120])
        {
            string key = new('k', length);
            string learnt = $"{{\"z\":\"v\",\"{key}\":\"w\",\"y\":1,\"{key}\":2,{Tail}";
            string[] lines = [.. Enumerable.Range(7, length + 4).Select(at => $"{learnt[..at]}K{learnt[(at + 1)..]}")];
            yield return new Case($"key of {length} bytes", learnt, lines);
        }
    }

    private sealed record Case(string Name, string Learnt, string[] Lines);
}
