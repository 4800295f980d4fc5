using System.Collections.Concurrent;

namespace CfLogStream.ClickHouse.Native;

/// <summary>Buffers between the columns of a block and the wire; one per insert under way.</summary>
internal static class ByteBufferPool
{
    private static readonly ConcurrentQueue<ByteBuffer> s_free = new();

    public static ByteBuffer Rent() => s_free.TryDequeue(out ByteBuffer? buffer) ? buffer : new ByteBuffer(512 * 1024);

    public static void Return(ByteBuffer buffer)
    {
        buffer.Clear();
        s_free.Enqueue(buffer);
    }
}
