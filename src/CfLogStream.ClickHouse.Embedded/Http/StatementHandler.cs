using System.Buffers;
using CfLogStream.ClickHouse.Embedded.Engine;
using CfLogStream.ClickHouse.Embedded.Sql;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>Runs the statement of one request: reads it, waits for a place, sets up a session of its own, executes, answers.</summary>
internal sealed class StatementHandler
{
    private const int DataBytes = 256 << 10;

    private readonly EngineHost _engine;
    private readonly StatementSlots _slots;
    private readonly EmbeddedClickHouseOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;

    public StatementHandler(
        EngineHost engine, StatementSlots slots, EmbeddedClickHouseOptions options, TimeProvider timeProvider, ILogger logger)
    {
        _engine = engine;
        _slots = slots;
        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
    }

    /// <summary>Handles a request.</summary>
    /// <exception cref="EngineException">The statement failed; nothing or only a part of the result was answered.</exception>
    public async Task HandleAsync(
        HttpContext context, EmbeddedUser user, RequestParameters parameters, AnswerWriter answer, CancellationToken cancellationToken)
    {
        var source = new StatementSource(parameters.Query, RequestBody.Open(context.Request), _options.MaxBodyBytes);
        await using (source.ConfigureAwait(false))
        {
            InsertHead head = await ReadHeadAsync(source, cancellationToken).ConfigureAwait(false);
            if (parameters.ProtocolVersion > 0 && head.Status == InsertHeadStatus.None && GrafanaHello.Is(source.Text))
            {
                await AnswerHelloAsync(answer, parameters, cancellationToken).ConfigureAwait(false);
                return;
            }

            StatementPlan plan = StatementPlan.Of(source.Text, head, parameters);
            StatementThread thread = await _slots.RentAsync(_options.WaitTimeout, cancellationToken).ConfigureAwait(false)
                ?? throw TooMany();
            try
            {
                await RunAsync(thread, user, parameters, plan, head, source, answer, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _slots.Return(thread);
            }
        }
    }

    private async ValueTask<InsertHead> ReadHeadAsync(StatementSource source, CancellationToken cancellationToken)
    {
        bool complete = false;
        while (true)
        {
            InsertHead head = InsertHead.Parse(source.Text, complete);
            if (head.Status == InsertHeadStatus.Data || complete)
            {
                return head;
            }

            if (source.Text.Length > _options.MaxQueryBytes)
            {
                throw new EngineException(
                    EngineErrorCode.SyntaxError, "SYNTAX_ERROR",
                    $"Max query size exceeded: the statement is larger than {_options.MaxQueryBytes} bytes");
            }

            complete = !await source.ReadMoreAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AnswerHelloAsync(AnswerWriter answer, RequestParameters parameters, CancellationToken cancellationToken)
    {
        byte[] hello = GrafanaHello.Answer(
            parameters.ProtocolVersion, EmbeddedClickHouse.DisplayName, _engine.Version, _engine.TimeZone);
        answer.Start("Native", ResultFormat.Of("Native"), default, parameters.CompressAnswer);
        await answer.WriteBytesAsync(hello, cancellationToken).ConfigureAwait(false);
        await answer.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task RunAsync(
        StatementThread thread, EmbeddedUser user, RequestParameters parameters, StatementPlan plan, InsertHead head,
        StatementSource source, AnswerWriter answer, CancellationToken cancellationToken)
    {
        long start = _timeProvider.GetTimestamp();
        string marker = _engine.NextMarker(parameters.QueryId);
        var session = new StatementSession(_engine, _options, user, parameters, marker);
        EngineConnection connection = await thread.RunAsync(() => session.Open(plan)).ConfigureAwait(false);
        var cancellation = new StatementCancellation(_engine, marker, _timeProvider, _logger, cancellationToken);
        await using (cancellation.ConfigureAwait(false))
        {
            try
            {
                Task run = plan.Kind switch
                {
                    StatementKind.Insert =>
                        InsertAsync(thread, connection, plan, head, source, parameters, answer, start, cancellationToken),
                    StatementKind.Stream => StreamAsync(thread, connection, plan, parameters, answer, start, cancellationToken),
                    _ => RunWholeAsync(thread, connection, plan, parameters, answer, start, cancellationToken),
                };
                await run.ConfigureAwait(false);
            }
            finally
            {
                await thread.RunAsync(connection.Dispose).ConfigureAwait(false);
            }
        }
    }

    private async Task InsertAsync(
        StatementThread thread, EngineConnection connection, StatementPlan plan, InsertHead head, StatementSource source,
        RequestParameters parameters, AnswerWriter answer, long start, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(DataBytes);
        try
        {
            bool open = await thread.RunAsync(() =>
            {
                connection.StartInsert(plan.Statement, plan.FormatName, parameters.Values);
                ReadOnlySpan<byte> data = source.Text[head.DataStart..];
                return data.IsEmpty || connection.Append(data);
            }).ConfigureAwait(false);
            int length;
            while (open && (length = await source.ReadDataAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                open = await thread.RunAsync(() => connection.Append(buffer.AsSpan(0, length))).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        // When the engine took no more, this says why. A body that broke off never gets here, so nothing of it is committed but the
        // blocks that were written before.
        using ResultHandle result = await thread.RunAsync(connection.FinishInsert).ConfigureAwait(false);
        answer.Start(ResultFormat.DefaultName, ResultFormat.Default, Summary(result, start), compress: false);
    }

    private async Task RunWholeAsync(
        StatementThread thread, EngineConnection connection, StatementPlan plan, RequestParameters parameters, AnswerWriter answer,
        long start, CancellationToken cancellationToken)
    {
        using ResultHandle result = await thread.RunAsync(() => connection.Query(plan.Statement, plan.FormatName, parameters.Values))
            .ConfigureAwait(false);
        answer.Start(plan.FormatName, plan.Format, Summary(result, start), parameters.CompressAnswer && result.Length > 0);
        await answer.WriteAsync(result, 0, result.Length, cancellationToken).ConfigureAwait(false);
        await answer.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task StreamAsync(
        StatementThread thread, EngineConnection connection, StatementPlan plan, RequestParameters parameters, AnswerWriter answer,
        long start, CancellationToken cancellationToken)
    {
        ResultHandle chunk = await thread.RunAsync(() =>
        {
            connection.StartStream(plan.Statement, plan.FormatName, parameters.Values);
            return connection.FetchChunk();
        }).ConfigureAwait(false);
        var header = new ChunkHeader(plan.Format);
        bool first = true;
        while (true)
        {
            using (chunk)
            {
                if (first)
                {
                    answer.Start(plan.FormatName, plan.Format, Summary(chunk, start), parameters.CompressAnswer && chunk.Length > 0);
                }

                if (chunk.Length == 0)
                {
                    break;
                }

                (int offset, int length) = header.Trim(chunk.Bytes).GetOffsetAndLength(chunk.Bytes.Length);
                await answer.WriteAsync(chunk, offset, length, cancellationToken).ConfigureAwait(false);
            }

            first = false;
            chunk = await thread.RunAsync(connection.FetchChunk).ConfigureAwait(false);
        }

        await answer.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private AnswerSummary Summary(ResultHandle result, long start) => AnswerSummary.Of(result, _timeProvider.GetElapsedTime(start));

    private EngineException TooMany() => new(
        EngineErrorCode.TooManySimultaneousQueries, "TOO_MANY_SIMULTANEOUS_QUERIES",
        $"Too many simultaneous queries: all {_options.Connections} places stayed taken for "
        + $"{_options.WaitTimeout.TotalSeconds} s. Try again");
}
