namespace CfLogStream.Server.Tests.Sources;

/// <summary>A stream whose end is an error.</summary>
internal sealed class FailingStream(byte[] content) : MemoryStream(content)
{
    // All other ways of reading end here.
    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = base.Read(buffer, offset, count);
        return read > 0 || count == 0 ? read : throw new IOException("The disk is gone.");
    }
}
