using System.Globalization;
using CfLogStream.ClickHouse.Rows;
using ClickHouse.Driver;
using Microsoft.Extensions.Logging;
using ZstdSharp;

namespace CfLogStream.ClickHouse.Writing;

/// <summary>Inserts blocks and does not come back before every row is acknowledged or known to be bad.</summary>
/// <remarks>
/// Inserts are idempotent (rows have keys and versions), so whatever is in doubt is sent again, for ever: transient failures after a while,
/// failures that need a person after a while and with an alert. Only rows that the server calls bad data when they come alone are
/// given back.
/// Safe for several threads; each call sends one insert at a time.
/// </remarks>
public sealed partial class ClickHouseWriter : IBlockWriter
{
    // async_insert: acknowledged means in the table, not in a buffer. wait_end_of_query: the status tells the outcome, not only the
    // beginning.
    // insert_deduplicate: an equal block may be a rewrite after rows were deleted, and must not be skipped.
    // optimize_on_insert: versions are merged by background merges and by FINAL, with which every reader reads; merging each block when it
    // is written besides was more than half of the server's work for an insert.
    private static readonly Dictionary<string, object> s_settings = new()
    {
        ["async_insert"] = 0,
        ["wait_end_of_query"] = 1,
        ["insert_deduplicate"] = 0,
        ["optimize_on_insert"] = 0,
    };

    private static readonly Dictionary<string, string> s_zstdBody = new() { [ServerAnswerHandler.BodyEncoding] = "zstd" };
    private static readonly TimeSpan s_logGap = TimeSpan.FromSeconds(10);

    private readonly ClickHouseConnection _connection;
    private readonly WriterOptions _options;
    private readonly WriterMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<ClickHouseWriter> _logger;
    private readonly RetryDelay _delay;
    private readonly string _idPrefix;
    private long _lastId;

    public ClickHouseWriter(
        ClickHouseConnection connection,
        WriterOptions options,
        WriterMetrics metrics,
        TimeProvider time,
        ILogger<ClickHouseWriter> logger)
    {
        _connection = connection;
        _options = options;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _delay = new RetryDelay(options.FirstDelay, options.MaxDelay, new Random());
        _idPrefix = "cflogstream-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public async Task<WriteResult> WriteAsync(EncodedBlock block, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(block);
        long started = _time.GetTimestamp();
        var state = new BlockState(block);
        try
        {
            while (!await TryWriteRangeAsync(state, 0, block.Rows, cancellationToken).ConfigureAwait(false))
            {
                // So many rows alone and not one of them taken: it is not the rows. Wait as for any fault that needs a person.
                state.Rejected.Clear();
                await WaitAsync(state, FailureKind.WaitAndAlert, block.Rows, state.LastFailure!, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            state.EndWaiting(_metrics);
        }

        if (state.Retries > 0)
        {
            Log.Recovered(_logger, block.Table, state.Retries);
        }

        foreach (RejectedRow row in state.Rejected)
        {
            _metrics.RowRejected(block.Table);
            Log.Rejected(_logger, block.Table, row.Row, Throw.Excerpt(row.ServerText));
        }

        int written = block.Rows - state.Rejected.Count;
        _metrics.Written(block.Table, written, block.Bytes, _time.GetElapsedTime(started));
        return new WriteResult(written, state.Rejected);
    }

    /// <summary>Writes blocks of one table with one insert, and ends them; those that nobody waits for are left out. Returns false when the
    /// server calls something in them bad data: then none of them is ended.</summary>
    internal async Task<bool> TryWriteTogetherAsync(IReadOnlyList<GatheredBlock> blocks)
    {
        long started = _time.GetTimestamp();
        var state = new BlockState(blocks[0].Block);
        try
        {
            while (true)
            {
                GatheredBlock[] wanted = [.. blocks.Where(block => !block.IsEnded)];
                if (wanted.Length == 0)
                {
                    return true;
                }

                using var abandoned = new AllCancelled(wanted.Select(block => block.Cancellation));
                try
                {
                    await SendAsync(blocks[0].Block.InsertStatement, WriteAllAsync, abandoned.Token).ConfigureAwait(false);
                    EndTogether(state, wanted, started);
                    return true;
                }
                catch (Exception exception) when (!abandoned.Token.IsCancellationRequested && IsOutside(exception))
                {
                    FailureKind kind = InsertFailure.Classify(exception);
                    if (kind == FailureKind.BadData)
                    {
                        return false;
                    }

                    await WaitAsync(state, kind, wanted.Sum(block => block.Block.Rows), exception, abandoned.Token).ConfigureAwait(false);
                }

                async ValueTask WriteAllAsync(Stream stream, CancellationToken token)
                {
                    foreach (GatheredBlock block in wanted)
                    {
                        await block.Block.WriteAsync(stream, 0, block.Block.Rows, token).ConfigureAwait(false);
                    }
                }
            }
        }
        finally
        {
            state.EndWaiting(_metrics);
        }
    }

    private void EndTogether(BlockState state, GatheredBlock[] written, long started)
    {
        string table = state.Block.Table;
        if (state.Retries > 0)
        {
            Log.Recovered(_logger, table, state.Retries);
        }

        _metrics.Written(
            table, written.Sum(block => block.Block.Rows), written.Sum(block => block.Block.Bytes), _time.GetElapsedTime(started));
        foreach (GatheredBlock block in written)
        {
            block.End(new WriteResult(block.Block.Rows, []));
        }
    }

    /// <summary>Writes a range of rows, halving it where the server calls it bad; false when too many single rows were refused in a
    /// row.</summary>
    private async Task<bool> TryWriteRangeAsync(BlockState state, int start, int count, CancellationToken cancellationToken)
    {
        ServerAnswerException? badData = await WriteUntilAnsweredAsync(state, start, count, cancellationToken).ConfigureAwait(false);
        if (badData is null)
        {
            state.AnyTaken = true;
            return true;
        }

        if (count > 1)
        {
            int half = count / 2;
            return await TryWriteRangeAsync(state, start, half, cancellationToken).ConfigureAwait(false)
                && await TryWriteRangeAsync(state, start + half, count - half, cancellationToken).ConfigureAwait(false);
        }

        // Once more, because a body that was cut on its way looks like bad data too.
        badData = await WriteUntilAnsweredAsync(state, start, count, cancellationToken).ConfigureAwait(false);
        if (badData is null)
        {
            state.AnyTaken = true;
            return true;
        }

        using var native = new MemoryStream();
        await state.Block.WriteAsync(native, start, 1, cancellationToken).ConfigureAwait(false);
        state.Rejected.Add(new RejectedRow(state.Block.Table, start, badData.Code ?? 0, badData.ServerText, native.ToArray()));
        state.LastFailure = badData;
        return state.AnyTaken || state.Rejected.Count < _options.MaxRejectedInARow;
    }

    /// <summary>Sends a range until it is acknowledged (null) or called bad data (the answer).</summary>
    private async Task<ServerAnswerException?> WriteUntilAnsweredAsync(
        BlockState state, int start, int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await SendAsync(
                    state.Block.InsertStatement, (stream, token) => state.Block.WriteAsync(stream, start, count, token), cancellationToken)
                    .ConfigureAwait(false);
                state.ConsecutiveFailures = 0;
                return null;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && IsOutside(exception))
            {
                FailureKind kind = InsertFailure.Classify(exception);
                if (kind == FailureKind.BadData)
                {
                    return (ServerAnswerException)exception;
                }

                await WaitAsync(state, kind, count, exception, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task SendAsync(
        string insertStatement, Func<Stream, CancellationToken, ValueTask> write, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = ClickHouseConnection.Limit(_connection.Options.InsertTimeout, cancellationToken);
        bool compressed = _connection.Options.Compresses;
        var options = new QueryOptions
        {
            QueryId = $"{_idPrefix}-{Interlocked.Increment(ref _lastId)}",
            CustomSettings = s_settings,
            CustomHeaders = compressed ? s_zstdBody : null,
        };
        using HttpResponseMessage response = await _connection.Client.PostStreamAsync(
            insertStatement,
            (stream, _) => WriteBodyAsync(write, compressed, stream, limit.Token),
            isCompressed: compressed,
            limit.Token,
            options).ConfigureAwait(false);

        // The answer to an insert is empty. A server that had begun its answer before it failed says so here.
        string text = await response.Content.ReadAsStringAsync(limit.Token).ConfigureAwait(false);
        if (ServerAnswerHandler.CodeIn(text) is int code)
        {
            throw new ServerAnswerException(response.StatusCode, code, text);
        }
    }

    private async Task WriteBodyAsync(
        Func<Stream, CancellationToken, ValueTask> write, bool compressed, Stream stream, CancellationToken cancellationToken)
    {
        if (!compressed)
        {
            await write(stream, cancellationToken).ConfigureAwait(false);
            return;
        }

        var zstd = new CompressionStream(stream, _options.ZstdLevel, leaveOpen: true);
        await using (zstd.ConfigureAwait(false))
        {
            await write(zstd, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(BlockState state, FailureKind kind, int rows, Exception cause, CancellationToken cancellationToken)
    {
        TimeSpan delay = _delay.Before(Math.Min(state.ConsecutiveFailures++, 62));
        if (cause is ServerAnswerException { RetryAfter: { } asked } && asked > delay)
        {
            delay = asked < _options.MaxDelay ? asked : _options.MaxDelay;
        }

        state.Retries++;
        _metrics.Retried(state.Block.Table, kind);
        if (kind == FailureKind.WaitAndAlert)
        {
            state.BeginWaiting(_metrics);
        }
        else
        {
            state.EndWaiting(_metrics);
        }

        LogRetry(state, kind, rows, delay, cause);
        await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(false);
    }

    private void LogRetry(BlockState state, FailureKind kind, int rows, TimeSpan delay, Exception cause)
    {
        long now = _time.GetTimestamp();
        if (state.LastLogged is long last && _time.GetElapsedTime(last, now) < s_logGap)
        {
            return;
        }

        state.LastLogged = now;
        string reason = Throw.Excerpt(cause.Message);
        if (kind == FailureKind.WaitAndAlert)
        {
            Log.Waiting(_logger, state.Block.Table, rows, state.Retries, delay, reason);
        }
        else
        {
            Log.Retrying(_logger, state.Block.Table, rows, state.Retries, delay, reason);
        }
    }

    private static bool IsOutside(Exception exception) =>
        exception is ServerAnswerException or HttpRequestException or IOException or TimeoutException or OperationCanceledException;
}
