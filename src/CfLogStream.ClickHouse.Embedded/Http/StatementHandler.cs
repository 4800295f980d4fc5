using System.Buffers;
using System.Text;
using CfLogStream.ClickHouse.Embedded.Engine;
using CfLogStream.ClickHouse.Embedded.Sql;
using Microsoft.AspNetCore.Http;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>Runs the statement of one request: reads it, waits for a place, sets up a session of its own, executes, answers.</summary>
internal sealed class StatementHandler
{
    private const int DataBytes = 256 << 10;

    private readonly EngineHost _engine;
    private readonly StatementSlots _slots;
    private readonly EmbeddedClickHouseOptions _options;
    private readonly TimeProvider _timeProvider;

    public StatementHandler(EngineHost engine, StatementSlots slots, EmbeddedClickHouseOptions options, TimeProvider timeProvider)
    {
        _engine = engine;
        _slots = slots;
        _options = options;
        _timeProvider = timeProvider;
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
            StatementThread thread = await _slots.RentAsync(_options.WaitTimeout, cancellationToken).ConfigureAwait(false)
                ?? throw new EngineException(
                    EngineErrorCode.TooManySimultaneousQueries, "TOO_MANY_SIMULTANEOUS_QUERIES",
                    $"Too many simultaneous queries: all {_options.Connections} places stayed taken for {_options.WaitTimeout.TotalSeconds} s. Try again");
            try
            {
                long start = _timeProvider.GetTimestamp();
                byte[] statement = source.Text[..(head.Status == InsertHeadStatus.Data ? head.StatementEnd : source.Text.Length)].ToArray();
                var session = new StatementSession(_engine, user, parameters);
                EngineConnection connection = await thread.RunAsync(() => session.Open(statement)).ConfigureAwait(false);
                try
                {
                    if (head.Status == InsertHeadStatus.Data)
                    {
                        await InsertAsync(thread, connection, statement, head, source, parameters, answer, start, cancellationToken)
                            .ConfigureAwait(false);
                    }
                    else
                    {
                        await QueryAsync(thread, connection, statement, parameters, answer, start, cancellationToken).ConfigureAwait(false);
                    }
                }
                finally
                {
                    await thread.RunAsync(connection.Dispose).ConfigureAwait(false);
                }
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

    private async Task InsertAsync(
        StatementThread thread, EngineConnection connection, byte[] statement, InsertHead head, StatementSource source,
        RequestParameters parameters, AnswerWriter answer, long start, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(DataBytes);
        try
        {
            int length = source.Text.Length - head.DataStart;
            bool open = await thread.RunAsync(() =>
            {
                connection.StartInsert(statement, head.Format, parameters.Values);
                return length == 0 || connection.Append(source.Text[head.DataStart..]);
            }).ConfigureAwait(false);
            while (open && (length = await source.ReadDataAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                open = await thread.RunAsync(() => connection.Append(buffer.AsSpan(0, length))).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        using ResultHandle result = await thread.RunAsync(connection.FinishInsert).ConfigureAwait(false);
        answer.Start(ResultFormat.Default, ResultFormat.Of(ResultFormat.Default), Summary(result, start), compress: false);
    }

    private async Task QueryAsync(
        StatementThread thread, EngineConnection connection, byte[] statement, RequestParameters parameters, AnswerWriter answer,
        long start, CancellationToken cancellationToken)
    {
        StatementShape shape = StatementShape.Of(statement);
        string formatName = shape.Format ?? parameters.DefaultFormat ?? ResultFormat.Default;
        ResultFormat format = ResultFormat.Of(formatName);
        if (!shape.IsSelect || format.Chunks == ChunkKind.Whole)
        {
            using ResultHandle whole = await thread.RunAsync(() => connection.Query(statement, formatName, parameters.Values))
                .ConfigureAwait(false);
            answer.Start(formatName, format, Summary(whole, start), parameters.CompressAnswer);
            await answer.WriteAsync(whole, 0, cancellationToken).ConfigureAwait(false);
            await answer.CompleteAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        ResultHandle chunk = await thread.RunAsync(() =>
        {
            connection.StartStream(statement, formatName, parameters.Values);
            return connection.FetchChunk();
        }).ConfigureAwait(false);
        answer.Start(formatName, format, Summary(chunk, start), parameters.CompressAnswer);
        bool first = true;
        while (chunk.Length > 0)
        {
            using (chunk)
            {
                int skip = first ? 0 : ChunkHeader.Measure(chunk.Bytes, format);
                await answer.WriteAsync(chunk, skip, cancellationToken).ConfigureAwait(false);
            }

            first = false;
            chunk = await thread.RunAsync(connection.FetchChunk).ConfigureAwait(false);
        }

        chunk.Dispose();
        await answer.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private AnswerSummary Summary(ResultHandle result, long start) => AnswerSummary.Of(result, _timeProvider.GetElapsedTime(start));
}
