using CfLogStream.Server.Configuration;

namespace CfLogStream.Server.Tests.Configuration;

public sealed class CollectionConfigurationTests
{
    private const string Keys = "access_key_env: ID, secret_key_env: SECRET";

    private static readonly (string Name, string Value)[] s_environment = [("ID", "id"), ("SECRET", "hush")];

    [Theory]
    [InlineData("{name: a, endpoint: 'https://r2.example'}", "buckets[0] has no 'bucket'; it must be given.")]
    [InlineData("{bucket: logs, endpoint: 'https://r2.example'}", "buckets[0] has no 'name'; it must be given.")]
    [InlineData("{name: a, bucket: logs}", "buckets[0] has neither 'endpoint' nor 'region'; expected the URL of the service, or a region of AWS.")]
    [InlineData(
        "{name: a, bucket: logs, endpoint: 'https://id:secret@r2.example'}",
        "buckets[0].endpoint is no URL of a service; expected http or https, a host and nothing secret, for instance "
            + "'https://ACCOUNT.r2.cloudflarestorage.com'.")]
    [InlineData(
        "{name: a, bucket: logs, region: eu-central-1, prefix: '{DATE}/{DATE}'}",
        "buckets[0].prefix has {DATE} more than once; expected it once or not at all.")]
    [InlineData(
        "{name: a, bucket: logs, region: eu-central-1, poll_secs: 100, look_back_secs: 120}",
        "buckets[0].look_back_secs (120) must be at least twice buckets[0].poll_secs (100).")]
    [InlineData(
        "{name: a, bucket: logs, region: eu-central-1, start: yesterday}",
        "buckets[0].start is 'yesterday'; expected a time in UTC, for instance '2026-11-20' or '2026-11-20T10:15:00Z'.")]
    [InlineData(
        "{name: a, bucket: logs, region: eu-central-1, backfill_from: '2026-11-20'}",
        "buckets[0].backfill_from is given alone; expected buckets[0].backfill_from and buckets[0].backfill_to together.")]
    [InlineData(
        "{name: a, bucket: logs, region: eu-central-1, backfill_from: '2026-11-20', backfill_to: '2026-11-20'}",
        "buckets[0].backfill_to ('2026-11-20') must be after buckets[0].backfill_from ('2026-11-20').")]
    public void Load_ABucketThatCannotWork_IsSaid(string bucket, string message)
    {
        string yaml = $"buckets: [{bucket[..^1]}, {Keys}}}]";

        Assert.Contains(ConfigurationText.Problems(yaml, s_environment), problem => problem.EndsWith(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("buckets: [{name: a, bucket: logs, region: x}]", "buckets[0] needs exactly one of 'access_key_env' and 'access_key_file'.")]
    [InlineData(
        "buckets: [{name: a, bucket: logs, region: x, access_key_env: ID, secret_key_env: NONE}]",
        "buckets[0].secret_key_env names the environment variable 'NONE', which is not set.")]
    [InlineData("folders: [{name: a}]", "folders[0] has no 'path'; it must be given.")]
    [InlineData(
        "folders: [{name: a, path: x}, {name: a, path: y}]",
        "folders[1].name is 'a', as folders[0].name is; expected different names, because checkpoints are kept under them.")]
    public void Load_WhatCannotWork_IsSaid(string yaml, string message) =>
        Assert.Contains(ConfigurationText.Problems(yaml, s_environment), problem => problem.EndsWith(message, StringComparison.Ordinal));

    [Fact]
    public void Load_LeftOut_HasTheDefaults()
    {
        CfLogStreamOptions options = ConfigurationText.Load($"buckets: [{{name: a, bucket: logs, region: x, {Keys}}}]\nfolders: [{{name: b, path: /x}}]", s_environment);

        BucketSection bucket = Assert.Single(options.Buckets);
        Assert.Equal(
            ("yyyyMMdd", 30.0, 86_400.0, 4, ""),
            (bucket.DateFormat, bucket.Poll.TotalSeconds, bucket.LookBack.TotalSeconds, bucket.Parallel, bucket.Start));
        Assert.Equal(("id", "hush"), (bucket.AccessKey.Reveal(), bucket.SecretKey.Reveal()));
        Assert.DoesNotContain("hush", bucket.ToString(), StringComparison.Ordinal);
        FolderSection folder = Assert.Single(options.Folders);
        Assert.Equal(("*", 10.0, 5.0, 2), (folder.Pattern, folder.Settle.TotalSeconds, folder.Poll.TotalSeconds, folder.Parallel));
    }
}
