using System.Globalization;
using System.Net;
using System.Text.Json;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Generator;

namespace CfLogStream.EndToEnd.Tests.Insight;

/// <summary><c>ray</c> and <c>find</c> over generated scenarios, against what the uploads themselves say.</summary>
public sealed class GeneratedRequestsTests(EngineFixture engine)
{
    private static readonly string[] s_stopping = ["block", "managedchallenge", "challenge", "jschallenge", "drop", "connectionclose"];

    [Theory]
    [InlineData("custom-rule-hits-api", 3UL)]
    [InlineData("rate-limit-webhook-burst", 5UL)]
    [InlineData("skip-too-broad", 8UL)]
    public async Task Ray_GeneratedScenario_SaysWhatTheUploadsSay(string scenario, ulong seed)
    {
        await using InsightStore store = InsightStore.Create(engine);
        RawRequest[] requests = await GenerateAsync(store, scenario, seed);

        // Some of every way that a request went.
        RawRequest[] some = [.. requests.GroupBy(static request => (request.Action, request.Origin > 0, request.Actions.Length))
            .SelectMany(static group => group.OrderBy(static request => request.Ray, StringComparer.Ordinal).Take(2))];
        Assert.True(some.Length >= 8, $"Only {some.Length} kinds of requests.");
        foreach (RawRequest request in some)
        {
            CheckScreen(request, await store.JsonAsync("ray", request.Ray + "-FRA"));
        }

        CommandResult text = await store.RunAsync("ray", some.First(static request => s_stopping.Contains(request.Action)).Ray);
        Assert.StartsWith("Answered by the edge (", text.Stdout, StringComparison.Ordinal);
        string[] lines = text.Stdout.Split('\n');
        Assert.InRange(lines.Length, 10, 41);
        Assert.All(lines, static line => Assert.InRange(line.Length, 0, 120));
    }

    [Fact]
    public async Task Find_EveryFilter_GivesWhatTheUploadsGive()
    {
        await using InsightStore store = InsightStore.Create(engine);
        await CheckFindAsync(store, await GenerateAsync(store, "custom-rule-hits-api", 3));
    }

    /// <summary>Generates and analyses; returns the requests that are kept.</summary>
    /// <remarks>A challenge that a browser solved later is not lost, so of such a pair only the solved request is kept.</remarks>
    private static async Task<RawRequest[]> GenerateAsync(InsightStore store, string scenario, ulong seed)
    {
        await new LogpushGenerator(new GeneratorOptions { Scenario = scenario, Seed = seed, Records = 5_000, Folder = store.Uploads })
            .RunAsync(null, TestContext.Current.CancellationToken);
        await store.AnalyzeAsync();
        HashSet<string> solved = [.. RawRequest.Originators(store.Uploads)];
        return [.. RawRequest.Read(store.Uploads).Where(request => request.IsClient && !solved.Contains(request.Ray))];
    }

    private static void CheckScreen(RawRequest request, JsonElement answer)
    {
        JsonElement screen = Assert.Single(answer.GetProperty("requests").EnumerateArray().ToArray(), one => one.GetProperty("ray").GetString() == request.Ray);
        bool isStopped = s_stopping.Contains(request.Action);
        string by = request.Origin > 0 && !isStopped && request.Origin == request.Edge ? "origin" : "edge";
        Assert.Equal((request.Ray, by), (request.Ray, screen.GetProperty("answered_by").GetString()));
        JsonElement[] matches = [.. screen.GetProperty("matches").EnumerateArray()];
        Assert.Equal(
            request.Sources.Select(RawRequest.Fold).Zip(request.Actions.Select(RawRequest.Fold), request.Rules).Order(),
            matches.Select(static match => (
                match.GetProperty("control").GetString()!, match.GetProperty("action").GetString()!, match.GetProperty("rule_id").GetString()!)).Order());
        JsonElement[] ended = [.. matches.Where(static match => match.GetProperty("ended_request").GetBoolean())];
        Assert.Equal(isStopped ? [request.Rule] : [], ended.Select(static match => match.GetProperty("rule_id").GetString()));
        int[] indexes = [.. matches.Select(static match => match.GetProperty("match_index").GetInt32())];
        Assert.Equal(indexes.OrderDescending(), indexes);
        Assert.Equal(isStopped, screen.GetProperty("not_evaluated").GetArrayLength() > 0);
        Assert.Equal(request.UserAgent, screen.GetProperty("columns").GetProperty("user_agent").GetString());
    }

    private static async Task CheckFindAsync(InsightStore store, RawRequest[] requests)
    {
        RawRequest lost = requests.First(static request => request.Action == "block");
        RawRequest any = requests.OrderBy(static request => request.Ray, StringComparer.Ordinal).ElementAt(requests.Length / 3);
        string at = TimeZoneInfo.ConvertTimeFromUtc(lost.Time, TimeZoneInfo.FindSystemTimeZoneById("America/New_York"))
            .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " America/New_York";
        DateTime second = lost.Time.AddTicks(-(lost.Time.Ticks % TimeSpan.TicksPerSecond));
        string part = any.Path[1..^1].ToUpperInvariant();
        byte[] bytes = IPAddress.Parse(lost.Address).GetAddressBytes();
        bool isFour = bytes.Length == 4;
        string prefix = isFour ? $"{bytes[0]}.{bytes[1]}.{bytes[2]}.0/24" : $"{lost.Address}/48";
        int prefixBytes = isFour ? 3 : 6;
        string glob = "/" + any.Path.Split('/')[1] + "*";
        (string[] Args, Func<RawRequest, bool> Passes)[] cases =
        [
            (["--status", "403"], static request => request.Edge == 403),
            (["--status", "4xx,500"], static request => request.Edge is (>= 400 and < 500) or 500),
            (["--method", "post"], static request => request.Method == "POST"),
            (["--host", any.Host.ToUpperInvariant()], request => request.Host == any.Host),
            (["--host", "api.*"], static request => request.Host.StartsWith("api.", StringComparison.Ordinal)),
            (["--path", part], request => request.Path.Contains(part, StringComparison.OrdinalIgnoreCase)),
            (["--path", part, "--case"], request => request.Path.Contains(part, StringComparison.Ordinal)),
            (["--path", glob], request => request.Path.StartsWith(glob[..^1], StringComparison.OrdinalIgnoreCase)),
            (["--path", "%_"], static request => request.Path.Contains("%_", StringComparison.Ordinal)),
            (["--path", "/%*"], static request => request.Path.StartsWith("/%", StringComparison.Ordinal)),
            (["--ip", lost.Address], request => request.Address == lost.Address),
            (["--ip", prefix], request => IPAddress.Parse(request.Address).GetAddressBytes() is var other && other.Length == bytes.Length
                && other.AsSpan(0, prefixBytes).SequenceEqual(bytes.AsSpan(0, prefixBytes))),
            (["--ua", "OKHTTP"], static request => request.UserAgent.Contains("okhttp", StringComparison.OrdinalIgnoreCase)),
            (["--control", "Firewall_Custom"], static request => request.Sources.Any(static source => RawRequest.Fold(source) == "firewallcustom")),
            (["--rule", lost.Rule], request => request.Rules.Contains(lost.Rule)),
            (["--outcome", "exempted"], static request => request.Actions.Length > 0
                && request.Actions.All(static action => RawRequest.Fold(action) is "skip" or "log" or "allow" or "bypass")
                && request.Actions.Any(static action => RawRequest.Fold(action) is "skip" or "allow" or "bypass")),
            (["--at", at, "--within", "90s"], request => (request.Time - second).Duration() <= TimeSpan.FromSeconds(90)),
            (["--since", $"{second:yyyy-MM-ddTHH:mm:ssZ}", "--until", $"{second.AddMinutes(7):yyyy-MM-dd HH:mm:ss} UTC", "--method", "GET"],
                request => request.Method == "GET" && request.Time >= second && request.Time <= second.AddMinutes(7)),
        ];
        foreach ((string[] args, Func<RawRequest, bool> passes) in cases)
        {
            bool isTimed = args[0] is "--at" or "--since";
            JsonElement found = await store.JsonAsync(["find", .. args, .. isTimed ? Array.Empty<string>() : ["--since", "2020-01-01"], "--limit", "10000"]);
            string[] rays = [.. found.GetProperty("requests").EnumerateArray().Select(static one => one.GetProperty("ray").GetString()!)];
            string[] expected = [.. requests.Where(passes).OrderByDescending(static request => request.Time).Select(static request => request.Ray)];
            Assert.True(
                expected.Order(StringComparer.Ordinal).SequenceEqual(rays.Order(StringComparer.Ordinal)),
                $"find {string.Join(' ', args)} gave {rays.Length} requests, expected {expected.Length}.");
        }

        JsonElement newest = await store.JsonAsync("find", "--limit", "3");
        Assert.True(newest.GetProperty("cut").GetBoolean());
        Assert.Equal(
            requests.Select(static request => request.Time).OrderDescending().Take(3),
            newest.GetProperty("requests").EnumerateArray().Select(static one => one.GetProperty("time").GetDateTime().ToUniversalTime()));
    }
}
