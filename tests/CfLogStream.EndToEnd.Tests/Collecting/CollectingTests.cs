using System.Globalization;
using System.IO.Compression;
using System.Text;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.EndToEnd.Tests.Log;
using CfLogStream.EndToEnd.Tests.Receiving;
using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Collecting;

/// <summary>Objects in a bucket of a real S3 server, and files in a folder: the tables must say what an independent count of them says,
/// whatever is killed when.</summary>
public sealed class CollectingTests(EngineFixture engine, ObjectServer server) : IClassFixture<ObjectServer>
{
    private const int Killed = 137;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly ServiceSettings s_keys = new()
    {
        Environment = new Dictionary<string, string> { ["KEY_ID"] = ObjectServer.Key, ["KEY_SECRET"] = ObjectServer.Key },
    };

    // Objects that come out of order must find their partners in time: it is their order that is tested here, not lateness.
    private const string Correlation = "correlation: {allowed_lateness_secs: 7200}";

    [Theory]
    [InlineData(51, false)]
    [InlineData(52, true)]
    public async Task Buckets_KilledAtAnyTime_LoseAndRepeatNothing(int seed, bool isEmbedded)
    {
        var random = new Random(seed);
        await using StandalonePlace place = StandalonePlace.Make(isEmbedded ? null : engine.Endpoint, Correlation);
        await place.GenerateAsync("custom-rule-hits-api", (ulong)seed, 6_000, Start());
        string[] datasets = [.. place.Uploads.Select(upload => Slashed(upload.Name).Split('/')[0]).Distinct()];
        place.Configure("buckets:\n" + string.Concat(datasets.Select(dataset => Bucket(dataset, $"run{seed}/{dataset}/{{DATE}}/"))));
        await PutNoObjectsAsync($"run{seed}/http_requests/{TimeProvider.System.GetUtcNow():yyyyMMdd}");

        // Between the log and the checkpoint, so that an object is certainly read again; then at random, while more and older ones appear.
        (string Name, byte[] Content)[] shuffled = [.. place.Uploads];
        random.Shuffle(shuffled);
        int half = shuffled.Length / 2;
        await PutAsync(seed, shuffled[..half]);
        place.Serve("after_object_append:3", s_keys);
        Assert.Equal(Killed, await place.Service.WaitAsync(s_limit));
        place.Serve("after_object_append:5", s_keys);
        Assert.Equal(Killed, await place.Service.WaitAsync(s_limit));
        place.Serve(settings: s_keys);
        int kills = 2;
        foreach ((string Name, byte[] Content)[] some in shuffled[half..].Chunk(Math.Max(1, half / 4)))
        {
            await PutAsync(seed, some);
            await Task.Delay(random.Next(1_500), TestContext.Current.CancellationToken);
            place.Service.Kill();
            Assert.Equal(Killed, await place.Service.WaitAsync(s_limit));
            kills++;
            place.Serve(settings: s_keys);
        }

        long count = await UntilReadAsync(place, "bucket ", place.Uploads.Count + Unreadable);
        await place.CloseAsync();
        await place.ExpectOracleAsync();

        Assert.Equal(place.Uploads.Count + Unreadable, count);
        Assert.Equal(1, await CountAsync(place, "dead_letters", "source LIKE '%damaged.log.gz' AND reason = 'cut_line'"));
        Assert.Equal(0, await CountAsync(place, "dead_letters", "source LIKE '%challenge%' OR source LIKE '%test.txt%'"));
        Assert.Equal(0, await CountAsync(place, "objects_read", "key LIKE '%/' OR key LIKE '%challenge%' OR key LIKE '%test.txt%'"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{place.Uploads.Count} objects in any order, {kills} kills, {count} in the checkpoint");
        place.Service.Terminate();
        Assert.True(await place.Service.WaitAsync(s_limit) == 0, place.Service.Stderr);
    }

    [Fact]
    public async Task Folder_KilledAtAnyTime_LosesAndRepeatsNothingAndReadsOnlyFinishedFiles()
    {
        await using StandalonePlace place = StandalonePlace.Make(engine.Endpoint, Correlation);
        await place.GenerateAsync("bot-fight-webhooks", 61, 6_000, Start());
        string inbox = Path.Combine(place.Folder, "inbox");
        Directory.CreateDirectory(inbox);
        place.Configure($"folders: [{{name: inbox, path: inbox, pattern: '*.gz', settle_secs: 1, poll_secs: 1}}]");
        string secret = Path.Combine(place.Folder, "secret.gz");
        await File.WriteAllTextAsync(secret, "outside\n", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(Path.Combine(inbox, "link.gz"), secret);
        place.Serve("after_object_append:4");
        for (int i = 0; i < place.Uploads.Count; i++)
        {
            (string name, byte[] content) = place.Uploads[i];
            string path = Path.Combine(inbox, Path.GetFileName(name));
            if (i % 3 == 0)
            {
                // Written slowly, in place.
                await using FileStream file = File.Create(path);
                await file.WriteAsync(content.AsMemory(0, content.Length / 2), TestContext.Current.CancellationToken);
                await file.FlushAsync(TestContext.Current.CancellationToken);
                await Task.Delay(100, TestContext.Current.CancellationToken);
                await file.WriteAsync(content.AsMemory(content.Length / 2), TestContext.Current.CancellationToken);
            }
            else
            {
                await File.WriteAllBytesAsync(path + ".tmp", content, TestContext.Current.CancellationToken);
                File.SetLastWriteTimeUtc(path + ".tmp", DateTime.UnixEpoch.AddYears(-3 + i));
                File.Move(path + ".tmp", path);
            }

            if (place.Service.HasExited)
            {
                place.Serve();
            }
        }

        if (place.Service is { Stderr: var said } && !said.Contains("Collecting", StringComparison.Ordinal))
        {
            await place.Service.UntilSaidAsync("Collecting");
        }

        await UntilAsync(
            async () =>
            {
                if (place.Service.HasExited)
                {
                    place.Serve();
                }

                return await CountAsync(place, "objects_read", "place = 'folder inbox' AND key != ''") == place.Uploads.Count;
            },
            place);
        await place.CloseAsync();
        await place.ExpectOracleAsync();
        Assert.Equal(0, await CountAsync(place, "dead_letters", "1"));
    }

    [Fact]
    public async Task Backfill_OfASpan_ReadsWhatWasThereBeforeOnce()
    {
        await using StandalonePlace place = StandalonePlace.Make(engine.Endpoint, Correlation);
        DateTimeOffset start = Start().AddDays(-10);
        await place.GenerateAsync("custom-rule-hits-api", 71, 4_000, start);
        await PutAsync(71, [.. place.Uploads]);
        foreach ((string name, byte[] _) in place.Uploads)
        {
            server.Backdate($"run71/{Slashed(name)}", start.UtcDateTime.AddHours(3));
        }

        await PutAsync(71, [($"http_requests/{start:yyyyMMdd}/other.log.gz", Gzip("no record\n"))]);
        server.Backdate($"run71/http_requests/{start:yyyyMMdd}/other.log.gz", start.UtcDateTime.AddDays(-3));
        string span = $"backfill_from: {start:yyyy-MM-dd}, backfill_to: {start.AddDays(2):yyyy-MM-dd}";
        place.Configure($"buckets:\n{Bucket("all", "run71/", span)}");
        place.Serve("after_object_append:3", s_keys);
        Assert.Equal(Killed, await place.Service.WaitAsync(s_limit));
        place.Serve(settings: s_keys);
        await place.Service.UntilSaidAsync("is done");
        place.Service.Terminate();
        Assert.Equal(0, await place.Service.WaitAsync(s_limit));
        place.Serve(settings: s_keys);
        await place.Service.UntilSaidAsync($"is done: 0 objects now, {place.Uploads.Count} before");

        await place.CloseAsync();
        await place.ExpectOracleAsync();
        Assert.Equal(0, await CountAsync(place, "dead_letters", "1"));
    }

    // What is no object with records, and what cannot be read; Unreadable of them are noted as read.
    private const int Unreadable = 3;

    private async Task PutNoObjectsAsync(string folder)
    {
        await server.PutAsync(folder + "/", []);
        await server.PutAsync(folder + "/ownership-challenge.txt", Encoding.UTF8.GetBytes("eyJhbGciOi.eyJub3Qi.c2ln"));
        await server.PutAsync(folder + "/test.txt.gz", Gzip("""{"content":"tests"}"""));
        byte[] whole = Gzip(string.Concat(Enumerable.Repeat("no record\n", 2)));
        await server.PutAsync(folder + "/damaged.log.gz", whole[..(whole.Length - 6)]);
        await server.PutAsync(folder + "/%2e%2e%2f%2e%2e%2fescape.log.gz", Gzip("no record\n"));
        await server.PutAsync(folder + "/;--DROP TABLE.log.gz", Gzip("no record\n"));
    }

    private async Task PutAsync(int run, IReadOnlyList<(string Name, byte[] Content)> uploads)
    {
        foreach ((string name, byte[] content) in uploads)
        {
            await server.PutAsync($"run{run}/{Slashed(name)}", content);
        }
    }

    private static string Slashed(string name) => name.Replace('\\', '/');

    /// <summary>So that the closing records, three hours after the last, are not in the future.</summary>
    private static DateTimeOffset Start() =>
        new(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddHours(TimeProvider.System.GetUtcNow().Hour - 6), TimeSpan.Zero);

    private string Bucket(string name, string prefix, string more = "poll_secs: 1") =>
        $"- {{name: {name}, endpoint: '{server.Endpoint.ToString().TrimEnd('/')}', bucket: {ObjectServer.Bucket}, prefix: '{prefix}', parallel: 3, "
        + $"access_key_env: KEY_ID, secret_key_env: KEY_SECRET, {more}}}\n";

    private static async Task<long> UntilReadAsync(StandalonePlace place, string prefix, long count)
    {
        IReadOnlyList<string> keys = [];
        await UntilAsync(
            async () => (keys = await KeysAsync(place, prefix)).Count >= count,
            place,
            () => $"{keys.Count} of {count} objects: {string.Join(", ", keys)}");
        return keys.Count;
    }

    private static Task<IReadOnlyList<string>> KeysAsync(StandalonePlace place, string prefix) => place.Queries.ReadAsync(
        $"SELECT key FROM {place.Database}.objects_read FINAL WHERE startsWith(place, {{prefix:String}}) AND key != '' ORDER BY key",
        new QueryParameters().Add("prefix", prefix),
        row => row.GetString(0),
        TestContext.Current.CancellationToken);

    private static async Task UntilAsync(Func<Task<bool>> holds, StandalonePlace place, Func<string>? found = null)
    {
        using var late = new CancellationTokenSource(s_limit);
        while (!await TryAsync(holds))
        {
            Assert.False(late.IsCancellationRequested, $"It did not come to be. {found?.Invoke()}\nThe service said:\n{place.Service.Stderr}");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<bool> TryAsync(Func<Task<bool>> holds)
    {
        try
        {
            return await holds();
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // The database is made by the service.
            return false;
        }
    }

    private static async Task<long> CountAsync(StandalonePlace place, string table, string condition) => Convert.ToInt64(
        await place.Queries.ScalarAsync<ulong>(
            $"SELECT count() FROM {place.Database}.{table} FINAL WHERE {condition}", null, TestContext.Current.CancellationToken),
        CultureInfo.InvariantCulture);

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }
}
