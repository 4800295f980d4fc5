using System.Collections.Concurrent;
using System.Net;
using CfLogStream.Kafka.Client;
using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Ingest;
using CfLogStream.Server.Sources;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Receiving;

/// <summary>Answers uploads: 200 when the log has them, 503 when they should come again, 4xx when they never can be taken.</summary>
/// <remarks>
/// The order of checks is from cheap to dear: method, network, token, size, a free place; then the body is read, unpacked and sliced,
/// and appended.
/// A body is read to its end before anything of it is appended, so half an upload leaves nothing behind.
/// </remarks>
internal sealed partial class UploadHandler : IDisposable
{
    private const long BodiesBytes = 64 * 1024 * 1024;
    private const int BatchBytes = 256 * 1024;
    private const int QueryLength = 200;
    private const int OverloadSecs = 5;
    private const int LogSecs = 30;
    private const string Overload = "Too many uploads arrive at the same time. Send this one again.";

    private static readonly TimeSpan s_readPast = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_logInterval = TimeSpan.FromSeconds(10);

    private readonly ReceiverOptions _options;
    private readonly ILogWriter _log;
    private readonly ReceiverMetrics _metrics;
    private readonly IngestMetrics _ingest;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly UploadMemory _memory;
    private readonly BodyRoom _bodies = new(BodiesBytes);
    private readonly SemaphoreSlim _places;
    private readonly SemaphoreSlim _turns;
    private readonly ConcurrentBag<UploadSlicer> _slicers = [];
    private readonly LineBatchPool _pool;
    private volatile ReceiverAccess _access;
    private long _lastLogged = long.MinValue;

    public UploadHandler(
        ReceiverOptions options, ILogWriter log, ReceiverMetrics metrics, IngestMetrics ingest, TimeProvider time, ILogger logger)
    {
        _options = options;
        _access = new ReceiverAccess(options.TokenHeader, options.Sources, options.Networks);
        _log = log;
        _metrics = metrics;
        _ingest = ingest;
        _time = time;
        _logger = logger;
        _memory = new UploadMemory(time);
        _places = new SemaphoreSlim(options.Uploads);
        _turns = new SemaphoreSlim(options.Slicers);
        _pool = new LineBatchPool(new LineBatchOptions { BatchBytes = BatchBytes, Reader = options.Reader });
    }

    public void Dispose()
    {
        _places.Dispose();
        _turns.Dispose();
    }

    /// <summary>Replaces who may send; requests that are checked already go on.</summary>
    public void Admit(ReceiverAccess access) => _access = access;

    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        long started = _time.GetTimestamp();
        (int status, string text) = await TryAnswerAsync(context).ConfigureAwait(false);
        _metrics.Answer(status, _time.GetElapsedTime(started));
        if (status != StatusCodes.Status200OK)
        {
            LogRefused(status, context.Connection.RemoteIpAddress, text);
        }

        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        HttpRequest request = context.Request;
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        if (status == StatusCodes.Status405MethodNotAllowed)
        {
            response.Headers.Allow = "POST, PUT";
        }
        else if (status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = (text == Overload ? OverloadSecs : LogSecs).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (request.ContentLength > _options.BodyBytes)
        {
            await ReadPastAsync(context, text).ConfigureAwait(false);
            return;
        }

        await response.WriteAsync(text + "\n").ConfigureAwait(false);
    }

    /// <summary>Answers, then reads on for a moment: a sender whose connection is closed while it sends never sees the answer.</summary>
    private static async Task ReadPastAsync(HttpContext context, string text)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        context.Response.Headers.Connection = "close";
        await context.Response.WriteAsync(text + "\n").ConfigureAwait(false);
        await context.Response.Body.FlushAsync().ConfigureAwait(false);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        late.CancelAfter(s_readPast);
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await context.Request.Body.ReadAsync(buffer, late.Token).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or IOException)
        {
            // It had its time.
        }
    }

    private async Task<(int Status, string Text)> TryAnswerAsync(HttpContext context)
    {
        try
        {
            return await AnswerAsync(context).ConfigureAwait(false);
        }
        catch (Exception problem)
        {
            // The boundary of a request: the sender tries again, others are not touched.
            LogFailed(problem);
            return (StatusCodes.Status500InternalServerError, "The upload could not be taken. Send it again.");
        }
    }

    private async Task<(int Status, string Text)> AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!HttpMethods.IsPost(request.Method) && !HttpMethods.IsPut(request.Method))
        {
            return (StatusCodes.Status405MethodNotAllowed, "Send Logpush uploads here by POST or PUT.");
        }

        ReceiverAccess access = _access;
        if (!access.Allows(context.Connection.RemoteIpAddress))
        {
            return (StatusCodes.Status403Forbidden, "Your network is not in receiver.networks.");
        }

        if (SourceOf(request, access) is not { } source)
        {
            return (StatusCodes.Status401Unauthorized, $"The header '{access.TokenHeader}' has no token that is known here.");
        }

        if (request.ContentLength > _options.BodyBytes)
        {
            return TooLarge(request.ContentLength.Value);
        }

        if (!_places.Wait(0, CancellationToken.None))
        {
            return (StatusCodes.Status503ServiceUnavailable, Overload);
        }

        try
        {
            return await ReceiveAsync(context, source).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<(int Status, string Text)> ReceiveAsync(HttpContext context, string source)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        late.CancelAfter(_options.Timeout);
        var body = new UploadBody(_bodies, _options.Folder);
        await using (body.ConfigureAwait(false))
        {
            try
            {
                await body.ReceiveAsync(context.Request.Body, late.Token).ConfigureAwait(false);
                _metrics.Read(body.Length);
                await _turns.WaitAsync(late.Token).ConfigureAwait(false);
            }
            catch (BadHttpRequestException problem)
            {
                return problem.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge(body.Length) : (problem.StatusCode, problem.Message);
            }
            catch (OperationCanceledException) when (late.IsCancellationRequested)
            {
                return context.RequestAborted.IsCancellationRequested
                    ? (StatusCodes.Status400BadRequest, "The sender went away before the end of the upload.")
                    : (StatusCodes.Status408RequestTimeout, $"The upload took longer than {_options.Timeout.TotalSeconds:0} seconds "
                        + "(receiver.timeout_secs).");
            }
            catch (IOException problem)
            {
                return context.RequestAborted.IsCancellationRequested || problem is Microsoft.AspNetCore.Connections.ConnectionResetException
                    ? (StatusCodes.Status400BadRequest, "The sender went away before the end of the upload.")
                    : (StatusCodes.Status503ServiceUnavailable, $"The upload cannot be kept while it is read: {problem.Message}");
            }

            try
            {
                return await Task.Run(() => BringAsync(body, source), CancellationToken.None).ConfigureAwait(false);
            }
            finally
            {
                _turns.Release();
            }
        }
    }

    /// <summary>Brings an upload to the log.</summary>
    private async Task<(int Status, string Text)> BringAsync(Stream body, string source)
    {
        if (!_slicers.TryTake(out UploadSlicer? slicer))
        {
            slicer = new UploadSlicer(_options, _log.Partitions, _pool);
        }

        UploadStatus found = slicer.Read(body, source, (_time.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) * 100);
        (int Status, string Text) answer = found switch
        {
            UploadStatus.Test => (StatusCodes.Status200OK, "ok"),
            UploadStatus.TooLarge => (StatusCodes.Status413PayloadTooLarge, slicer.Refusal),
            _ => await AppendAsync(slicer, found == UploadStatus.LargeBatch ? body : null).ConfigureAwait(false),
        };
        _slicers.Add(slicer);
        return answer;
    }

    /// <summary>Appends an upload, or says that the log has it.</summary>
    /// <param name="large">The body, when its slices are to be read from it piece by piece.</param>
    private async Task<(int Status, string Text)> AppendAsync(UploadSlicer slicer, Stream? large)
    {
        while (_memory.Begin(slicer.Hash) is { } other)
        {
            if (await other.ConfigureAwait(false))
            {
                _metrics.Repeat();
                return (StatusCodes.Status200OK, "ok");
            }
        }

        bool isAppended = false;
        try
        {
            int slices = 0;
            long bytes = 0;
            foreach (IReadOnlyList<Slice> piece in large is null ? [slicer.Slices] : slicer.ReadPieces(large))
            {
                using var limit = new CancellationTokenSource(_options.Timeout);
                await _log.AppendAsync(piece, limit.Token).ConfigureAwait(false);
                slices += piece.Count;
                bytes += piece.Sum(static slice => (long)slice.Value.Length);
            }

            isAppended = true;
            _ingest.Appended(slicer.Counts, slices, bytes);
            _metrics.Take();
            return (StatusCodes.Status200OK, "ok");
        }
        catch (LogAppendException problem)
        {
            return (StatusCodes.Status503ServiceUnavailable, problem.Message);
        }
        catch (OperationCanceledException)
        {
            return (StatusCodes.Status503ServiceUnavailable, "The log does not answer. Send this upload again.");
        }
        finally
        {
            _memory.End(slicer.Hash, isAppended);
        }
    }

    private (int Status, string Text) TooLarge(long bytes) => (
        StatusCodes.Status413PayloadTooLarge,
        $"The upload has {bytes} bytes or more; at most {_options.BodyBytes} are taken (receiver.body_bytes). Set the job's "
            + "max_upload_bytes below that.");

    /// <summary>The name that the sender's batches get, with the query it sends; null when it has no token.</summary>
    private static string? SourceOf(HttpRequest request, ReceiverAccess access)
    {
        string? name = access.SenderOf(request.Headers[access.TokenHeader].ToString());
        string query = request.QueryString.Value ?? "";
        return name is null ? null : name + (query.Length > QueryLength ? query[..QueryLength] : query);
    }

    [LoggerMessage(1400, LogLevel.Warning, "An upload from {Address} was answered {Status}: {Text}")]
    private partial void LogAnswer(IPAddress? address, int status, string text);

    [LoggerMessage(1401, LogLevel.Error, "An upload could not be taken.")]
    private partial void LogFailed(Exception problem);

    private void LogRefused(int status, IPAddress? address, string text)
    {
        long now = _time.GetTimestamp();
        long last = Volatile.Read(ref _lastLogged);
        if ((last == long.MinValue || _time.GetElapsedTime(last, now) > s_logInterval)
            && Interlocked.CompareExchange(ref _lastLogged, now, last) == last)
        {
            LogAnswer(address, status, text);
        }
    }
}
