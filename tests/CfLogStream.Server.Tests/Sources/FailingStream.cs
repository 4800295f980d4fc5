namespace CfLogStream.Server.Tests.Sources;

/// <summary>A stream whose end is an error.</summary>
internal sealed class FailingStream(byte[] content) : MemoryStream(content)
{
    public override int Read(Span<byte> buffer)
    {
        int count = base.Read(buffer);
        return count > 0 || buffer.IsEmpty ? count : throw new IOException("The disk is gone.");
    }
}
