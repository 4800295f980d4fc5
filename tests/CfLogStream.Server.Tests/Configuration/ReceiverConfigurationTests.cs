using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Receiving;
using CfLogStream.Server.Serving;

namespace CfLogStream.Server.Tests.Configuration;

public sealed class ReceiverConfigurationTests
{
    [Theory]
    [InlineData(
        "receiver: {listen: '0.0.0.0:8787'}",
        "receiver.listen ('0.0.0.0:8787') can be reached from outside, but receiver.tokens and receiver.networks are empty: anybody "
            + "could send records. "
        + "Give at least one token.")]
    [InlineData(
        "receiver: {listen: '300.0.0.1:80'}",
        "receiver.listen is '300.0.0.1:80'; expected an IP address of this machine and a port, for instance '0.0.0.0:8787'.")]
    [InlineData(
        "receiver: {tokens: [{source: prod}]}",
        "receiver.tokens[0] ('prod') needs exactly one of 'token_env' and 'token_file'.")]
    [InlineData(
        "receiver: {networks: ['192.0.2.0/40']}",
        "receiver.networks[0] is '192.0.2.0/40'; expected a network, for instance '192.0.2.0/24'.")]
    [InlineData(
        "receiver: {key_file: cflogstream.yaml}",
        "receiver.key_file is given alone; expected receiver.certificate_file and receiver.key_file together.")]
    [InlineData(
        "spool: {max_bytes: 100000000}",
        "spool.max_bytes (100000000) must be at least twice spool.segment_bytes (67108864) times spool.partitions (4): only whole "
            + "segments make room.")]
    public void Load_WhatCannotWork_IsSaid(string yaml, string message)
    {
        Assert.Contains(ConfigurationText.Problems(yaml), problem => problem.EndsWith(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_ATokenThatIsNotSet_IsSaid()
    {
        Assert.EndsWith(
            "receiver.tokens[0].token_env names the environment variable 'TOKEN', which is not set.",
            ConfigurationText.Problem("receiver: {tokens: [{source: prod, token_env: TOKEN}]}"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Of_TokensOfOneSource_AreAllGood()
    {
        CfLogStreamOptions options = ConfigurationText.Load(
            "receiver: {tokens: [{source: prod, token_env: NEW}, {source: prod, token_env: OLD}]}", ("NEW", "n"), ("OLD", "o"));

        ReceiverSource source = Assert.Single(
            ReceiverSettings.Of(options.Receiver, new ReaderOptions(), new SlicerOptions(), "data").Sources);

        Assert.Equal("prod", source.Name);
        Assert.All(["n", "o"], token => Assert.True(source.Has(ReceiverSource.HashOf(token))));
        Assert.False(source.Has(ReceiverSource.HashOf("")));
    }

    [Fact]
    public void Of_TheDefaults_AreThoseOfTheOptions()
    {
        var expected = new ReceiverOptions { Folder = Path.Combine("data", "uploads") };

        ReceiverOptions found = ReceiverSettings.Of(new ReceiverSection(), expected.Reader, expected.Slicer, "data");

        Assert.Equal(expected with { Sources = found.Sources, Networks = found.Networks }, found);
        Assert.Empty(found.Sources);
        Assert.Empty(found.Networks);
    }
}
