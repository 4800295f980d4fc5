using CfLogStream.Server.Collecting;

namespace CfLogStream.Server.Configuration;

/// <summary>Checks what single keys of the buckets and folders sections cannot.</summary>
internal sealed class CollectionChecks(CfLogStreamOptions options, ConfigurationBinder binder, ProblemList problems)
{

    /// <summary>Adds every problem that is found.</summary>
    public void Run()
    {
        for (int i = 0; i < options.Buckets.Count; i++)
        {
            if (binder.IsSound($"buckets[{i}]"))
            {
                Bucket($"buckets[{i}]", options.Buckets[i]);
            }
        }

        for (int i = 0; i < options.Folders.Count; i++)
        {
            Given($"folders[{i}]", "name", options.Folders[i].Name);
            Given($"folders[{i}]", "path", options.Folders[i].Path);
        }

        Names("buckets", [.. options.Buckets.Select(bucket => bucket.Name)]);
        Names("folders", [.. options.Folders.Select(folder => folder.Name)]);
    }

    private void Bucket(string path, BucketSection bucket)
    {
        Given(path, "name", bucket.Name);
        Given(path, "bucket", bucket.Bucket);
        if (bucket.Endpoint.Length == 0 && bucket.Region.Length == 0)
        {
            Add(path, $"{path} has neither 'endpoint' nor 'region'; expected the URL of the service, or a region of AWS.");
        }
        else if (bucket.Endpoint.Length > 0 && (!Uri.TryCreate(bucket.Endpoint, UriKind.Absolute, out Uri? url)
            || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0))
        {
            Add(
                path + ".endpoint",
                $"{path}.endpoint is no URL of a service; expected http or https, a host and nothing secret, for instance "
                    + "'https://ACCOUNT.r2.cloudflarestorage.com'.");
        }

        if (bucket.Prefix.Split(DatePrefix.Placeholder).Length > 2)
        {
            Add(path + ".prefix", $"{path}.prefix has {DatePrefix.Placeholder} more than once; expected it once or not at all.");
        }

        if (bucket.LookBack < 2 * bucket.Poll)
        {
            Add(
                path + (binder.IsGiven(path + ".look_back_secs") ? ".look_back_secs" : ".poll_secs"),
                $"{path}.look_back_secs ({bucket.LookBack.TotalSeconds:0}) must be at least twice {path}.poll_secs ({bucket.Poll.TotalSeconds:0}).");
        }

        OneOfTwo(path, "access_key", bucket.AccessKeyEnv, bucket.AccessKeyFile);
        OneOfTwo(path, "secret_key", bucket.SecretKeyEnv, bucket.SecretKeyFile);
        Times(path, bucket);
    }

    private void Times(string path, BucketSection bucket)
    {
        foreach ((string key, string text) in new[] { ("start", bucket.Start), ("backfill_from", bucket.BackfillFrom), ("backfill_to", bucket.BackfillTo) })
        {
            if (text.Length > 0 && !CollectionSettings.TryReadTime(text, out _))
            {
                Add(
                    $"{path}.{key}",
                    $"{path}.{key} is {ConfigurationWords.Quote(text)}; expected a time in UTC, for instance '2026-11-20' or '2026-11-20T10:15:00Z'.");
            }
        }

        if ((bucket.BackfillFrom.Length > 0) != (bucket.BackfillTo.Length > 0))
        {
            string key = $"{path}.{(bucket.BackfillFrom.Length > 0 ? "backfill_from" : "backfill_to")}";
            Add(key, $"{key} is given alone; expected {path}.backfill_from and {path}.backfill_to together.");
        }
        else if (CollectionSettings.TryReadTime(bucket.BackfillFrom, out DateTimeOffset from)
            && CollectionSettings.TryReadTime(bucket.BackfillTo, out DateTimeOffset to) && from >= to)
        {
            Add(path + ".backfill_to", $"{path}.backfill_to ('{bucket.BackfillTo}') must be after {path}.backfill_from ('{bucket.BackfillFrom}').");
        }
    }

    private void Given(string path, string key, string value)
    {
        if (value.Length == 0 && binder.IsSound($"{path}.{key}"))
        {
            Add(path, $"{path} has no '{key}'; it must be given.");
        }
    }

    private void OneOfTwo(string path, string key, string variable, string file)
    {
        if ((variable.Length > 0) == (file.Length > 0))
        {
            Add(path, $"{path} needs exactly one of '{key}_env' and '{key}_file'.");
        }
    }

    private void Names(string list, IReadOnlyList<string> names)
    {
        for (int i = 0; i < names.Count; i++)
        {
            int first = names.TakeWhile(name => name != names[i]).Count();
            if (names[i].Length > 0 && first < i)
            {
                string key = $"{list}[{i}].name";
                Add(key, $"{key} is '{names[i]}', as {list}[{first}].name is; expected different names, because checkpoints are kept under them.");
            }
        }
    }

    private void Add(string path, string message) => problems.Add(binder.PositionOf(path), path, message);
}
