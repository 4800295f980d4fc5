using CfLogStream.Core.Buffers;

namespace CfLogStream.Core.Tests.Logpush.Simd;

/// <summary>Puts bytes into padded buffers.</summary>
internal static class Buffers
{
    public static PaddedBuffer Of(ReadOnlySpan<byte> content)
    {
        var buffer = new PaddedBuffer(content.Length);
        content.CopyTo(buffer.Room);
        buffer.End(content.Length);
        return buffer;
    }
}
