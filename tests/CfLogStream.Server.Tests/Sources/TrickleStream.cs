namespace CfLogStream.Server.Tests.Sources;

/// <summary>A stream like a pipe: it cannot seek and hands out only so many bytes at a time.</summary>
internal sealed class TrickleStream(byte[] content, int readBytes) : MemoryStream(content)
{
    public override bool CanSeek => false;

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, readBytes)]);

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, readBytes));
}
