using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>The answer to a request of this process: its head stands with the first flush, its body flows through a pipe.</summary>
internal sealed class InProcessAnswer : IHttpResponseFeature, IHttpResponseBodyFeature
{
    private readonly TaskCompletionSource<HttpResponseMessage> _head = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Pipe _pipe;
    private readonly Action _abort;

    public InProcessAnswer(Pipe pipe, Action abort)
    {
        _pipe = pipe;
        _abort = abort;
        Writer = new StartingWriter(this);
    }

    /// <summary>The answer once its head stands; fails when there will be none.</summary>
    public Task<HttpResponseMessage> Head => _head.Task;

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public bool HasStarted { get; private set; }

    public PipeWriter Writer { get; }

    public Stream Stream => Writer.AsStream(leaveOpen: true);

    Stream IHttpResponseFeature.Body
    {
        get => Stream;
        set => throw new NotSupportedException();
    }

    /// <summary>Ends the body; a problem breaks it off.</summary>
    public void Complete(Exception? problem)
    {
        if (problem is null)
        {
            Start();
        }
        else
        {
            _head.TrySetException(problem);
        }

        _pipe.Writer.Complete(problem);
    }

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        Start();
        return Task.CompletedTask;
    }

    public Task CompleteAsync() => Task.CompletedTask;

    public void DisableBuffering()
    {
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public void OnStarting(Func<object, Task> callback, object state) => throw new NotSupportedException();

    public void OnCompleted(Func<object, Task> callback, object state) => throw new NotSupportedException();

    private void Start()
    {
        if (HasStarted)
        {
            return;
        }

        HasStarted = true;
        var message = new HttpResponseMessage((HttpStatusCode)StatusCode) { Content = new StreamContent(new InProcessBody(_pipe.Reader, _abort)) };
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                message.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        _head.TrySetResult(message);
    }

    /// <summary>The pipe's writer, with which the first flush starts the answer.</summary>
    private sealed class StartingWriter(InProcessAnswer answer) : PipeWriter
    {
        public override Memory<byte> GetMemory(int sizeHint = 0) => answer._pipe.Writer.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => answer._pipe.Writer.GetSpan(sizeHint);

        public override void Advance(int bytes) => answer._pipe.Writer.Advance(bytes);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            answer.Start();
            return answer._pipe.Writer.FlushAsync(cancellationToken);
        }

        public override void CancelPendingFlush() => answer._pipe.Writer.CancelPendingFlush();

        // The exchange completes the pipe, when the router has come back.
        public override void Complete(Exception? exception = null)
        {
        }
    }
}
