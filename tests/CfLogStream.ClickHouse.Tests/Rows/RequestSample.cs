using System.Text;
using CfLogStream.ClickHouse.Rows;
using CfLogStream.Core;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.ClickHouse.Tests.Rows;

/// <summary>A random kept request, in a form that can be asked for every value, and added as the row that correlation would make.</summary>
internal sealed class RequestSample
{
    private static readonly string[] s_addresses =
        ["", "1.2.3.4", "255.255.255.255", "::", "::1", "2001:db8::8:800:200c:417a", "::ffff:9.8.7.6", "not an address", "fe80::1%eth0"];

    private static readonly (string Text, string[] Elements)[] s_lists =
    [
        ("", []),
        ("[]", []),
        ("[\"api\",\"google\"]", ["api", "google"]),
        ("[\"qu\\\"ote\",\"\\u00e9\",\"\"]", ["qu\"ote", "é", ""]),
        ("[50331648,7]", ["50331648", "7"]),
        ("bare", ["bare"]),
        ("a, b,c", ["a", "b", "c"]),
        ("[\"cut", ["[\"cut"]),
        ("[[1],{\"a\":2}]", ["[[1],{\"a\":2}]"]),
    ];

    private readonly (string Text, string[] Elements)[] _lists;

    public RequestSample(Random random, int index)
    {
        Flags = (RecordFlags)random.Next(512);
        if (random.Next(4) > 0)
        {
            Flags |= RecordFlags.Detailed;
        }

        _lists = [.. Enumerable.Range(0, 3).Select(_ => s_lists[random.Next(s_lists.Length)])];
        Texts = new string[(int)RecordText.Count];
        for (int i = 0; i < Texts.Length; i++)
        {
            Texts[i] = HostileTexts.Any(random);
        }

        Texts[(int)RecordText.ClientIp] = s_addresses[random.Next(s_addresses.Length)];
        Texts[(int)RecordText.OriginIp] = s_addresses[random.Next(s_addresses.Length)];
        Texts[(int)RecordText.BotTags] = _lists[0].Text;
        Texts[(int)RecordText.BotDetectionIds] = _lists[1].Text;
        Texts[(int)RecordText.BotDetectionTags] = _lists[2].Text;
        Extras = [.. Enumerable.Range(0, random.Next(4)).Select(i => ("header:" + i, HostileTexts.Any(random)))];
        Matches =
        [
            .. Enumerable.Range(0, random.Next(4)).Select(_ => new MatchedRule(
                HostileTexts.Utf8(random),
                HostileTexts.Utf8(random),
                HostileTexts.Utf8(random),
                HostileTexts.Utf8(random),
                HostileTexts.Utf8(random),
                random.Next(-1, 5),
                HostileTexts.Utf8(random))),
        ];
        Head = new TrafficHead
        {
            TimeNs = 1_700_000_000_000_000_000 + random.NextInt64(3L * 86_400 * 1_000_000_000) + index,
            CallerHash = (ulong)random.NextInt64(),
            RequestBytes = random.NextInt64(),
            ResponseBytes = random.Next(1000),
            LatencyMs = random.Next(-1, 100_000),
            OriginMs = random.Next(-1, 100_000),
            Asn = (uint)random.NextInt64(uint.MaxValue + 1L),
            EdgeStatus = (ushort)random.Next(65536),
            OriginStatus = (ushort)random.Next(600),
            AnnouncedEvents = (short)random.Next(-1, 40),
            Dataset = (Dataset)random.Next(1, 3),
            Surface = (Surface)random.Next(5),
            Trust = (Trust)random.Next(4),
            BotScore = (byte)random.Next(100),
            WafScore = (byte)random.Next(100),
            WafSqliScore = (byte)random.Next(256),
            WafXssScore = (byte)random.Next(256),
            WafRceScore = (byte)random.Next(256),
        };
        Outcome = (Outcome)random.Next(8);
        Lost = random.Next(2) == 0;
        HasRequest = random.Next(2) == 0;
        HasEvents = random.Next(2) == 0;
        Weight = random.Next(3) switch { 0 => 1, 1 => random.NextDouble() * 1000, _ => double.MaxValue };
        Subrequests = random.Next(100);
        Partition = (uint)random.Next();
        Version = (ulong)random.NextInt64();
    }

    public RecordFlags Flags { get; }

    public string[] Texts { get; }

    public (string Name, string Value)[] Extras { get; }

    public MatchedRule[] Matches { get; }

    public TrafficHead Head { get; set; }

    public Outcome Outcome { get; }

    public bool Lost { get; }

    public bool HasRequest { get; }

    public bool HasEvents { get; }

    public double Weight { get; }

    public int Subrequests { get; }

    public uint Partition { get; }

    public ulong Version { get; set; }

    /// <summary>What is stored of a text: nothing past the dimensions of a record that is not detailed.</summary>
    public string Stored(RecordText text) =>
        text < RecordText.DimensionCount || (Flags & RecordFlags.Detailed) != 0 ? Texts[(int)text] : string.Empty;

    public string[] StoredList(RecordText text) => Stored(text).Length == 0 ? [] : _lists[text switch
    {
        RecordText.BotTags => 0,
        RecordText.BotDetectionIds => 1,
        _ => 2,
    }].Elements;

    public IEnumerable<(string Name, string Value)> StoredExtras()
    {
        IEnumerable<(string, string)> lostAddresses = new[] { ("ClientIP", RecordText.ClientIp), ("OriginIP", RecordText.OriginIp) }
            .Select(field => (field.Item1, Stored(field.Item2)))
            .Where(field => field.Item2 is "not an address" or "fe80::1%eth0");
        return lostAddresses.Concat(Extras);
    }

    public void AddTo(RowEncoder encoder)
    {
        var batch = new TrafficBatch();
        Append(batch);
        encoder.Add(Row(batch, 0));
    }

    /// <summary>Appends the record to a batch.</summary>
    public void Append(TrafficBatch batch)
    {
        ref TrafficHead head = ref batch.Begin(Flags, 0, Extras.Length);
        TrafficHead wanted = Head;
        wanted.Flags = head.Flags;
        wanted.ExtraCount = head.ExtraCount;
        wanted.DataStart = head.DataStart;
        head = wanted;
        int slots = (int)((Flags & RecordFlags.Detailed) != 0 ? RecordText.Count : RecordText.DimensionCount);
        for (int i = 0; i < slots; i++)
        {
            batch.Append(Encoding.UTF8.GetBytes(Texts[i]));
        }

        foreach ((string name, string value) in Extras)
        {
            batch.Append(Encoding.UTF8.GetBytes(name));
            batch.Append(Encoding.UTF8.GetBytes(value));
        }

        batch.Commit();
    }

    /// <summary>The row that correlation would make of the record at an index of a batch.</summary>
    public RequestRow Row(TrafficBatch batch, int index) => new()
    {
        Record = batch[index],
        Matches = Matches,
        Outcome = Outcome,
        Lost = Lost,
        HasRequest = HasRequest,
        HasEvents = HasEvents,
        Weight = Weight,
        Subrequests = Subrequests,
        Partition = Partition,
        Version = Version,
    };
}
