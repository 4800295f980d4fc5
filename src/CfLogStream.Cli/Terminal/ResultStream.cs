using Microsoft.Win32.SafeHandles;

namespace CfLogStream.Cli.Terminal;

/// <summary>
/// Standard output that says when nobody reads it any more. The framework's own stream swallows a broken pipe, so that a verb piped into
/// <c>head</c> would go on computing for nobody.
/// </summary>
internal sealed class ResultStream : Stream
{
    // errno 32 on Linux and macOS; the HResults of ERROR_BROKEN_PIPE and ERROR_NO_DATA on Windows.
    private const int BrokenPipeErrno = 32;
    private const int BrokenPipeHResult = unchecked((int)0x8007006D);
    private const int NoDataHResult = unchecked((int)0x800700E8);

    private readonly Stream _inner;

    internal ResultStream(Stream inner)
    {
        _inner = inner;
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Returns the standard output of this process, unbuffered.</summary>
    public static Stream Open()
    {
        if (OperatingSystem.IsWindows())
        {
            return new ResultStream(Console.OpenStandardOutput());
        }

        var handle = new SafeFileHandle(1, ownsHandle: false);
        try
        {
            return new ResultStream(new FileStream(handle, FileAccess.Write, bufferSize: 0));
        }
        catch (Exception problem) when (problem is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // Standard output is closed, or is something only the console layer understands.
            return new ResultStream(Console.OpenStandardOutput());
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _inner.Write(buffer);
        }
        catch (IOException problem)
        {
            throw Explain(problem);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await _inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException problem)
        {
            throw Explain(problem);
        }
    }

    public override void Flush() => _inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static Exception Explain(IOException problem) =>
        problem.HResult is BrokenPipeErrno or BrokenPipeHResult or NoDataHResult
            ? new ReaderGoneException(problem)
            : CommandException.Failed($"Cannot write the results to standard output: {problem.Message}", problem);
}
