using System.IO.Compression;
using System.Text;
using CfLogStream.Kafka.Client;
using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Collecting;
using CfLogStream.Server.Ingest;
using CfLogStream.Server.Processing;
using CfLogStream.Server.Receiving;
using CfLogStream.Server.Serving;
using CfLogStream.Server.Sources;
using CfLogStream.Server.Tests.Processing;
using CfLogStream.Server.Tests.Receiving;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CfLogStream.Server.Tests.Collecting;

/// <summary>What becomes of objects, one listing after another.</summary>
public sealed class CollectorTests(ProcessEngine engine) : IAsyncLifetime
{
    private readonly Sources.TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddSeconds(10_000));
    private readonly ScriptedPlace _place = new();
    private readonly MemoryLog _log = new();
    private readonly HealthBoard _health = new();
    private readonly IngestMetrics _ingest = new();
    private ProcessDatabase _database = null!;
    private CollectorMetrics _metrics = null!;
    private Collector _collector = null!;
    private Checkpoint _checkpoint = null!;

    public async ValueTask InitializeAsync()
    {
        _metrics = new CollectorMetrics(_time);
        _database = await engine.CreateAsync();
        await RestartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _metrics.Dispose();
        _ingest.Dispose();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Poll_ManyObjects_AreAppendedInTheirOrderInTimeAndOnce()
    {
        for (int i = 0; i < 20; i++)
        {
            _place.Put($"d/2026112{i % 10}T101500Z_x{i}.log", ReceiverPlace.Request.Replace("0001", $"{i:0000}", StringComparison.Ordinal), 9_000 + i);
        }

        await PollAsync();
        await PollAsync();
        await RestartAsync();
        await PollAsync();

        Assert.Equal(20, _log.Batches.Count);
        Assert.Equal(_place.Entries.Select(entry => entry.Key).OrderBy(key => key, StringComparer.Ordinal), _log.Sources.Select(source => source["bucket a/".Length..]));
        Assert.InRange(_place.MostAtOnce, 2, 3);
    }

    [Fact]
    public async Task Poll_AnObjectThatIsRefused_HoldsUpNoOtherAndIsSetAsideInTheEnd()
    {
        _place.Put("1.log", "refused", 9_100, PlaceFailure.Refused);
        _place.Put("2.log", ReceiverPlace.Request, 9_200);
        await PollAsync();
        Assert.Equal(["bucket a/2.log"], _log.Sources);

        // 2.log was had after the first time. From then on nothing new is there, and nobody can tell what is refused: it is asked for on and on.
        for (int i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(5));
            await PollAsync();
        }

        Assert.Single(_log.Batches);
        for (int i = 3; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(5));
            _place.Put($"{i}.log", ReceiverPlace.Request.Replace("0001", $"{i:0000}", StringComparison.Ordinal), 9_200 + i);
            await PollAsync();
        }

        Assert.Equal(1 + 17 + 1, _log.Batches.Count);
        Assert.Equal(1 + 20 + 7, _place.Asked.Count(key => key == "1.log"));
        int at = Assert.Single(Enumerable.Range(0, _log.Sources.Count), i => _log.Sources[i] == "bucket a/1.log");
        Assert.Equal(SliceKind.DeadLetters, Assert.Single(_log.Batches[at]).Header.Kind);
    }

    [Fact]
    public async Task Poll_AnObjectThatIsListedAndNeverThere_IsTroubleAndIsSetAsideInTheEnd()
    {
        _place.Put("1.log", ReceiverPlace.Request, 9_100, PlaceFailure.Gone);
        for (int i = 2; i < 12; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(5));
            _place.Put($"{i}.log", ReceiverPlace.Request.Replace("0001", $"{i:0000}", StringComparison.Ordinal), 9_200 + i);
            await PollAsync();
        }

        Assert.Equal(10 + 1, _log.Batches.Count);
        Assert.Contains("bucket a/1.log", _log.Sources);
    }

    [Fact]
    public async Task Poll_EverythingIsRefused_NothingIsSetAside()
    {
        _place.Put("1.log", ReceiverPlace.Request, 9_100, PlaceFailure.Refused);
        _place.Put("2.log", ReceiverPlace.Request, 9_200, PlaceFailure.Refused);
        for (int i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(5));
            await PollAsync();
        }

        Assert.Empty(_log.Batches);
        _place.Put("1.log", ReceiverPlace.Request, 9_100);
        _time.Advance(TimeSpan.FromMinutes(5));
        await PollAsync();
        Assert.Single(_log.Batches);
    }

    [Fact]
    public async Task Poll_WhatCannotBeRead_BecomesDeadLetters()
    {
        byte[] whole = Gzip(ReceiverPlace.Request + "\n");
        _place.Put("1-damaged.log.gz", whole[..^6], 9_100);
        _place.Put("2-large.log", new byte[4_000_001], 9_101);
        _place.Put("3-bomb.log.gz", Gzip(new string('\n', 40_000_000)), 9_102);
        _place.Put("4-text.log", "no record\n", 9_103);
        _place.Put("5-test.log", """{"content":"test"}""", 9_104);
        _place.Put("ownership-challenge.txt", "x", 9_105);
        _place.Put("6.log", ReceiverPlace.Request.Replace("0001", "0002", StringComparison.Ordinal), 9_106);

        await PollAsync();

        Assert.Equal(["1-damaged.log.gz", "2-large.log", "3-bomb.log.gz", "4-text.log", "6.log"], _log.Sources.Select(source => source["bucket a/".Length..]));
        Assert.All(_log.Batches.Take(4), slices => Assert.Contains(slices, slice => slice.Header.Kind == SliceKind.DeadLetters));
        Assert.DoesNotContain("2-large.log", _place.Asked);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
        await PollAsync();
        Assert.Equal(5, _log.Batches.Count);
    }

    [Fact]
    public async Task Poll_ALargeObject_IsAppendedInPiecesWithAllItsRecords()
    {
        const int Records = 60_000;
        var lines = new StringBuilder();
        string padding = new('x', 1_200);
        for (int i = 0; i < Records; i++)
        {
            lines.Append(ReceiverPlace.Request.Replace("9100000000000001", $"{i:x16}", StringComparison.Ordinal)
                .Replace("\"ClientRequestURI\":\"/\"", $"\"ClientRequestURI\":\"/{padding}\"", StringComparison.Ordinal)).Append('\n');
        }

        _place.Put("large.log.gz", Gzip(lines.ToString()), 9_100);
        await PollAsync();

        Assert.Equal(Records, _log.Batches.SelectMany(slices => slices).Sum(slice => slice.Header.Count));
        Assert.Single(_log.Batches.SelectMany(slices => slices).Select(slice => slice.Header.Batch).Distinct());
        Assert.Equal(["large.log.gz"], await KeysAsync());
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public async Task Poll_TheLogFails_TheSameSlicesComeAgainBeforeTheObjectIsRead()
    {
        _place.Put("1.log", ReceiverPlace.Request, 9_100);
        _log.Failures = 1;
        Task polling = _collector.PollAsync(_checkpoint, TestContext.Current.CancellationToken);
        while (!polling.IsCompleted)
        {
            IEnumerable<string> keys = await KeysAsync();
            if (_log.Batches.Count == 0)
            {
                Assert.DoesNotContain("1.log", keys);
            }

            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await polling;
        Assert.Equal(2, _log.Tries);
        Assert.Equal(["1.log"], await KeysAsync());
    }

    [Fact]
    public async Task Poll_TheLogWillNeverTakeAnObject_OthersAreTaken()
    {
        _place.Put("1.log", ReceiverPlace.Request, 9_100);
        _place.Put("2.log", ReceiverPlace.Request.Replace("0001", "0002", StringComparison.Ordinal), 9_200);
        (_log.Failures, _log.IsTransient) = (1, false);

        await PollAsync();

        Assert.Equal(["bucket a/2.log"], _log.Sources);
        Assert.Equal(["2.log"], await KeysAsync());
    }

    [Fact]
    public async Task Run_APlaceThatDoesNotAnswer_IsAReasonUntilItDoes()
    {
        _place.ListFailure = new PlaceException(PlaceFailure.Transient, "Connection refused.");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task running = _collector.RunAsync(_checkpoint, stop.Token);
        await UntilAsync(() => _health.NotReady() is [("bucket a", "cannot be listed: Connection refused.")]);
        _place.ListFailure = null;
        await UntilAsync(() => _health.NotReady().Count == 0);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private async Task UntilAsync(Func<bool> holds)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds())
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(10, late.Token);
        }
    }

    private Task PollAsync() => _collector.PollAsync(_checkpoint, TestContext.Current.CancellationToken);

    private async Task<IEnumerable<string>> KeysAsync() => (await _database.RowsAsync(
        $"SELECT key FROM {_database.Name}.objects_read FINAL WHERE key != '' ORDER BY key")).Select(row => row.Trim());

    private async Task RestartAsync()
    {
        var options = new CollectorOptions
        {
            Name = "bucket a",
            Poll = TimeSpan.FromSeconds(30),
            LookBack = TimeSpan.FromSeconds(2_000),
            Parallel = 3,
            Folder = _folder.Path,
            Uploads = new ReceiverOptions { Folder = _folder.Path, BodyBytes = 4_000_000 },
        };
        var store = new CheckpointStore(_database.Queries, _database.Writer, _database.Name, options.Name, _time);
        var reader = new ObjectReader(options, _place, _log.Partitions, new LineBatchPool(new LineBatchOptions()), _time);
        var gate = new EventTimeGate(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(10), _time);
        EventTimeGate.Source source = gate.Open();
        var round = new ObjectRound(
            options, reader, _log, store, source, _metrics, _ingest, _health, CrashPoints.None, _time, NullLogger.Instance);
        _collector = new Collector(options, _place, round, store, source, _metrics, _health, _time, NullLogger.Instance);
        _checkpoint = await _collector.ReadCheckpointAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A log in memory that keeps what it is given.</summary>
    private sealed class MemoryLog : ILogWriter
    {
        public int Partitions => 1;

        public int Failures { get; set; }

        public bool IsTransient { get; set; } = true;

        public int Tries { get; private set; }

        public List<IReadOnlyList<Slice>> Batches { get; } = [];

        public List<string> Sources { get; } = [];

        public Task AppendAsync(IReadOnlyList<Slice> slices, CancellationToken ct)
        {
            Tries++;
            if (Failures-- > 0)
            {
                throw new LogAppendException("The disk is full.", IsTransient);
            }

            Batches.Add([.. slices]);

            // A slice begins with the length and the bytes of its source.
            byte[] value = slices[0].Value.ToArray();
            int length = (value[0] & 127) | (value[0] >= 128 ? value[1] << 7 : 0);
            Sources.Add(Encoding.UTF8.GetString(value, value[0] >= 128 ? 2 : 1, length >> 1));
            return Task.CompletedTask;
        }
    }
}
