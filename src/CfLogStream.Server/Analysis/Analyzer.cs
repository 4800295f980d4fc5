using System.Collections.Concurrent;
using System.Threading.Channels;
using CfLogStream.ClickHouse.Rows;
using CfLogStream.ClickHouse.Writing;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Insight.Changes;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Sources;

namespace CfLogStream.Server.Analysis;

/// <summary>Reads files as one log and writes its rows: read → parse → classify → order → correlate → encode → insert.</summary>
/// <remarks>
/// Workers read and parse (one per core), one task orders and correlates, one inserts. They meet at two bounded channels; full means wait.
/// The rows depend on the records alone: not on files, batches or threads (docs/delivery.md).
/// </remarks>
public sealed class Analyzer
{
    /// <summary>Parsed batches that may wait for the correlator, per worker.</summary>
    private const int ParsedBatchesPerWorker = 2;

    /// <summary>Encoded blocks that may wait for ClickHouse.</summary>
    private const int WaitingBlocks = 4;

    /// <summary>Blocks that are inserted at the same time.</summary>
    private const int Inserters = 2;

    /// <summary>How much of a file is looked at to find out where in time it starts.</summary>
    private const int ProbeBytes = 16 * 1024;

    private readonly CfLogStreamOptions _options;
    private readonly AnalysisScope _scope;
    private readonly ClassificationTables _classification;
    private readonly Task<ClickHouseWriter> _writer;
    private readonly TimeProvider _time;
    private readonly ConcurrentBag<ParsedBatch> _freeBatches = [];
    private readonly ConcurrentQueue<string> _refusals = new();
    private readonly TallyBoard _tally = new();
    private readonly DeadLetterBook _deadLetters;
    private readonly RecordPagePool _pages = new();
    private readonly AnalysisFilter _filter;
    private readonly int _workers;
    private long _bytesRead;
    private long _lineBytes;
    private long _records;
    private long _rowsWritten;
    private long _rowsRejected;
    private long _disordered;
    private long _deadLettersKept;

    /// <param name="writer">The store's writer, once the store is open: reading does not wait for it.</param>
    public Analyzer(CfLogStreamOptions options, AnalysisScope scope, Task<ClickHouseWriter> writer, TimeProvider time)
    {
        _options = options;
        _scope = scope;
        _filter = new AnalysisFilter(scope);
        _classification = new ClassificationTables(options.Classification with
        {
            ExtraFields = options.Reader.ExtraFields,
            SampleOneOf = options.Correlation.SampleOneOf,
        });
        _writer = writer;
        _time = time;
        _deadLetters = new DeadLetterBook(options.Analysis.DeadLettersKept);
        _workers = options.Analysis.Threads > 0 ? options.Analysis.Threads : Environment.ProcessorCount;
    }

    /// <summary>Analyses files and returns what was read; the rows are in ClickHouse when it returns.</summary>
    /// <param name="progress">Called about ten times a second from several threads; may be null.</param>
    public async Task<AnalysisSummary> RunAsync(IReadOnlyList<LogFile> files, IProgress<AnalysisProgress>? progress, CancellationToken ct)
    {
        long started = _time.GetTimestamp();
        List<PlannedFile> plan = Plan(files, ct);
        long totalBytes = files.Any(file => file.Path == LogFile.StandardInput) ? 0 : files.Sum(file => file.Length);
        Channel<ParsedBatch> parsed = Channel.CreateBounded<ParsedBatch>(
            new BoundedChannelOptions(_workers * ParsedBatchesPerWorker) { SingleReader = true });
        Channel<EncodedBlock> blocks = Channel.CreateBounded<EncodedBlock>(
            new BoundedChannelOptions(WaitingBlocks) { SingleWriter = true });

        var pool = new LineBatchPool(new LineBatchOptions { BatchBytes = _options.Analysis.BatchBytes, Reader = _options.Reader });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var queue = new FileQueue(plan, _workers);
        using ITimer? ticker = progress is null ? null : _time.CreateTimer(
            _ => progress.Report(Snapshot(totalBytes)), null, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100));
        Task parse = CompleteAfter(
            Task.WhenAll(Enumerable.Range(0, _workers).Select(_ => Task.Run(() => ParseAsync(queue, pool, parsed.Writer, stop.Token), stop.Token))),
            parsed.Writer);
        Task correlate = CompleteAfter(Task.Run(() => CorrelateAsync(plan, parsed.Reader, blocks.Writer, stop.Token), stop.Token), blocks.Writer);
        Task insert = Task.WhenAll(Enumerable.Range(0, Inserters).Select(_ => Task.Run(() => InsertAsync(blocks.Reader, stop.Token), stop.Token)));
        await JoinAsync([parse, correlate, insert], stop).ConfigureAwait(false);
        progress?.Report(Snapshot(totalBytes));
        return Summarise(files.Count, _time.GetElapsedTime(started));
    }

    /// <summary>Waits for all; the first failure stops the others and is the one that is thrown.</summary>
    private static async Task JoinAsync(List<Task> tasks, CancellationTokenSource stop)
    {
        while (tasks.Count > 0)
        {
            Task finished = await Task.WhenAny(tasks).ConfigureAwait(false);
            tasks.Remove(finished);
            if (!finished.IsCompletedSuccessfully)
            {
                await stop.CancelAsync().ConfigureAwait(false);
                await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await finished.ConfigureAwait(false);
            }
        }
    }

    private static async Task CompleteAfter<T>(Task work, ChannelWriter<T> writer)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        finally
        {
            writer.TryComplete();
        }
    }

    /// <summary>Looks at the beginning of every file to find out where in time it starts.</summary>
    private List<PlannedFile> Plan(IReadOnlyList<LogFile> files, CancellationToken ct)
    {
        ReaderOptions reader = _options.Reader with { MaxLineBytes = Math.Min(_options.Reader.MaxLineBytes, ProbeBytes) };
        var pool = new LineBatchPool(new LineBatchOptions { BatchBytes = ProbeBytes, Reader = reader });
        var beginnings = new TimesSeen[files.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _workers, CancellationToken = ct };
        Parallel.For(
            0,
            files.Count,
            parallel,
            () => new LineParser(_options.Reader, _classification),
            (i, _, parser) =>
            {
                beginnings[i] = BeginningOf(files[i], pool, parser);
                return parser;
            },
            _ => { });
        return [.. files.Select((file, i) => new PlannedFile(i, file, beginnings[i]))];
    }

    private static TimesSeen BeginningOf(LogFile file, LineBatchPool pool, LineParser parser)
    {
        if (file.Path == LogFile.StandardInput)
        {
            return TimesSeen.None;
        }

        using var reader = new LineBatchReader(file, pool);
        if (!reader.TryRead(out LineBatch? batch))
        {
            return TimesSeen.None;
        }

        using (batch)
        {
            return parser.TimesOf(batch);
        }
    }

    private async Task ParseAsync(FileQueue queue, LineBatchPool pool, ChannelWriter<ParsedBatch> parsed, CancellationToken ct)
    {
        var parser = new LineParser(_options.Reader, _classification);
        var arranger = new RunArranger(_filter, _pages);
        while (await queue.TakeAsync(ct).ConfigureAwait(false) is { } file)
        {
            ParsedBatch batch = _freeBatches.TryTake(out ParsedBatch? free) ? free : new ParsedBatch();
            batch.Clear();
            batch.File = file.Index;
            batch.Sequence = file.NextSequence++;
            using (LineBatch? lines = Read(file, pool, batch))
            {
                if (lines is null)
                {
                    queue.End();
                }
                else
                {
                    queue.Return(file);
                    parser.Parse(lines, batch);
                    arranger.Arrange(batch.Traffic, batch.Run);
                    file.Advance(batch.Times.NewestNs);
                }
            }

            Interlocked.Add(ref _bytesRead, batch.StoredBytes);
            Interlocked.Add(ref _lineBytes, batch.LineBytes);
            Interlocked.Add(ref _records, batch.ByDataset.Sum());
            await parsed.WriteAsync(batch, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the next batch of lines; null when the file has ended, well or badly, and is closed.</summary>
    private static LineBatch? Read(PlannedFile file, LineBatchPool pool, ParsedBatch batch)
    {
        file.Reader ??= new LineBatchReader(file.Source, pool);
        long before = file.Reader.StoredBytes;
        bool more = file.Reader.TryRead(out LineBatch? lines);
        batch.StoredBytes = file.Reader.StoredBytes - before;
        if (more)
        {
            return lines;
        }

        batch.IsLast = true;
        batch.Error = file.Reader.Error?.ToString();
        file.Reader.Dispose();
        file.Reader = null;
        return null;
    }

    private async Task CorrelateAsync(
        List<PlannedFile> plan, ChannelReader<ParsedBatch> parsed, ChannelWriter<EncodedBlock> blocks, CancellationToken ct)
    {
        var encoder = new RowEncoder(new RowEncoderOptions { Database = _options.Clickhouse.Database });
        var correlator = new Correlator(_options.Correlation, encoder, _scope.Partition);
        var frontier = new ReadFrontier([.. plan.Select(file => file.Beginning)], _options.Analysis.Disorder);
        var log = new OrderedLog(_options.Analysis.ReorderBytes, _pages, _filter, frontier, correlator, _tally, _deadLetters);
        await foreach (ParsedBatch batch in parsed.ReadAllAsync(ct).ConfigureAwait(false))
        {
            log.Add(batch);
            foreach (ChangeEntry change in batch.Changes.Where(_filter.Takes))
            {
                // Its key is its own and a second one is the same row: no order is needed.
                encoder.Add(change);
            }

            _freeBatches.Add(batch);
            await SendAsync(encoder.TakeFull(), blocks, ct).ConfigureAwait(false);
        }

        log.Complete();
        _disordered = log.Disordered;
        foreach ((DeadLetter letter, int occurrence) in _deadLetters.Kept())
        {
            DeadLetterRows.Add(encoder, letter, occurrence, _scope.Partition);
            _deadLettersKept++;
        }

        await SendAsync(encoder.TakeAll(), blocks, ct).ConfigureAwait(false);
    }

    private static async Task SendAsync(IReadOnlyList<EncodedBlock> encoded, ChannelWriter<EncodedBlock> blocks, CancellationToken ct)
    {
        foreach (EncodedBlock block in encoded)
        {
            await blocks.WriteAsync(block, ct).ConfigureAwait(false);
        }
    }

    private async Task InsertAsync(ChannelReader<EncodedBlock> blocks, CancellationToken ct)
    {
        ClickHouseWriter writer = await _writer.WaitAsync(ct).ConfigureAwait(false);
        await foreach (EncodedBlock block in blocks.ReadAllAsync(ct).ConfigureAwait(false))
        {
            using (block)
            {
                WriteResult result = await writer.WriteAsync(block, ct).ConfigureAwait(false);
                Interlocked.Add(ref _rowsWritten, result.RowsWritten);
                Interlocked.Add(ref _rowsRejected, result.Rejected.Count);
                if (result.Rejected.Count > 0)
                {
                    RejectedRow first = result.Rejected[0];
                    _refusals.Enqueue($"ClickHouse refused {result.Rejected.Count} rows of table '{first.Table}': {first.ServerText}");
                }
            }
        }
    }

    private AnalysisProgress Snapshot(long totalBytes) => new(
        Interlocked.Read(ref _bytesRead), totalBytes, Interlocked.Read(ref _lineBytes), Interlocked.Read(ref _records));

    private AnalysisSummary Summarise(int files, TimeSpan elapsed) => new()
    {
        Name = _scope.Name,
        Partition = _scope.Partition,
        Files = files,
        Bytes = _tally.StoredBytes,
        LineBytes = _tally.LineBytes,
        Lines = _tally.Lines,
        HttpRequests = _tally.Of(Dataset.HttpRequests),
        FirewallEvents = _tally.Of(Dataset.FirewallEvents),
        AuditLogs = _tally.Of(Dataset.AuditLogs),
        AuditLogsV2 = _tally.Of(Dataset.AuditLogsV2),
        FirstTime = Time(_tally.FirstNs),
        LastTime = Time(_tally.LastNs),
        Duplicates = 0,
        DeadLettersByReason = _deadLetters.ByReason.ToDictionary(pair => ReadStatusNames.Of(pair.Key), pair => pair.Value),
        DeadLettersKept = _deadLettersKept,
        Validations = _tally.Of(ReadStatus.Validation),
        OwnershipChallenges = _tally.Of(ReadStatus.OwnershipChallenge),
        EmptyObjects = _tally.Of(ReadStatus.EmptyObject),
        BlankLines = _tally.Of(ReadStatus.Blank),
        Filtered = _tally.Filtered,
        Late = 0,
        Disordered = _disordered,
        UnmatchedEvents = 0,
        UnmatchedRequests = 0,
        Subrequests = 0,
        Internal = 0,
        Forced = 0,
        RowsWritten = _rowsWritten,
        RowsRejected = _rowsRejected,
        Errors = [.. _tally.Errors, .. _refusals],
        Elapsed = elapsed,
    };

    private static DateTime? Time(long ns) => ns is long.MaxValue or long.MinValue ? null : DateTime.UnixEpoch.AddTicks(ns / 100);
}
