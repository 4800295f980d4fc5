using System.Globalization;
using CfLogStream.ClickHouse.Embedded.Engine;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>Answers requests as ClickHouse's HTTP interface does: probes, statements, and errors with code and status.</summary>
internal sealed partial class RequestRouter
{
    private readonly EngineHost _engine;
    private readonly Authenticator _authenticator;
    private readonly StatementHandler _statements;
    private readonly ILogger _logger;

    public RequestRouter(EngineHost engine, Authenticator authenticator, StatementHandler statements, ILogger logger)
    {
        _engine = engine;
        _authenticator = authenticator;
        _statements = statements;
        _logger = logger;
    }

    public async Task HandleAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string path = request.Path.Value ?? "/";
        if (path is "/ping" or "/replicas_status" || (path == "/" && HttpMethods.IsGet(request.Method) && !request.QueryString.HasValue))
        {
            await WriteTextAsync(context, StatusCodes.Status200OK, path == "/replicas_status" ? "" : "Ok.\n").ConfigureAwait(false);
            return;
        }

        if (path != "/")
        {
            await WriteTextAsync(
                context, StatusCodes.Status404NotFound,
                $"There is no handle {path}\n\nUse / or /ping for health checks.\n"
                + "Or /replicas_status for more sophisticated health checks.\n"
                + "Send queries from your program with POST method or GET /?query=...\n")
                .ConfigureAwait(false);
            return;
        }

        await HandleStatementAsync(context).ConfigureAwait(false);
    }

    private async Task HandleStatementAsync(HttpContext context)
    {
        var answer = new AnswerWriter(context);
        await using (answer.ConfigureAwait(false))
        {
            try
            {
                IHeaderDictionary headers = context.Response.Headers;
                headers["X-ClickHouse-Server-Display-Name"] = EmbeddedClickHouse.DisplayName;
                headers["X-ClickHouse-Timezone"] = _engine.TimeZone;
                if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsPost(context.Request.Method))
                {
                    throw new EngineException(
                        EngineErrorCode.NotImplemented, "NOT_IMPLEMENTED",
                        $"Method {context.Request.Method} is not supported; use GET or POST");
                }

                EmbeddedUser user = _authenticator.Authenticate(context.Request);
                RequestParameters parameters = RequestParameters.Of(context.Request);
                headers["X-ClickHouse-Query-Id"] = AnswerWriter.HeaderText(parameters.QueryId);
                await _statements.HandleAsync(context, user, parameters, answer, context.RequestAborted).ConfigureAwait(false);
            }
            catch (EngineException exception)
            {
                await WriteErrorAsync(context, answer, exception).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ConnectionResetException or IOException)
            {
                // The client is gone, or its body broke off.
                LogClientGone(exception.Message);
                context.Abort();
            }
#pragma warning disable CA1031 // The end of the line for a request: whatever it is, the client gets an answer and the log all of it.
            catch (Exception exception) when (exception is not AnswerCutException)
#pragma warning restore CA1031
            {
                LogRequestFailed(exception);
                var unknown = new EngineException(EngineErrorCode.UnknownException, "UNKNOWN_EXCEPTION", exception.Message);
                await WriteErrorAsync(context, answer, unknown).ConfigureAwait(false);
            }
        }
    }

    private async Task WriteErrorAsync(HttpContext context, AnswerWriter answer, EngineException exception)
    {
        string version = $" (version {_engine.Version})";
        string text = exception.Message.EndsWith(version, StringComparison.Ordinal)
            ? exception.Message + "\n"
            : $"{exception.Message}{version}\n";
        LogStatementFailed(exception.Code, exception.Message);
        if (answer.HasStarted)
        {
            await answer.WriteLateErrorAsync(text, context.RequestAborted).ConfigureAwait(false);
            throw new AnswerCutException(exception);
        }

        context.Response.Headers["X-ClickHouse-Exception-Code"] = exception.Code.ToString(CultureInfo.InvariantCulture);
        await WriteTextAsync(context, ErrorStatus.Of(exception.Code), text).ConfigureAwait(false);
    }

    private static Task WriteTextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=UTF-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    [LoggerMessage(5006, LogLevel.Error, "A request failed in a way that is no error of the engine")]
    private partial void LogRequestFailed(Exception exception);

    [LoggerMessage(5004, LogLevel.Debug, "The client went away: {Message}")]
    private partial void LogClientGone(string message);

    [LoggerMessage(5001, LogLevel.Debug, "Statement failed with code {Code}: {Message}")]
    private partial void LogStatementFailed(int code, string message);
}
