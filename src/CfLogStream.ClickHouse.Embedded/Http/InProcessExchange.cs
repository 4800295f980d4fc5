using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>One request of this process and its answer.</summary>
internal sealed class InProcessExchange : IHttpRequestLifetimeFeature
{
    // As much as sockets hold on their way, about.
    private static readonly PipeOptions s_pipe = new(
        pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, minimumSegmentSize: 64 << 10, useSynchronizationContext: false);

    private readonly HttpRequestMessage _request;
    private readonly InProcessAnswer _answer;
    private readonly CancellationTokenSource _aborted;
    private Exception? _uploadProblem;

    public InProcessExchange(HttpRequestMessage request, CancellationToken stopping)
    {
        _request = request;
        _aborted = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        RequestAborted = _aborted.Token;
        _answer = new InProcessAnswer(new Pipe(s_pipe), Abort);
    }

    public CancellationToken RequestAborted { get; set; }

    /// <summary>Ends the request, whatever it is doing.</summary>
    public void Abort()
    {
        try
        {
            _aborted.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Begins the request and returns its answer as soon as status and headers stand.</summary>
    public Task<HttpResponseMessage> StartAsync(RequestRouter router)
    {
        _ = ServeAsync(router);
        return _answer.Head;
    }

    private async Task ServeAsync(RequestRouter router)
    {
        Task upload = Task.CompletedTask;
        Stream body = Stream.Null;
        try
        {
            if (_request.Content is { } content)
            {
                if (content.Headers.ContentLength is not null)
                {
                    body = await content.ReadAsStreamAsync(RequestAborted).ConfigureAwait(false);
                }
                else
                {
                    var pipe = new Pipe(s_pipe);
                    body = pipe.Reader.AsStream();
                    upload = UploadAsync(content, pipe.Writer);
                }
            }

            await router.HandleAsync(Context(body)).ConfigureAwait(false);
            _answer.Complete(_aborted.IsCancellationRequested ? new IOException("The request was ended.", _uploadProblem) : null);
        }
#pragma warning disable CA1031 // Everything goes to the client, who awaits the answer.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            _answer.Complete(problem as IOException ?? new IOException("The answer broke off.", problem));
        }

        // An upload that nobody reads any more ends with its reader.
        await body.DisposeAsync().ConfigureAwait(false);
        await upload.ConfigureAwait(false);
        _aborted.Dispose();
    }

    private async Task UploadAsync(HttpContent content, PipeWriter writer)
    {
        try
        {
            await content.CopyToAsync(writer.AsStream(leaveOpen: true), RequestAborted).ConfigureAwait(false);
            await writer.CompleteAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The reader gets it, and by it the client.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            // As when a connection breaks: the statement is ended, and the reader told.
            _uploadProblem = problem;
            Abort();
            await writer.CompleteAsync(new IOException("The request's body broke off.", problem)).ConfigureAwait(false);
        }
    }

    private DefaultHttpContext Context(Stream body)
    {
        Uri url = _request.RequestUri!;
        var request = new HttpRequestFeature
        {
            Method = _request.Method.Method,
            Protocol = "HTTP/1.1",
            Scheme = url.Scheme,
            Path = url.AbsolutePath,
            QueryString = url.Query,
            Body = body,
        };
        foreach ((string name, IEnumerable<string> values) in _request.Headers)
        {
            request.Headers[name] = values.ToArray();
        }

        if (_request.Content is { } content)
        {
            foreach ((string name, IEnumerable<string> values) in content.Headers)
            {
                request.Headers[name] = values.ToArray();
            }
        }

        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpResponseFeature>(_answer);
        features.Set<IHttpResponseBodyFeature>(_answer);
        features.Set<IHttpRequestLifetimeFeature>(this);
        return new DefaultHttpContext(features);
    }
}
