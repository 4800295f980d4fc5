using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Core.Traffic.Paths;

namespace CfLogStream.Core.Tests.Traffic;

/// <summary>What a classifier remembers saves time and changes nothing.</summary>
public sealed class ClassifierMemoryTests
{
    private static readonly string[] s_agents =
    [
        "curl/8.4.0", "okhttp/4.12.0", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
        "Stripe/1.0 (+https://stripe.com/docs/webhooks)", "", "-", "sqlmap/1.8", "AcmeApp/7 CFNetwork/1410 Darwin/22", new string('x', 300), "Ünï/1",
    ];

    private static readonly string[] s_segments =
    [
        "v1", "users", "api", "login", "a.b", "%2e", "%C3%BC", "..", "", "search", "en-us", "index.php", "me@example.com", "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "3fa85f64-5717-4562-b3fc-2c963f66afa6", "0", "007", "deadbeef", "DEADBEEF", "66cf0b9f1e8a4c0012345678", "x1y2", "2024-11-07", "token=abc", "ü",
    ];

    private static readonly string[] s_actions = ["block", "managedChallenge", "skip", "log", "challengeSolved", "unheard_of", ""];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Classify_ManyRecordsByOneClassifier_EqualsFreshClassifier(int seed)
    {
        var dice = new Random(seed);
        var tables = new ClassificationTables(new ClassificationSettings { ExtraFields = ["ClientCity"] });
        var shared = new TrafficClassifier(tables);
        var sharedBatch = new TrafficBatch();
        var freshBatch = new TrafficBatch();
        for (int i = 0; i < 700; i++)
        {
            string line = Line(dice);
            LogRecord record = Logs.Read(line, "ClientCity");
            sharedBatch.Clear();
            freshBatch.Clear();
            shared.Classify(record, sharedBatch);
            new TrafficClassifier(tables).Classify(record, freshBatch);
            Assert.True(Bytes(freshBatch).SequenceEqual(Bytes(sharedBatch)), $"seed {seed}, record {i}: {line}");
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Classify_AnyPath_HasTheTemplateOfTheTemplater(int seed)
    {
        var dice = new Random(seed);
        var settings = new ClassificationSettings();
        var endpoints = EndpointClassifier.Compile(settings, []);
        var shared = new TrafficClassifier(settings);
        var batch = new TrafficBatch();
        byte[] expected = new byte[EndpointClassifier.MaxTemplateBytes];
        for (int i = 0; i < 20_000; i++)
        {
            string path = Path(dice);
            LogRecord record = Logs.Read(
                $$"""{"RayID":"8dea4d930b427528","EdgeStartTimestamp":1786026972,"ZoneName":"shop.example","ClientRequestHost":"api.shop.example","ClientRequestMethod":"GET","ClientRequestPath":{{JsonSerializer.Serialize(path)}}}""");
            batch.Clear();
            shared.Classify(record, batch);
            int length = endpoints.Classify(
                "shop.example"u8, "api.shop.example"u8, "GET"u8, Encoding.UTF8.GetBytes(path), expected, out Surface surface, out _);
            Assert.True(
                batch[0][RecordText.Template].SequenceEqual(expected.AsSpan(0, length)) && batch[0].Head.Surface == surface,
                $"seed {seed}, path {i} '{path}': '{Encoding.UTF8.GetString(batch[0][RecordText.Template])}' instead of '{Encoding.UTF8.GetString(expected, 0, length)}'");
        }
    }

    private static byte[] Bytes(TrafficBatch batch)
    {
        TrafficRecord record = batch[0];
        TrafficHead head = record.Head;
        head.DataStart = 0;
        return [.. MemoryMarshal.AsBytes(new ReadOnlySpan<TrafficHead>(in head)), .. record.Data];
    }

    private static T Pick<T>(Random dice, T[] values) => values[dice.Next(values.Length)];

    private static string Path(Random dice)
    {
        var path = new StringBuilder();
        for (int parts = dice.Next(0, 6); parts >= 0; parts--)
        {
            path.Append('/').Append(dice.Next(5) switch
            {
                0 => dice.Next().ToString(CultureInfo.InvariantCulture),
                1 => Convert.ToHexString(BitConverter.GetBytes(dice.NextInt64())).ToLowerInvariant()[..dice.Next(1, 17)],
                2 => Pick(dice, s_segments) + (dice.Next(4) == 0 ? Pick(dice, s_segments) : ""),
                _ => Pick(dice, s_segments),
            });
        }

        return path.ToString();
    }

    private static string Line(Random dice)
    {
        bool isEvent = dice.Next(4) == 0;
        var fields = new Dictionary<string, object?>
        {
            ["RayID"] = dice.Next(20) == 0 ? "not-hex" : $"{dice.NextInt64():x16}",
            [isEvent ? "Datetime" : "EdgeStartTimestamp"] = 1786026972L + dice.Next(100),
            ["ClientASN"] = Pick(dice, [0, 16509, 7018, 99_999]),
            ["ClientCountry"] = Pick(dice, ["us", "DE", "", "t1"]),
            ["ClientIP"] = Pick(dice, ["192.0.2." + dice.Next(4), "2001:db8::" + dice.Next(4), "2a06:98c0:3600::103", "", "none"]),
            ["ClientIPClass"] = Pick(dice, ["noRecord", "scan", "monitoringService", "badHost", "odd"]),
            ["ClientRequestHost"] = Pick(dice, ["api.shop.example", "WWW.Shop.Example:8443", "", "[2001:db8::1]"]),
            ["ClientRequestMethod"] = Pick(dice, ["GET", "POST", "OPTIONS", "get", "PROPFIND", ""]),
            ["ClientRequestPath"] = Path(dice),
            ["ClientRequestUserAgent"] = dice.Next(10) == 0 ? null : Pick(dice, s_agents) + (dice.Next(5) == 0 ? dice.Next(50).ToString(CultureInfo.InvariantCulture) : ""),
            ["EdgeResponseStatus"] = Pick(dice, [200, 403, 429, 0, 502]),
            ["OriginResponseStatus"] = Pick(dice, [200, 0, 500]),
        };
        if (isEvent)
        {
            fields["Action"] = Pick(dice, s_actions);
            fields["Source"] = Pick(dice, ["firewallcustom", "ratelimit", "newThing"]);
            fields["RuleID"] = "r" + dice.Next(5);
            fields["MatchIndex"] = dice.Next(3);
            fields["ClientRefererHost"] = Pick(dice, ["", "www.shop.example", "evil.example"]);
        }
        else
        {
            string[] actions = [.. Enumerable.Range(0, dice.Next(3)).Select(_ => Pick(dice, s_actions))];
            fields["ZoneName"] = Pick(dice, ["shop.example", ""]);
            fields["ClientRequestReferer"] = Pick(dice, ["", "https://www.shop.example/", "https://evil.example/x?token=1", "odd"]);
            fields["ClientRequestURI"] = fields["ClientRequestPath"] + Pick(dice, ["", "?a=1&token=secret", "?q=%zz"]);
            fields["ClientDeviceType"] = Pick(dice, ["desktop", "mobile"]);
            fields["ClientRequestSource"] = Pick(dice, ["eyeball", "edgeWorkerFetch", "orangeToOrange", ""]);
            fields["JA4"] = Pick(dice, ["t13d1816h2_f2d0edccf0f2_f8c1b0842a88", "", "\0\0", "t13d1516h2_8daaf6152771_02713d6af862"]);
            fields["BotScore"] = Pick<object>(dice, [0, 1, 30, 99, "30"]);
            fields["BotScoreSrc"] = Pick(dice, ["Machine Learning", "Verified Bot", ""]);
            fields["VerifiedBotCategory"] = Pick(dice, ["", "", "", "Search Engine Crawler", "Webhooks"]);
            fields["WorkerSubrequest"] = dice.Next(20) == 0;
            fields["SecurityAction"] = actions.Length > 0 ? actions[0] : "";
            fields["SecurityActions"] = actions;
            fields["SecurityRuleIDs"] = actions.Select((_, i) => "r" + i).ToArray();
            fields["SecuritySources"] = actions.Select(_ => Pick(dice, ["firewallCustom", "rateLimit"])).ToArray();
            fields["RequestHeaders"] = dice.Next(3) switch
            {
                0 => new Dictionary<string, string>(),
                1 => new Dictionary<string, string> { ["stripe-signature"] = "t=1,v1=ab", ["sec-fetch-mode"] = "cors" },
                _ => new Dictionary<string, string> { ["origin"] = "https://www.shop.example", ["access-control-request-method"] = "PUT" },
            };
            fields["ClientCity"] = dice.Next(2) == 0 ? "Ü" : null;
        }

        return JsonSerializer.Serialize(fields);
    }
}
