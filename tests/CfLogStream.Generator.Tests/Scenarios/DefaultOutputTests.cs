using System.Security.Cryptography;
using System.Text;

namespace CfLogStream.Generator.Tests.Scenarios;

/// <summary>The uploads of a seed stay what they are: whoever compares runs depends on it.</summary>
public sealed class DefaultOutputTests
{
    [Theory]
    [InlineData("quiet", "0ca5d3feb845cfd8")]
    [InlineData("custom-rule-hits-api", "70224b3f5b580be7")]
    [InlineData("bot-fight-webhooks", "53ebd75f54d98a64")]
    [InlineData("rate-limit-webhook-burst", "b6e0cbaf9aeaa944")]
    [InlineData("managed-rule-json-body", "9f633fa41d33843d")]
    [InlineData("geo-rule-partner", "4cea5c265580cd72")]
    [InlineData("bic-default-ua", "ce0ecdeb5c2f3781")]
    [InlineData("skip-too-broad", "9a83b031412af608")]
    [InlineData("clean-fix", "c75c220f2264c2ca")]
    [InlineData("fix-breaks-filtering", "c78cd52ce1c9d28c")]
    [InlineData("attack-blocked", "698230d2c195b413")]
    public async Task Run_DefaultVariation_HasTheSameUploadsAsEver(string scenario, string expected)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (ulong seed = 1; seed <= 4; seed++)
        {
            GeneratedRun run = await GeneratedRun.CreateAsync(scenario, 3000, seed);
            foreach ((string name, byte[] content) in run.Uploads.Files.OrderBy(file => file.Key, StringComparer.Ordinal))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(name));
                hash.AppendData(content);
            }
        }

        Assert.Equal(expected, Convert.ToHexStringLower(hash.GetHashAndReset())[..16]);
    }
}
