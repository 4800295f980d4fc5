using System.IO.Pipelines;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>The body of an answer as the client reads it; who closes it before its end ends the request.</summary>
internal sealed class InProcessBody(PipeReader pipe, Action abort) : Stream
{
    private readonly Stream _stream = pipe.AsStream();
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Noted(_stream.Read(buffer, offset, count), count);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Noted(await _stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), buffer.Length);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (!_ended)
            {
                _ended = true;
                abort();
            }

            _stream.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Noted(int read, int asked)
    {
        _ended |= read == 0 && asked > 0;
        return read;
    }
}
