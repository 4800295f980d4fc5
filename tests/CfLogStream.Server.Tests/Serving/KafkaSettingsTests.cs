using CfLogStream.Kafka.Client;
using CfLogStream.Server.Serving;
using CfLogStream.Server.Tests.Configuration;
using Confluent.Kafka;

namespace CfLogStream.Server.Tests.Serving;

/// <summary>What the configuration says of TLS and SASL reaches librdkafka as it is, for every kind of client.</summary>
/// <remarks>The files only have to exist; what is in them is for librdkafka.</remarks>
public sealed class KafkaSettingsTests
{
    [Theory]
    [InlineData("plain", "PLAIN")]
    [InlineData("scram-sha-256", "SCRAM-SHA-256")]
    [InlineData("scram-sha-512", "SCRAM-SHA-512")]
    public void Of_SaslOverTls_IsPassedOn(string mechanism, string expected)
    {
        IReadOnlyList<ClientConfig> clients = Clients(
            $"kafka: {{bootstrap_servers: 'k:9093', security_protocol: sasl_ssl, sasl_mechanism: {mechanism}, username: me, password_env: SECRET, ca_file: CfLogStream.Core.dll, "
            + "properties: ['ssl.endpoint.identification.algorithm=https']}");

        Assert.All(clients, client =>
        {
            Assert.Equal("k:9093", client.Get("bootstrap.servers"));
            Assert.Equal("sasl_ssl", client.Get("security.protocol"));
            Assert.Equal(expected, client.Get("sasl.mechanism") ?? client.Get("sasl.mechanisms"));
            Assert.Equal("me", client.Get("sasl.username"));
            Assert.Equal("hunter2", client.Get("sasl.password"));
            Assert.EndsWith("CfLogStream.Core.dll", client.Get("ssl.ca.location"), StringComparison.Ordinal);
            Assert.Equal("https", client.Get("ssl.endpoint.identification.algorithm"));
        });
    }

    [Fact]
    public void Of_OauthBearer_AsksTheTokenEndpoint()
    {
        IReadOnlyList<ClientConfig> clients = Clients(
            "kafka: {bootstrap_servers: 'k:9093', security_protocol: sasl_ssl, sasl_mechanism: oauthbearer, oauth_token_url: 'https://idp.example.com/token', "
            + "oauth_client_id: me, oauth_scope: kafka, oauth_secret_env: SECRET}");

        Assert.All(clients, client =>
        {
            Assert.Equal("OAUTHBEARER", client.Get("sasl.mechanism") ?? client.Get("sasl.mechanisms"));
            Assert.Equal("oidc", client.Get("sasl.oauthbearer.method"));
            Assert.Equal("https://idp.example.com/token", client.Get("sasl.oauthbearer.token.endpoint.url"));
            Assert.Equal("me", client.Get("sasl.oauthbearer.client.id"));
            Assert.Equal("hunter2", client.Get("sasl.oauthbearer.client.secret"));
            Assert.Equal("kafka", client.Get("sasl.oauthbearer.scope"));
        });
    }

    [Fact]
    public void Of_ClientCertificate_IsPassedOn()
    {
        IReadOnlyList<ClientConfig> clients = Clients(
            "kafka: {bootstrap_servers: 'k:9093', security_protocol: ssl, certificate_file: CfLogStream.Core.dll, key_file: CfLogStream.Server.dll, key_password_env: SECRET}");

        Assert.All(clients, client =>
        {
            Assert.Equal("ssl", client.Get("security.protocol"));
            Assert.EndsWith("CfLogStream.Core.dll", client.Get("ssl.certificate.location"), StringComparison.Ordinal);
            Assert.EndsWith("CfLogStream.Server.dll", client.Get("ssl.key.location"), StringComparison.Ordinal);
            Assert.Equal("hunter2", client.Get("ssl.key.password"));
        });
    }

    private static IReadOnlyList<ClientConfig> Clients(string yaml)
    {
        KafkaOptions options = KafkaSettings.Of(ConfigurationText.Load(yaml, ("SECRET", "hunter2")).Kafka);
        Assert.DoesNotContain("hunter2", options.ToString(), StringComparison.Ordinal);
        return [KafkaClients.Producer(options), KafkaClients.Consumer(options, "g", TimeSpan.FromSeconds(1)), KafkaClients.Admin(options)];
    }
}
