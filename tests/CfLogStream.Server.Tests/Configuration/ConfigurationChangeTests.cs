using System.Text;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Server.Tests.Configuration;

/// <summary>What of a changed configuration can be taken over by a running service.</summary>
public sealed class ConfigurationChangeTests
{
    private const string Full = """
        reader: {extra_fields: [ClientCity]}
        classification: {path_templates: ['/v1/{id}'], surfaces: [{path_prefix: /a/, surface: api}], clients: [{token: ^Acme/, class: webhook, name: acme}]}
        receiver: {tokens: [{source: a, token_env: A}, {source: b, token_env: B}], networks: [192.0.2.0/24]}
        ingest: {topics: [t]}
        kafka: {bootstrap_servers: 'k:9092', properties: ['socket.keepalive.enable=true']}
        """;

    [Fact]
    public void Between_TheSameTwice_IsNone() => Assert.True(ConfigurationChange.Between(Parse(Full), Parse(Full)).IsNone);

    [Theory]
    [InlineData("{source: b, token_env: B}", "{source: c, token_env: B}")]
    [InlineData(", {source: b, token_env: B}", "")]
    [InlineData("192.0.2.0/24", "192.0.2.0/25")]
    [InlineData("receiver: {", "receiver: {token_header: X-Token, ")]
    public void Between_OtherSenders_IsNewAccessAlone(string old, string next)
    {
        ConfigurationChange change = ConfigurationChange.Between(Parse(Full), Parse(Full.Replace(old, next, StringComparison.Ordinal)));

        Assert.True(change.HasNewAccess);
        Assert.Empty(change.OfRows);
        Assert.Empty(change.AtStart);
        Assert.False(change.IsNone);
    }

    [Fact]
    public void Between_AnotherTokenBehindTheSameName_IsNewAccess()
    {
        Assert.True(ConfigurationChange.Between(Parse(Full), Parse(Full, "other")).HasNewAccess);
        Assert.Empty(ConfigurationChange.Between(Parse(Full), Parse(Full, "other")).AtStart);
    }

    [Theory]
    [InlineData("owners_file: CfLogStream.Server.Tests.dll")]
    [InlineData("description_pattern: 'team:(?<owner>[a-z]+)'")]
    public void Between_OtherOwners_AreTakenOver(string insight)
    {
        ConfigurationChange change = ConfigurationChange.Between(Parse(Full), Parse($"{Full}\ninsight: {{{insight}}}"));

        Assert.True(change.HasNewOwners);
        Assert.Empty(change.AtStart);
        Assert.False(change.IsNone);
    }

    [Theory]
    [InlineData("'/v1/{id}'", "'/v2/{id}'", "classification.path_templates")]
    [InlineData("surface: api", "surface: page", "classification.surfaces")]
    [InlineData("name: acme", "name: acme2", "classification.clients")]
    [InlineData("[ClientCity]", "[ClientCity, JA4Signals]", "reader.extra_fields")]
    [InlineData("ingest:", "correlation: {allowed_lateness_secs: 5}\ningest:", "correlation.allowed_lateness_secs")]
    public void Between_OtherRows_NamesTheKey(string old, string next, string key)
    {
        CfLogStreamOptions changed = Parse(Full.Replace(old, next, StringComparison.Ordinal));

        ConfigurationChange change = ConfigurationChange.Between(Parse(Full), changed);
        ConfigurationChange raised = ConfigurationChange.Between(
            Parse(Full), changed with { Classification = changed.Classification with { Generation = 2 } });

        Assert.Equal((false, false), (change.HasNewAccess, change.HasNewGeneration));
        Assert.Equal([key], change.OfRows);
        Assert.Empty(change.AtStart);
        Assert.True(raised.HasNewGeneration);
        Assert.Empty(raised.AtStart);
    }

    [Fact]
    public void Between_AnotherOpenApiFile_IsOfRows()
    {
        CfLogStreamOptions options = Parse(Full);

        ConfigurationChange change = ConfigurationChange.Between(
            options, options with { Classification = options.Classification with { ApiTemplates = ["/v1/users/{id}"] } });

        Assert.Equal(["openapi_files"], change.OfRows);
    }

    [Theory]
    [InlineData("ingest: {", "spool: {max_age_secs: 4000}\ningest: {", "spool.max_age_secs")]
    [InlineData("topics: [t]", "topics: [u]", "ingest.topics")]
    [InlineData("receiver: {", "receiver: {records: 5000, ", "receiver.records")]
    [InlineData("'k:9092'", "'l:9092'", "kafka.bootstrap_servers")]
    public void Between_AnythingElse_IsForTheNextStart(string old, string next, string key)
    {
        ConfigurationChange change = ConfigurationChange.Between(Parse(Full), Parse(Full.Replace(old, next, StringComparison.Ordinal)));

        Assert.Equal([key], change.AtStart);
        Assert.Equal((false, false), (change.HasNewAccess, change.HasNewGeneration));
        Assert.Empty(change.OfRows);
    }

    private static CfLogStreamOptions Parse(string yaml, string token = "secret") =>
        ConfigurationLoader.Parse("c.yaml", Encoding.UTF8.GetBytes(yaml), name => $"{token}-{name}");
}
