namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>
/// Takes the requests of an <see cref="HttpClient"/> in this process to the router without sockets and without a web server, whose start and
/// first requests cost more than a small analysis itself. Requests and answers are the same; only what the transport adds is missing.
/// </summary>
internal sealed class InProcessHandler(RequestRouter router, CancellationToken stopping) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var exchange = new InProcessExchange(request, stopping);
        try
        {
            return await exchange.StartAsync(router).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Not by a registration of its own: the wait's comes first, and what follows the wait would take the other one back.
            exchange.Abort();
            throw;
        }
        catch (IOException problem)
        {
            throw new HttpRequestException(problem.Message, problem);
        }
    }
}
