using System.Text;
using CfLogStream.Core.Logpush;
using CsCheck;

namespace CfLogStream.Core.Tests.Logpush;

/// <summary>The reader against Utf8JsonReader on records, on records with damage, and on bytes that only look like JSON.</summary>
public sealed class RecordReaderOracleTests
{
    private const int MaxDepth = 6;

    private static readonly string[] s_extraFields = ["ClientCity", "Cookies", "BotScore", "x"];

    private static readonly (string Old, LogField New)[] s_oldNames =
    [
        ("WAFAction", LogField.SecurityAction), ("WAFRuleID", LogField.SecurityRuleID),
        ("WAFRuleMessage", LogField.SecurityRuleDescription),
        ("FirewallMatchesActions", LogField.SecurityActions), ("FirewallMatchesRuleIDs", LogField.SecurityRuleIDs),
        ("FirewallMatchesSources", LogField.SecuritySources),
    ];

    private static readonly Gen<string> s_space = Gen.Frequency((12, Gen.Const("")), (1, Gen.OneOf(" ", "\t", "\r", "  ", "\n")));

    private static readonly Gen<string> s_key = Gen.Frequency(
        (10, Gen.Int[0, (int)LogField.Count - 1].Select(field => ((LogField)field).ToString())),
        (3, Gen.OneOf("RayID", "EdgeStartTimestamp", "Datetime", "When", "BotScore", "SecurityAction")),
        (3, Gen.OneOf(s_oldNames.Select(pair => pair.Old).ToArray())),
        (2, Gen.OneOf("ClientCity", "Cookies", "x", "", "BrandNewFieldV2", "WorkerNew", "content", "RayI", "RayIDs", "Kin",
            "a key: \\\"x\\\"")),
        (2, Gen.OneOf("R\\u0061yID", "\\u0044atetime", "Bot\\u0053core", "WAF\\u0041ction", "Cookie\\u0073", "\\uD83D", "\u00FC")));

    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.OneOf(
            "", "test", "0", "00", "unknown", "1667512927424000000", "2024-11-07T03:40:38Z", "76486474681b7fff", "a&b",
            "\\u0026", "\\\\", "\\\"",
            "\\/\\b\\f\\n\\r\\t", "\\ud83d\\ude00", "\\uD83D", "\\uDE00\\uD83D", "ü€\U0001F600", "\u2028\u0085", "{[,:]}", "'"),
        Gen.OneOf("a", "\\n", "\\u00e4", "\\ud800", "\\udc00", "é", "]", "}", ",", ":").List[0, 40].Select(string.Concat),
        Gen.Char['a', 'z'].Array[0, 90].Select(letters => new string(letters)));

    private static readonly Gen<string> s_scalar = Gen.OneOf(
        s_text.Select(text => $"\"{text}\""),
        Gen.OneOf(
            "0", "1", "2", "5", "-0", "-1.5", "1e9", "1E-2", "0.001", "1667512927424000000", "1667512927", "3.0e+2", "null", "true", "false"),
        Gen.Long.Select(number => $"{number}"));

    private static readonly Gen<string> s_value = Gen.Recursive<string>((depth, inner) => depth > MaxDepth
        ? s_scalar
        : Gen.Frequency(
            (8, s_scalar),
            (2, Gen.Select(s_space, inner, s_space).Select((before, value, after) => before + value + after).List[0, 4]
                .Select(values => $"[{string.Join(',', values)}]")),
            (1, Gen.Select(s_key, s_space, inner).Select((key, space, value) => $"\"{key}\"{space}:{value}").List[0, 4]
                .Select(members => $"{{{string.Join(',', members)}}}"))));

    private static readonly Gen<string> s_record =
        Gen.Select(s_space, s_key, s_space, s_value, s_space)
            .Select((before, key, middle, value, after) => $"{before}\"{key}\"{middle}:{middle}{value}{after}")
            .List[0, 12].Select(members => $"{{{string.Join(',', members)}}}");

    private static readonly Gen<byte[]> s_line =
        Gen.Select(Gen.OneOf("", "", "", "", " ", "\uFEFF", "\uFEFF "), s_record, Gen.OneOf("", "", "\r", " \t"))
            .Select((before, record, after) => Encoding.UTF8.GetBytes(before + record + after));

    private static readonly Gen<byte[]> s_damaged =
        Gen.Select(s_line, s_line, Gen.Int[0, 6], Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue], Gen.Byte)
            .Select(Damage);

    private static readonly Gen<byte[]> s_likeJson = Gen.OneOf(
        "{", "{", "}", "[", "]", ":", ",", "\"", "\"a\":", "\"RayID\":", "\"Datetime\":", "1", "0", "-", ".", "e", "+", "true", "nul",
        "null", "\\", "\\u12", " ",
        "\r", "\u0001", "\u00FC", "\"x\"")
        .List[0, 14].Select(parts => Encoding.UTF8.GetBytes("{" + string.Concat(parts)));

    [Fact]
    public void Read_GeneratedRecords_EqualOracle() => s_line.Sample(Agrees, iter: 4_000);

    [Fact]
    public void Read_DamagedRecords_EqualOracle() => s_damaged.Sample(Agrees, iter: 8_000);

    [Fact]
    public void Read_BytesLikeJson_EqualOracle() => s_likeJson.Sample(Agrees, iter: 8_000);

    [Fact]
    public void Read_ManyRecordsByOneReader_EqualsFreshReader()
    {
        // What was learned from earlier lines may only make reading faster.
        s_damaged.List[1, 30].Sample(
            lines =>
            {
                var options = new ReaderOptions { MaxDepth = MaxDepth, ExtraFields = s_extraFields };
                var shared = new RecordReader(options);
                LogRecord sharedRecord = shared.CreateRecord();
                foreach (byte[] line in lines)
                {
                    var fresh = new RecordReader(options);
                    LogRecord freshRecord = fresh.CreateRecord();
                    ReadStatus expected = fresh.Read(line, 0, line.Length, freshRecord, out int expectedColumn);
                    ReadStatus actual = shared.Read(line, 0, line.Length, sharedRecord, out int column);
                    if (actual != expected || column != expectedColumn || sharedRecord.Dataset != freshRecord.Dataset
                        || sharedRecord.TimeNs != freshRecord.TimeNs || !Same(sharedRecord, freshRecord))
                    {
                        return false;
                    }
                }

                return true;
            },
            iter: 200);

        static bool Same(LogRecord left, LogRecord right)
        {
            for (LogField field = 0; field < LogField.Count; field++)
            {
                if (left.Has(field) != right.Has(field) || !left.Text(field).SequenceEqual(right.Text(field)))
                {
                    return false;
                }
            }

            return Enumerable.Range(0, s_extraFields.Length).All(i => left.ExtraText(i).SequenceEqual(right.ExtraText(i)));
        }
    }

    [Fact]
    public void Read_RecordCutAtEveryByte_IsCutLine()
    {
        byte[] line = Encoding.UTF8.GetBytes(
            """{"RayID":"76486474681b7fff","EdgeStartTimestamp":-1.5e+3,"a":[true,{"b":null,"c":"\u00e4ü\n"},false],"d":{},"e":[]}""");

        for (int length = 1; length < line.Length; length++)
        {
            Assert.Equal(ReadStatus.CutLine, OneLine.Read(line.AsSpan(0, length)).Status);
            Agrees(line[..length]);
        }
    }

    private static byte[] Damage(byte[] line, byte[] other, int kind, int at, int length, byte value)
    {
        at %= line.Length + 1;
        length %= line.Length - at + 1;
        switch (kind)
        {
            case 0:
                return line[..at];
            case 1:
                return [.. line[..at], .. line[(at + length)..]];
            case 2:
                return [.. line[..at], value, .. line[at..]];
            case 3:
                return [.. line[..at], .. other[Math.Min(at, other.Length)..]];
            case 4:
                return [.. line, .. other];
            default:
                byte[] flipped = (byte[])line.Clone();
                if (at < line.Length)
                {
                    flipped[at] ^= (byte)(1 << (value & 7));
                }

                return flipped;
        }
    }

    private static bool Agrees(byte[] line)
    {
        var oracle = new RecordOracle(line, MaxDepth);
        OneLine read = OneLine.Read(line, new ReaderOptions { MaxDepth = MaxDepth, ExtraFields = s_extraFields });
        string shown = $"{Convert.ToHexString(line)} {Encoding.UTF8.GetString(line)}";

        bool isReadable = read.Status is ReadStatus.Record or ReadStatus.Validation or ReadStatus.EmptyObject
            or ReadStatus.UnknownDataset or ReadStatus.NoRayId or ReadStatus.NoTime;
        Assert.True(oracle.IsBlank == (read.Status == ReadStatus.Blank), shown);
        Assert.True((oracle.IsWellFormed && oracle.IsUtf8) == isReadable, $"{read.Status} {shown}");
        Assert.True(oracle.IsCut == (read.Status == ReadStatus.CutLine), $"{read.Status} {shown}");
        Assert.True(read.Status != ReadStatus.TooDeep || oracle.IsTooDeep, shown);
        Assert.True(read.Status != ReadStatus.BadUtf8 || !oracle.IsUtf8, shown);
        Assert.InRange(read.Column, 0, line.Length);
        if (isReadable)
        {
            AssertEqualValues(oracle, read, shown);
        }

        return true;
    }

    private static void AssertEqualValues(RecordOracle oracle, OneLine read, string shown)
    {
        Assert.True((read.Status == ReadStatus.EmptyObject) == (oracle.KeyCount == 0), shown);
        for (LogField field = 0; field < LogField.Count; field++)
        {
            string key = field.ToString();
            string? old = s_oldNames.FirstOrDefault(pair => pair.New == field).Old;
            if (old is not null && read.Status != ReadStatus.Validation && oracle.Text(old) is not null
                && (oracle.Text(key) is null || (oracle.SaysNothing(key) && !oracle.SaysNothing(old))))
            {
                if (field == LogField.SecurityAction)
                {
                    AssertOldAction(oracle, read, old, shown);
                    continue;
                }

                key = old;
            }

            Assert.True(oracle.Text(key) is not null == read.Record.Has(field), $"{field} {shown}");
            Assert.True((oracle.Text(key) ?? "") == read[field], $"{field} {shown}");
            Assert.Equal(oracle.Elements(key), read.Elements(field));
            Assert.Equal(oracle.Members(key), read.Members(field));
        }

        for (int i = 0; i < s_extraFields.Length; i++)
        {
            Assert.True((oracle.Text(s_extraFields[i]) ?? "") == Encoding.UTF8.GetString(read.Record.ExtraText(i)), $"extra {i} {shown}");
        }
    }

    private static void AssertOldAction(RecordOracle oracle, OneLine read, string old, string shown)
    {
        string text = oracle.Text(old)!;
        string expected = text switch
        {
            "0" or "unknown" => oracle.Text("SecurityAction") is { Length: > 0 } empty ? empty : "",
            "1" => "allow",
            "2" => "drop",
            "3" => "managedChallenge",
            "4" => "challenge",
            "5" => "log",
            _ => text,
        };
        Assert.True(expected == read[LogField.SecurityAction], shown);
    }
}
