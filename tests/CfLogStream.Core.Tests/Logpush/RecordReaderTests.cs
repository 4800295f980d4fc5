using System.Text;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Tests.Logpush;

public sealed class RecordReaderTests
{
    [Theory]
    [InlineData("", ReadStatus.Blank)]
    [InlineData(" \t\r", ReadStatus.Blank)]
    [InlineData("\uFEFF", ReadStatus.Blank)]
    [InlineData("""{"content":"test"}""", ReadStatus.Validation)]
    [InlineData("""{"content":"tests"}""", ReadStatus.Validation)]
    [InlineData("""  { "content" : "tests" }  """, ReadStatus.Validation)]
    [InlineData("test", ReadStatus.Validation)]
    [InlineData("test\r", ReadStatus.Validation)]
    [InlineData("{}", ReadStatus.EmptyObject)]
    [InlineData("\uFEFF{ \t}\r", ReadStatus.EmptyObject)]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJpZCI6MX0.c2lnbmF0dXJl-_0", ReadStatus.OwnershipChallenge)]
    public void Read_LineThatIsNoRecordAndNothingBad_IsNamed(string line, ReadStatus expected)
    {
        Assert.Equal(expected, OneLine.Read(line).Status);
    }

    [Theory]
    [InlineData("""{"content":"other"}""", ReadStatus.UnknownDataset, 0)]
    [InlineData("""{"content":"test","x":1}""", ReadStatus.UnknownDataset, 0)]
    [InlineData("""{"ClientIP":"192.0.2.1","RayID":"76486474681b7fff"}""", ReadStatus.UnknownDataset, 0)]
    [InlineData("tester", ReadStatus.BadJson, 0)]
    [InlineData("""  "test" """, ReadStatus.BadJson, 2)]
    [InlineData("[{}]", ReadStatus.BadJson, 0)]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJpZCI6MX0", ReadStatus.BadJson, 0)]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJpZCI6MX0.a=", ReadStatus.BadJson, 0)]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJpZCI6MX0.", ReadStatus.BadJson, 0)]
    [InlineData("{", ReadStatus.CutLine, 1)]
    [InlineData("""{"a" """, ReadStatus.CutLine, 4)]
    [InlineData("""{"a":""", ReadStatus.CutLine, 5)]
    [InlineData("""{"a":tru""", ReadStatus.CutLine, 8)]
    [InlineData("""{"a":1""", ReadStatus.CutLine, 6)]
    [InlineData("""{"a":-""", ReadStatus.CutLine, 6)]
    [InlineData("""{"a":1.""", ReadStatus.CutLine, 7)]
    [InlineData("""{"a":1e+""", ReadStatus.CutLine, 8)]
    [InlineData("""{"a":"x\u00""", ReadStatus.CutLine, 11)]
    [InlineData("""{"a":"x\""", ReadStatus.CutLine, 8)]
    [InlineData("""{"a":[{"b":1}""", ReadStatus.CutLine, 13)]
    [InlineData("""{"a":1,""", ReadStatus.CutLine, 7)]
    [InlineData("""{"a":"ü""", ReadStatus.CutLine, 8)]
    [InlineData("""{"a":1,}""", ReadStatus.BadJson, 7)]
    [InlineData("""{,"a":1}""", ReadStatus.BadJson, 1)]
    [InlineData("""{"a":[1,]}""", ReadStatus.BadJson, 8)]
    [InlineData("""{"a":[1}}""", ReadStatus.BadJson, 7)]
    [InlineData("""{"a":{]}""", ReadStatus.BadJson, 6)]
    [InlineData("""{"a":01}""", ReadStatus.BadJson, 6)]
    [InlineData("""{"a":1.x}""", ReadStatus.BadJson, 7)]
    [InlineData("""{"a":+1}""", ReadStatus.BadJson, 5)]
    [InlineData("""{"a":NaN}""", ReadStatus.BadJson, 5)]
    [InlineData("""{"a":trux}""", ReadStatus.BadJson, 8)]
    [InlineData("""{"a":nullx}""", ReadStatus.BadJson, 9)]
    [InlineData("""{"a":"\x"}""", ReadStatus.BadJson, 7)]
    [InlineData("""{"a":"\u00g0"}""", ReadStatus.BadJson, 10)]
    [InlineData("""{"a":1}x""", ReadStatus.BadJson, 7)]
    [InlineData("""{"a":1} {"b":2}""", ReadStatus.BadJson, 8)]
    [InlineData("""{'a':1}""", ReadStatus.BadJson, 1)]
    [InlineData("""{"a" 1}""", ReadStatus.BadJson, 5)]
    [InlineData("""{"a":1 // no}""", ReadStatus.BadJson, 7)]
    [InlineData("""{"EdgeStartTimestamp":2022-05-10,"RayID":"1"}""", ReadStatus.BadJson, 26)]
    [InlineData("{\"a\":\"x\u0001\"}", ReadStatus.ControlCharacter, 7)]
    [InlineData("{\"a\u0000\":\"x\"}", ReadStatus.ControlCharacter, 3)]
    [InlineData("{\"a\":\"x\\\t\"}", ReadStatus.ControlCharacter, 8)]
    [InlineData("{\"a\":[\"\n\"]}", ReadStatus.ControlCharacter, 7)]
    [InlineData("{\"a\":\u00011}", ReadStatus.BadJson, 5)]
    public void Read_RefusedLine_HasReasonAndColumn(string line, ReadStatus expected, int column)
    {
        OneLine read = OneLine.Read(line);

        Assert.Equal((expected, column), (read.Status, read.Column));
        Assert.Equal(Dataset.Unknown, read.Record.Dataset);
    }

    [Fact]
    public void Read_BadUtf8_IsNamedUnlessSomethingBeforeItIsBad()
    {
        Assert.Equal((ReadStatus.BadUtf8, 6), StatusOf([.. "{\"a\":\""u8, 0xFF, .. "\"}"u8]));
        Assert.Equal((ReadStatus.BadUtf8, 6), StatusOf([.. "{\"a\":\""u8, 0xC0, 0xAF, .. "\"}"u8]));
        Assert.Equal((ReadStatus.BadUtf8, 6), StatusOf([.. "{\"a\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8]));
        Assert.Equal((ReadStatus.BadUtf8, 6), StatusOf([.. "{\"a\":\""u8, 0xFF, .. "\",}"u8]));
        Assert.Equal((ReadStatus.BadJson, 5), StatusOf([.. "{\"a\":x"u8, 0xFF, .. "\"}"u8]));
        Assert.Equal((ReadStatus.BadUtf8, 0), StatusOf([0x80, 0x81]));
        Assert.Equal((ReadStatus.BadUtf8, 7), StatusOf([.. "{\"a\":1}"u8, 0xFF]));
    }

    [Fact]
    public void Read_CutInsideCharacter_IsCutLineButCutAfterBadUtf8IsNot()
    {
        byte[] euro = [.. "{\"a\":\"\u20AC"u8];
        Assert.Equal((ReadStatus.CutLine, euro.Length - 1), StatusOf(euro[..^1]));
        Assert.Equal((ReadStatus.CutLine, euro.Length - 2), StatusOf(euro[..^2]));
        Assert.Equal((ReadStatus.BadUtf8, 6), StatusOf([.. "{\"a\":\""u8, 0xFF]));
        Assert.Equal((ReadStatus.BadUtf8, 6), StatusOf([.. "{\"a\":\""u8, 0xE2, .. "x"u8]));
    }

    [Fact]
    public void Read_LineOverLimit_IsTooLongAndAtLimitIsRead()
    {
        string line = """{"EdgeStartTimestamp":1667512927,"RayID":"76486474681b7fff"}""";

        Assert.Equal(ReadStatus.Record, OneLine.Read(line, new ReaderOptions { MaxLineBytes = line.Length }).Status);
        OneLine tooLong = OneLine.Read(line, new ReaderOptions { MaxLineBytes = line.Length - 1 });
        Assert.Equal((ReadStatus.LineTooLong, line.Length - 1), (tooLong.Status, tooLong.Column));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    public void Read_NestedToLimit_IsReadAndDeeperIsTooDeep(int maxDepth)
    {
        var options = new ReaderOptions { MaxDepth = maxDepth };
        string deepest = Nested(maxDepth - 1);
        string tooDeep = Nested(maxDepth);

        Assert.Equal(ReadStatus.Record, OneLine.Read(deepest, options).Status);
        OneLine read = OneLine.Read(tooDeep, options);
        Assert.Equal((ReadStatus.TooDeep, 5 + maxDepth - 1), (read.Status, read.Column));

        static string Nested(int depth) =>
            $$"""{"x":{{new string('[', depth)}}{{new string(']', depth)}},"EdgeStartTimestamp":1667512927,"RayID":"a1"}""";
    }

    [Fact]
    public void Read_NestedObjectsAndArraysMixed_KeepTheirKinds()
    {
        string deep = string.Concat(Enumerable.Repeat("""{"k":[""", 31)) + "{}" + string.Concat(Enumerable.Repeat("]}", 31));

        OneLine read = OneLine.Http($""" "x":{deep}, "RequestHeaders":{deep} """);

        Assert.Equal(ReadStatus.Record, read.Status);
        Assert.Equal(deep, read[LogField.RequestHeaders]);
        Assert.Equal(ReadStatus.BadJson, OneLine.Http($"\"x\":{deep.Replace("{}]", "{}}", StringComparison.Ordinal)}").Status);
    }

    [Fact]
    public void Read_WhiteSpaceEverywhere_IsSkipped()
    {
        OneLine read = OneLine.Read(
            " {\t\"RayID\" :\r\"ab\" , \"EdgeStartTimestamp\": 1667512927\t, \"BotTags\" : [ \"a\" , \"b\" ] ,\"x\":"
            + "{ \"y\" : [ ] , \"z\":{ } } } \r");

        Assert.Equal(ReadStatus.Record, read.Status);
        Assert.Equal("ab", read[LogField.RayID]);
        Assert.Equal(["a", "b"], read.Elements(LogField.BotTags));
    }

    [Fact]
    public void Read_SeparatorsThatOtherToolsSplitOn_StayInTheirValue()
    {
        string value = "a\u0085b\u2028c\u2029d\u007Fe";

        Assert.Equal(value, OneLine.Http($"\"ClientRequestUserAgent\":\"{value}\"")[LogField.ClientRequestUserAgent]);
    }

    [Theory]
    [InlineData("""a\u0026b""", "a&b")]
    [InlineData("""\"\\\/\b\f\n\r\t""", "\"\\/\b\f\n\r\t")]
    [InlineData("""\u00fc\u20AC""", "ü€")]
    [InlineData("""\uD83D\uDE00""", "\U0001F600")]
    [InlineData("""x\uD83Dy""", "x\uFFFDy")]
    [InlineData("""\uDE00\uD83D""", "\uFFFD\uFFFD")]
    [InlineData("""\uD83D\uD83D\uDE00""", "\uFFFD\U0001F600")]
    [InlineData("""\uD83D\u0041""", "\uFFFDA")]
    [InlineData("""\u0000""", "\0")]
    public void Read_Escapes_AreDecoded(string escaped, string expected)
    {
        OneLine read = OneLine.Http(
            $"\"ClientRequestURI\":\"{escaped}\",\"BotTags\":[\"{escaped}\",\"z\"],\"RequestHeaders\":{{\"{escaped}\":\"{escaped}\"}}");

        Assert.Equal(ReadStatus.Record, read.Status);
        Assert.Equal(expected, read[LogField.ClientRequestURI]);
        Assert.Equal(expected, read[LogField.ClientRequestURI]);
        Assert.Equal([expected, "z"], read.Elements(LogField.BotTags));
        Assert.Equal([$"{expected}={expected}"], read.Members(LogField.RequestHeaders));
    }

    [Fact]
    public void Read_EscapedKey_IsFound()
    {
        OneLine read = OneLine.Read("""{"Edge\u0053tartTimestamp":1667512927,"\u0052\u0061\u0079\u0049\u0044":"ab","Client\/IP":1}""");

        Assert.Equal(ReadStatus.Record, read.Status);
        Assert.Equal("ab", read[LogField.RayID]);
    }

    [Fact]
    public void Read_DuplicateKeys_LastWins()
    {
        OneLine read = OneLine.Http("""
            "BotScore":1,"BotScore":"2","Bot\u0053core":3,"SecurityActions":["block"],"SecurityActions":[]
            """);

        Assert.Equal("3", read[LogField.BotScore]);
        Assert.Empty(read.Elements(LogField.SecurityActions));
    }

    [Fact]
    public void Read_SecondRecordWithOtherShape_HasNothingOfTheFirst()
    {
        byte[] lines = Encoding.UTF8.GetBytes(
            """{"Datetime":1667512927,"RayID":"a1","Action":"block","WAFAction":"drop"}"""
            + """{"EdgeStartTimestamp":1667512928,"RayID":"a2"}""");
        int second = lines.AsSpan().LastIndexOf((byte)'{');
        var reader = new RecordReader(new ReaderOptions());
        LogRecord record = reader.CreateRecord();

        Assert.Equal(ReadStatus.Record, reader.Read(lines, 0, second, record, out _));
        Assert.Equal(Dataset.FirewallEvents, record.Dataset);
        Assert.Equal(ReadStatus.Record, reader.Read(lines, second, lines.Length - second, record, out _));
        Assert.Equal(Dataset.HttpRequests, record.Dataset);
        Assert.False(record.Has(LogField.Action));
        Assert.False(record.Has(LogField.SecurityAction));
        Assert.Equal(1667512928_000_000_000, record.TimeNs);
    }

    [Theory]
    [InlineData("\"RayID\":\"\",")]
    [InlineData("\"RayID\":\"0\",")]
    [InlineData("\"RayID\":\"00\",")]
    [InlineData("\"RayID\":\"0000000000000000\",")]
    [InlineData("\"RayID\":0,")]
    [InlineData("\"RayID\":null,")]
    [InlineData("\"RayID\":[\"ab\"],")]
    [InlineData("")]
    public void Read_NoRay_IsNoRayIdWithDatasetAndTime(string member)
    {
        foreach (string time in (string[])["EdgeStartTimestamp", "Datetime"])
        {
            OneLine read = OneLine.Read($$"""{{{member}}"{{time}}":1667512927}""");
            Assert.Equal(ReadStatus.NoRayId, read.Status);
            Assert.NotEqual(Dataset.Unknown, read.Record.Dataset);
            Assert.Equal(1667512927_000_000_000, read.Record.TimeNs);
        }
    }

    [Theory]
    [InlineData("""{"EdgeStartTimestamp":"not-a-timestamp","RayID":"a1"}""", 22)]
    [InlineData("""{"EdgeStartTimestamp":0,"EdgeEndTimestamp":"","RayID":"a1"}""", 22)]
    [InlineData("""{"EdgeEndTimestamp":"0001-01-01T00:00:00Z","RayID":"a1"}""", 21)]
    [InlineData("""{"Datetime":null,"RayID":"a1"}""", 12)]
    [InlineData("""{"RayID":"a1","ClientRequestURI":"/"}""", 0)]
    [InlineData("""{"When":"","ActionType":"x"}""", 9)]
    [InlineData("""{"AuditLogID":"x"}""", 0)]
    public void Read_NoUsableTime_IsNoTimeAtItsColumn(string line, int column)
    {
        OneLine read = OneLine.Read(line);

        // A string's column is that of its content.
        Assert.Equal(ReadStatus.NoTime, read.Status);
        Assert.Equal(0, read.Record.TimeNs);
        Assert.InRange(read.Column, column, column + 1);
    }

    [Fact]
    public void Read_StartUnusable_TakesEnd()
    {
        Assert.Equal(5_000_000_000, Time("""{"EdgeStartTimestamp":1700000005,"EdgeEndTimestamp":1700000009,"RayID":"a1"}"""));
        Assert.Equal(9_000_000_000, Time("""{"EdgeEndTimestamp":1700000009,"RayID":"a1"}"""));
        Assert.Equal(9_000_000_000, Time("""{"EdgeEndTimestamp":1700000009,"EdgeStartTimestamp":"","RayID":"a1"}"""));

        static long Time(string line) => OneLine.Read(line).Record.TimeNs - 1_700_000_000_000_000_000;
    }

    [Fact]
    public void Read_AuditRecord_NeedsNoRay()
    {
        OneLine first = OneLine.Read("""{"When":"1638303588","ActionType":"token_create","ActionResult":true}""");
        OneLine second = OneLine.Read("""{"ActionTimestamp":"2025-03-24T19:10:40Z","AuditLogID":"x","ActionResult":"success"}""");

        Assert.Equal((ReadStatus.Record, Dataset.AuditLogs), (first.Status, first.Record.Dataset));
        Assert.Equal(1638303588_000_000_000, first.Record.TimeNs);
        Assert.Equal((ReadStatus.Record, Dataset.AuditLogsV2), (second.Status, second.Record.Dataset));
        Assert.True(first.Record.IsTrue(LogField.ActionResult));
    }

    [Fact]
    public void Read_ExtraFields_AreFoundByIndex()
    {
        var options = new ReaderOptions { ExtraFields = ["ClientCity", "BotScore", "WAFAction", "My\"Field", "Missing"] };

        OneLine read = OneLine.Read(
            """{"ClientCity":"K\u00f6ln","BotScore":7,"WAFAction":2,"My\"Field":{"a":[1]},"EdgeStartTimestamp":1667512927,"RayID":"a1"}""",
            options);

        Assert.Equal(ReadStatus.Record, read.Status);
        Assert.Equal(
            ["Köln", "7", "2", "{\"a\":[1]}", ""],
            Enumerable.Range(0, 5).Select(i => Encoding.UTF8.GetString(read.Record.ExtraText(i))));
        Assert.Equal([true, true, true, true, false], Enumerable.Range(0, 5).Select(read.Record.HasExtra));
        Assert.Equal("7", read[LogField.BotScore]);
        Assert.Equal("drop", read[LogField.SecurityAction]);
    }

    [Fact]
    public void Constructor_BadOptions_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordReader(new ReaderOptions { MaxDepth = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordReader(new ReaderOptions { MaxLineBytes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new RecordReader(new ReaderOptions { ExtraFields = [.. Enumerable.Range(0, 33).Select(i => $"F{i}")] }));
        Assert.Throws<ArgumentException>(() => new RecordReader(new ReaderOptions { ExtraFields = ["A", "A"] }));
        Assert.Throws<ArgumentException>(() => new RecordReader(new ReaderOptions { ExtraFields = [""] }));
    }

    private static (ReadStatus Status, int Column) StatusOf(byte[] line)
    {
        OneLine read = OneLine.Read(line);
        return (read.Status, read.Column);
    }
}
