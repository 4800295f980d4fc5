using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Tests.Logpush;

public sealed class LogRecordTests
{
    [Theory]
    [InlineData("20", true, 20)]
    [InlineData("\"20\"", true, 20)]
    [InlineData("-3", true, -3)]
    [InlineData("\"\\u0032\"", true, 2)]
    [InlineData("9223372036854775807", true, long.MaxValue)]
    [InlineData("\"1667512927424000001\"", true, 1667512927424000001)]
    [InlineData("20.0", true, 20)]
    [InlineData("2e1", true, 20)]
    [InlineData("20.5", false, 0)]
    [InlineData("1e300", false, 0)]
    [InlineData("9223372036854775808", false, 0)]
    [InlineData("\"\"", false, 0)]
    [InlineData("\"20 \"", false, 0)]
    [InlineData("\"Infinity\"", false, 0)]
    [InlineData("null", false, 0)]
    [InlineData("true", false, 0)]
    [InlineData("[20]", false, 0)]
    public void TryGetInt64_NumberOrItsText_IsRead(string value, bool expected, long number)
    {
        OneLine read = OneLine.Http($"\"BotScore\":{value}");

        Assert.Equal(expected, read.Record.TryGetInt64(LogField.BotScore, out long parsed));
        Assert.Equal(number, expected ? parsed : 0);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"true\"", true)]
    [InlineData("\"True\"", true)]
    [InlineData("false", false)]
    [InlineData("\"test\"", false)]
    [InlineData("1", false)]
    [InlineData("null", false)]
    public void IsTrue_BooleanOrItsText_IsRead(string value, bool expected)
    {
        Assert.Equal(expected, OneLine.Http($"\"WorkerSubrequest\":{value}").Record.IsTrue(LogField.WorkerSubrequest));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[ ]")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("[\"bing\"]", "bing")]
    [InlineData("\"bing\"", "bing")]
    [InlineData("\"b\\u0069ng\"", "bing")]
    [InlineData("[7,8, 9.5e1 ]", "7", "8", "9.5e1")]
    [InlineData("[\"a,b\",\"]\",\"\\\"\",\"\"]", "a,b", "]", "\"", "")]
    [InlineData("[null,true,[1,[\"]\"]],{\"a\":\"}\"}]", "", "true", "[1,[\"]\"]]", "{\"a\":\"}\"}")]
    [InlineData("7", "7")]
    public void Elements_ArrayOrBareValue_AreTexts(string value, params string[] expected)
    {
        Assert.Equal(expected, OneLine.Http($"\"BotTags\":{value}").Elements(LogField.BotTags));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{ }")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    [InlineData("[\"a\",\"b\"]")]
    [InlineData("{\"filter\":\"1ced\",\"type\":\"customer\"}", "filter=1ced", "type=customer")]
    [InlineData("{\"a\" : null , \"b\":[1,2],\"c\":{\"d\":\"}\"},\"\":-1.5}", "a=", "b=[1,2]", "c={\"d\":\"}\"}", "=-1.5")]
    [InlineData("{\"x-a\":[\"1\",\"2\"],\"x-\\u0062\":\"\\\"\"}", "x-a=[\"1\",\"2\"]", "x-b=\"")]
    public void Members_Object_AreNameAndValue(string value, params string[] expected)
    {
        Assert.Equal(expected, OneLine.Http($"\"RequestHeaders\":{value}").Members(LogField.RequestHeaders));
    }

    [Fact]
    public void Text_ValueLongerThanScratch_IsDecodedAndEarlierSpansStay()
    {
        string large = new('x', 6000);
        OneLine read = OneLine.Http(
            $"\"ClientRequestURI\":\"\\u0041\",\"ClientRequestReferer\":\"{large}\\n\",\"ClientRequestUserAgent\":\"\\t{large}\"");

        ReadOnlySpan<byte> first = read.Record.Text(LogField.ClientRequestURI);
        Assert.Equal(large + "\n", read[LogField.ClientRequestReferer]);
        Assert.Equal("\t" + large, read[LogField.ClientRequestUserAgent]);
        Assert.Equal("A"u8, first);
        Assert.Equal("A", read[LogField.ClientRequestURI]);
    }
}
