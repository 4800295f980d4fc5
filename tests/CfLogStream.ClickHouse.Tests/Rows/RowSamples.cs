using CfLogStream.Core;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Insight.Changes;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.ClickHouse.Tests.Rows;

/// <summary>Random rows of every kind; rows of one call differ in their keys by <paramref name="seed"/> and index only where
/// stated.</summary>
internal sealed class RowSamples(int seed)
{
    private const uint FirstSecond = 1_700_000_000;

    private readonly Random _random = new(seed);

    public Random Random => _random;

    public RequestsRow Requests(int index) => new()
    {
        Key = Key(index),
        Endpoint = Endpoint(),
        Client = Client(),
        Requests = Number(),
        EventOnly = Number(),
        Passed = Number(),
        Exempted = Number(),
        Logged = Number(),
        Challenged = Number(),
        ChallengeSolved = Number(),
        RateLimited = Number(),
        Blocked = Number(),
        Dropped = Number(),
        Lost = Number(),
        EdgeErrors = Number(),
        OriginErrors = Number(),
        Preflights = Number(),
        Status1xx = Number(),
        Status2xx = Number(),
        Status3xx = Number(),
        Status4xx = Number(),
        Status5xx = Number(),
        StatusOther = Number(),
        RequestBytes = Number(),
        ResponseBytes = Number(),
        Latency = Numbers(LatencyBuckets.Count),
        Callers = Callers(),
    };

    public MitigationsRow Mitigations(int index) => new()
    {
        Key = Key(index),
        Endpoint = Endpoint(),
        Client = Client(),
        Control = HostileTexts.Repeated(_random, "control"),
        RuleId = HostileTexts.Repeated(_random, "rule"),
        Action = HostileTexts.Repeated(_random, "action"),
        Count = Number(),
        Lost = Number(),
        FirstSeenNs = Nanoseconds(),
        LastSeenNs = Nanoseconds(),
        BotScores = Numbers(5),
        WafScores = Numbers(5),
        Callers = Callers(),
        ExampleRays = Enumerable.Range(0, _random.Next(4)).Select(_ => HostileTexts.Utf8(_random)).ToArray(),
    };

    public CallersRow CallersOf(int index) => new()
    {
        Key = Key(index),
        Zone = HostileTexts.Repeated(_random, "zone"),
        Host = HostileTexts.Repeated(_random, "host"),
        Caller = Number(),
        Client = Client(),
        Network = HostileTexts.Utf8(_random),
        Country = HostileTexts.Repeated(_random, "c"),
        Asn = (uint)_random.NextInt64(uint.MaxValue + 1L),
        Requests = Number(),
        Good = Number(),
        Lost = Number(),
        Endpoints = (ushort)_random.Next(65536),
        Minutes = (ushort)_random.Next(61),
        FirstSeenNs = Nanoseconds(),
        LastSeenNs = Nanoseconds(),
        LastGoodNs = _random.Next(2) == 0 ? 0 : Nanoseconds(),
        LastLostNs = _random.Next(2) == 0 ? 0 : Nanoseconds(),
    };

    public RuleRow Rule(int index) => new()
    {
        Key = Key(index),
        Zone = HostileTexts.Repeated(_random, "zone"),
        Control = HostileTexts.Repeated(_random, "control"),
        RuleId = HostileTexts.Repeated(_random, "rule"),
        Action = HostileTexts.Repeated(_random, "action"),
        RuleRef = HostileTexts.Utf8(_random),
        Description = HostileTexts.Utf8(_random),
        Count = Number(),
        FirstSeenNs = Nanoseconds(),
        LastSeenNs = Nanoseconds(),
    };

    public QualityRow Quality(int index) => new()
    {
        Key = Key(index),
        Dataset = (Dataset)_random.Next(5),
        Received = Number(),
        Counted = Number(),
        Duplicates = Number(),
        DeadLettered = Number(),
        Late = Number(),
        Future = Number(),
        Unmatched = Number(),
        Subrequests = Number(),
        Internal = Number(),
        Forced = Number(),
    };

    public RequestSample Request(int index) => new(_random, index);

    public DeadLetterSample DeadLetter(int index)
    {
        byte[] bytes = new byte[_random.Next(300)];
        _random.NextBytes(bytes);
        return new DeadLetterSample(
            HostileTexts.Repeated(_random, "reason"),
            Number(),
            (uint)index,
            (Dataset)_random.Next(5),
            Nanoseconds(),
            HostileTexts.Utf8(_random),
            Number(),
            Number(),
            (uint)_random.Next(),
            Number(),
            bytes,
            (uint)_random.Next(),
            Number());
    }

    public ChangeEntry Change(int index) => new()
    {
        TimeNs = Nanoseconds(),
        Id = $"{index} {HostileTexts.Utf8(_random)}",
        Zone = HostileTexts.Repeated(_random, "zone"),
        Source = HostileTexts.Repeated(_random, "source"),
        Kind = HostileTexts.Repeated(_random, "kind"),
        Control = HostileTexts.Repeated(_random, "control"),
        RuleId = HostileTexts.Utf8(_random),
        RuleReference = HostileTexts.Utf8(_random),
        Actor = HostileTexts.Utf8(_random),
        ActorKind = HostileTexts.Repeated(_random, "actor"),
        Summary = HostileTexts.Utf8(_random),
        OldValue = HostileTexts.Utf8(_random),
        NewValue = HostileTexts.Utf8(_random),
        Owner = HostileTexts.Utf8(_random),
        Ticket = HostileTexts.Utf8(_random),
        Withdrawn = _random.Next(2) == 0,
        Version = Number(),
    };

    public long Nanoseconds() => (FirstSecond * 1_000_000_000L) + _random.NextInt64(3L * 86_400 * 1_000_000_000);

    private RowKey Key(int index) => new(FirstSecond + (uint)_random.Next(3 * 86_400), (uint)_random.Next(), (ulong)index, Number());

    private EndpointKey Endpoint() => new(
        HostileTexts.Repeated(_random, "zone"),
        HostileTexts.Repeated(_random, "host"),
        HostileTexts.Repeated(_random, "m"),
        HostileTexts.Repeated(_random, "/v1/"),
        (Surface)_random.Next(5));

    private ClientKey Client() => new(
        HostileTexts.Repeated(_random, "class"), HostileTexts.Repeated(_random, "name"), (Trust)_random.Next(4));

    private ulong Number() => _random.Next(8) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => (ulong)_random.NextInt64(),
        _ => (ulong)_random.Next(1000),
    };

    private ulong[] Numbers(int count) => Enumerable.Range(0, count).Select(_ => Number()).ToArray();

    private ulong[] Callers() =>
        [.. Enumerable.Range(0, _random.Next(4) * _random.Next(10)).Select(_ => (ulong)_random.NextInt64()).Distinct().Order()];
}
