using CfLogStream.Server.Configuration;

namespace CfLogStream.Server.Tests.Configuration;

public sealed class KafkaConfigurationTests
{
    [Theory]
    [InlineData(
        "kafka: {properties: ['acks=0']}",
        "kafka.properties[0] sets 'acks', which the delivery contract needs as it is. Remove it.")]
    [InlineData(
        "kafka: {properties: ['socket.keepalive.enable=true', 'group.id=x']}",
        "kafka.properties[1] sets 'group.id', which has a key of its own in the section 'kafka'. Use that.")]
    [InlineData(
        "kafka: {properties: ['message.timeout.ms=1000']}",
        "kafka.properties[0] sets 'message.timeout.ms', which the delivery contract needs as it is. Remove it.")]
    [InlineData(
        "kafka: {security_protocol: sasl_ssl}",
        "kafka.sasl_mechanism ('plain') needs kafka.username, and kafka.password_env or kafka.password_file.")]
    [InlineData(
        "kafka: {security_protocol: sasl_ssl, sasl_mechanism: oauthbearer, oauth_client_id: x}",
        "kafka.sasl_mechanism ('oauthbearer') needs kafka.oauth_token_url, kafka.oauth_client_id, and kafka.oauth_secret_env or "
        + "kafka.oauth_secret_file.")]
    [InlineData(
        "kafka: {username: me, password_env: KAFKA_PASSWORD}",
        "kafka.username is given, but kafka.security_protocol ('plaintext') asks nobody who they are; expected 'sasl_ssl' or "
        + "'sasl_plaintext'.")]
    [InlineData(
        "ingest: {topics: [logpush]}",
        "ingest.topics are given, but kafka.bootstrap_servers is empty: there is nobody to read them from.")]
    [InlineData(
        "kafka: {bootstrap_servers: 'k:9092'}\ningest: {topics: [cflogstream.log]}",
        "ingest.topics[0] ('cflogstream.log') is kafka.topic, the log itself; expected topics of raw records.")]
    [InlineData(
        "kafka: {bootstrap_servers: 'k:9092', group: g}\ningest: {topics: [a], group: g}",
        "ingest.group ('g') must differ from kafka.group ('g').")]
    [InlineData(
        "kafka: {bootstrap_servers: kafka}",
        "kafka.bootstrap_servers is 'kafka'; expected 'host:port', with commas between several.")]
    [InlineData(
        "kafka: {password_env: A, password_file: b}",
        "kafka.password_file ('b') and kafka.password_env ('A') are both given; expected one of them.")]
    public void Load_WhatCannotWork_IsSaid(string yaml, string message)
    {
        ConfigurationException problem = Assert.Throws<ConfigurationException>(
            () => ConfigurationText.Load(yaml, ("A", "a"), ("KAFKA_PASSWORD", "hunter2")));

        Assert.Contains(message, problem.Problems.Select(found => found.Message));
    }

    [Fact]
    public void Load_Secrets_AreFetchedAndNeverPrinted()
    {
        CfLogStreamOptions options = ConfigurationText.Load(
            """
            kafka:
              bootstrap_servers: 'kafka-1:9093,[::1]:9093'
              security_protocol: sasl_ssl
              sasl_mechanism: scram-sha-512
              username: cflogstream
              password_env: KAFKA_PASSWORD
              properties: [socket.keepalive.enable=true]
            """,
            ("KAFKA_PASSWORD", "hunter2"));

        Assert.Equal("hunter2", options.Kafka.Password.Reveal());
        Assert.DoesNotContain("hunter2", options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(EffectiveValue.Of(options), value => value.Value is "hunter2");
    }
}
