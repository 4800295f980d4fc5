using System.Text;
using CfLogStream.ClickHouse.Rows;
using CfLogStream.Core;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.ClickHouse.Tests.Schema;

/// <summary>A small incident: a custom rule that loses a webhook provider, in ten minutes, two partitions and a late chunk.</summary>
internal static class IncidentRows
{
    public const uint Start = 1_793_534_400; // 2026-11-01 12:00:00 UTC
    public const int Minutes = 10;
    public const string Ray = "8f2a4b6c8d0e1f23";

    private static readonly ClientKey s_stripe = new("webhook", "stripe", Trust.Verified);
    private static readonly ClientKey s_browser = new("browser_xhr", "chrome", Trust.Corroborated);
    private static readonly EndpointKey s_orders = new("example.com", "api.example.com", "POST", "/v1/orders/{id}", Surface.Api);

    /// <summary>Adds all rows; a higher <paramref name="version"/> stands for the same rows written again.</summary>
    public static void AddTo(RowEncoder encoder, ulong version = 1)
    {
        for (uint minute = 0; minute < Minutes; minute++)
        {
            for (uint partition = 0; partition < 2; partition++)
            {
                AddMinute(encoder, new RowKey(Start + (minute * 60), partition, 0, version), 10);
            }

            AddMinute(encoder, new RowKey(Start + (minute * 60), 0, 7, version), 1);
        }

        AddHour(encoder, new RowKey(Start, 0, 0, version));
        AddRequest(encoder, Ray, string.Empty, version);
        AddRequest(encoder, "00000000000000aa", Ray, version);
        encoder.Add(new DeadLetterRow
        {
            Reason = "cut_line"u8,
            ContentHash = 1,
            Source = "a.log.gz"u8,
            LineNumber = 12,
            Bytes = "{\"RayID\":\"8f"u8,
            Length = 12,
            Version = version,
        });
    }

    private static void AddMinute(RowEncoder encoder, RowKey key, ulong count)
    {
        ulong first = (ulong)key.Partition * 100;
        ulong[] callers = [.. Enumerable.Range(0, 5).Select(i => first + (ulong)i)];
        encoder.Add(new RequestsRow
        {
            Key = key,
            Endpoint = s_orders,
            Client = s_stripe,
            Requests = 3 * count,
            Blocked = 2 * count,
            Passed = count,
            Lost = 2 * count,
            EdgeErrors = 2 * count,
            Status2xx = count,
            Status4xx = 2 * count,
            Latency = new ulong[LatencyBuckets.Count],
            Callers = callers,
        });
        encoder.Add(new RequestsRow
        {
            Key = key,
            Endpoint = s_orders,
            Client = s_browser,
            Requests = 5 * count,
            Passed = 5 * count,
            OriginErrors = count,
            Status2xx = 4 * count,
            Status5xx = count,
            Latency = new ulong[LatencyBuckets.Count],
            Callers = new ulong[] { 1000 },
        });
        encoder.Add(new MitigationsRow
        {
            Key = key,
            Endpoint = s_orders,
            Client = s_stripe,
            Control = "firewallcustom",
            RuleId = "r1",
            Action = "block",
            Count = 2 * count,
            Lost = 2 * count,
            FirstSeenNs = key.WindowSeconds * 1_000_000_000L,
            LastSeenNs = (key.WindowSeconds + 59) * 1_000_000_000L,
            BotScores = new ulong[5],
            WafScores = new ulong[5],
            Callers = callers,
            ExampleRays = new Utf8Text[] { Ray },
        });
        encoder.Add(new QualityRow
        {
            Key = key,
            Dataset = Dataset.HttpRequests,
            Received = 9 * count,
            Counted = 8 * count,
            Duplicates = count,
        });
        encoder.Add(new QualityRow { Key = key, Dataset = Dataset.FirewallEvents, Received = 2 * count, Counted = 2 * count });
    }

    private static void AddHour(RowEncoder encoder, RowKey key)
    {
        encoder.Add(new CallersRow
        {
            Key = key,
            Zone = "example.com",
            Host = "api.example.com",
            Caller = 1,
            Client = s_stripe,
            Network = "AS16509 3.0.0.0/8",
            Requests = 30,
            Good = 10,
            Lost = 20,
            FirstSeenNs = Start * 1_000_000_000L,
            LastSeenNs = (Start + 600) * 1_000_000_000L,
            LastGoodNs = (Start + 60) * 1_000_000_000L,
            LastLostNs = (Start + 600) * 1_000_000_000L,
        });
        encoder.Add(new RuleRow
        {
            Key = key,
            Zone = "example.com",
            Control = "firewallcustom",
            RuleId = "r1",
            Action = "block",
            Description = "block without browser",
            Count = 420,
            FirstSeenNs = Start * 1_000_000_000L,
            LastSeenNs = (Start + 599) * 1_000_000_000L,
        });
        encoder.Add(new RuleRow
        {
            Key = key with { Chunk = 7 },
            Zone = "example.com",
            Control = "firewallcustom",
            RuleId = "r1",
            Action = "block",
            Count = 1,
            FirstSeenNs = Start * 1_000_000_000L,
            LastSeenNs = (Start + 600) * 1_000_000_000L,
        });
    }

    private static void AddRequest(RowEncoder encoder, string ray, string parent, ulong version)
    {
        var batch = new TrafficBatch();
        ref TrafficHead head = ref batch.Begin(RecordFlags.Detailed, 0, 0);
        head.TimeNs = Start * 1_000_000_000L;
        head.Dataset = Dataset.HttpRequests;
        head.EdgeStatus = 403;
        for (RecordText text = 0; text < RecordText.Count; text++)
        {
            batch.Append(Encoding.UTF8.GetBytes(text switch
            {
                RecordText.Ray => ray,
                RecordText.ParentRay => parent,
                RecordText.Host => "api.example.com",
                RecordText.Template => "/v1/orders/{id}",
                RecordText.Path => "/v1/orders/7",
                RecordText.UserAgent => "Stripe/1.0",
                _ => string.Empty,
            }));
        }

        batch.Commit();
        encoder.Add(new RequestRow
        {
            Record = batch[0],
            Matches = [new MatchedRule("firewallcustom", "block", "r1", "ref", "block without browser", 0, Ray)],
            Outcome = Outcome.Blocked,
            Lost = true,
            HasRequest = true,
            HasEvents = true,
            Weight = 1,
            Version = version,
        });
    }
}
