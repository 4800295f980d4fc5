using System.Text;
using System.Text.Json;
using CfLogStream.Core.Insight.Changes;
using CsCheck;

namespace CfLogStream.Core.Tests.Insight.Changes;

public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("""{"api_token":"s3cr3t"}""", """{"api_token":"***"}""")]
    [InlineData("""{ "client_secret" : 12345 , "a":1}""", """{ "client_secret" : "***" , "a":1}""")]
    [InlineData("""{"private_key":["s3cr3t","s3cr3t"],"x":"y"}""", """{"private_key":["***","***"],"x":"y"}""")]
    [InlineData("""{"a":{"Authorization":"Bearer s3cr3t"}}""", """{"a":{"Authorization":"***"}}""")]
    [InlineData("""{"token_id":"t1","token_name":"ci","password":""}""", """{"token_id":"t1","token_name":"ci","password":""}""")]
    [InlineData(
        """{"destination_conf":"s3://b/p?region=eu&secret-access-key=s3cr3t&x=1"}""",
        """{"destination_conf":"s3://b/p?region=eu&secret-access-key=***&x=1"}""")]
    [InlineData("""{"url":"https://user:s3cr3t@host/x"}""", """{"url":"https://***@host/x"}""")]
    [InlineData("""{"h":"Basic s3cr3ts3cr3t"}""", """{"h":"Basic ***"}""")]
    [InlineData(
        """{"expression":"(http.request.headers[\"x-api-key\"][0] eq \"s3cr3t\" and http.host eq \"a.example\")"}""",
        """{"expression":"(http.request.headers[\"x-api-key\"][0] eq \"***\" and http.host eq \"a.example\")"}""")]
    [InlineData(
        """{"expression":"any(http.request.headers[\"authorization\"][*] in {\"s3cr3t\" \"s3cr3t2\"}) or ip.src eq 1.2.3.4"}""",
        """{"expression":"any(http.request.headers[\"authorization\"][*] in {\"***\" \"***\"}) or ip.src eq 1.2.3.4"}""")]
    [InlineData("""{"expression":"http.cookie contains \"sid=s3cr3t"}""", """{"expression":"http.cookie contains \"***\""}""")]
    [InlineData("""{"expression":"http.request.uri.path eq \"/token\" \u0026\u0026 true"}""", """{"expression":"http.request.uri.path eq \"/token\" \u0026\u0026 true"}""")]
    public void Apply_Value_MasksItsSecretsAndNothingElse(string json, string expected) => Assert.Equal(expected, Apply(json));

    [Theory]
    [InlineData("{\"a\":")]
    [InlineData("{\"a\":01}")]
    public void Apply_WhatCannotBeRead_KeepsNothingOfIt(string json) => Assert.Equal("""{"unreadable":true}""", Apply(json));

    [Fact]
    public void Apply_AnyTexts_LeavesNoSecretUnderASecretsNameAndStaysJson() => Gen.Select(Gen.String, Gen.String, Gen.Int[0, 3]).Sample((other, secret, depth) =>
    {
        string marked = "5ecret" + secret + "5ecret";
        string value = JsonSerializer.Serialize(new Dictionary<string, object> { ["note"] = other, ["api_key"] = marked });
        for (int i = 0; i < depth; i++)
        {
            value = $$"""{"n{{i}}":[{{value}}]}""";
        }

        string masked = Apply(value);
        using JsonDocument document = JsonDocument.Parse(masked);
        Assert.Contains("\"***\"", masked, StringComparison.Ordinal);
        Assert.DoesNotContain("5ecret", masked, StringComparison.Ordinal);
    });

    private static string Apply(string json) => Encoding.UTF8.GetString(SecretMask.Apply(Encoding.UTF8.GetBytes(json)));
}
