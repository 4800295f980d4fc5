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
        return new ResultStream(OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : OpenPipe() ?? Console.OpenStandardOutput());
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _inner.Write(buffer);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
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
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Explain(problem);
        }
    }

    public override void Flush() => _inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static FileStream? OpenPipe()
    {
        try
        {
            var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!stream.CanSeek)
            {
                return stream;
            }

            // A FileStream writes a file at positions of its own and would overwrite what other processes append to the same output.
            stream.Dispose();
            return null;
        }
        catch (Exception problem) when (problem is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // Standard output is closed, or is something that only the console layer understands.
            return null;
        }
    }

    private static Exception Explain(Exception problem) =>
        problem.HResult is BrokenPipeErrno or BrokenPipeHResult or NoDataHResult
            ? new ReaderGoneException(problem)
            : CommandException.Failed(
                $"Cannot write the results to standard output: {(problem.InnerException ?? problem).Message}.",
                problem);
}
