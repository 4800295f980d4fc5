using System.Buffers;

namespace CfLogStream.Kafka.Client;

/// <summary>A message of a user's topic as it was read; its bytes are rented and given back by <see cref="Dispose"/>.</summary>
public sealed class RawMessage : IDisposable
{
    private byte[]? _bytes;

    /// <param name="bytes">A buffer from the shared <see cref="ArrayPool{T}"/>; this message owns it.</param>
    public RawMessage(string topic, int partition, long offset, long timestampMs, byte[] bytes, int length)
    {
        Topic = topic;
        Partition = partition;
        Offset = offset;
        TimestampMs = timestampMs;
        _bytes = bytes;
        Length = length;
    }

    public string Topic { get; }

    public int Partition { get; }

    public long Offset { get; }

    /// <summary>When it was produced or stored, in milliseconds since 1970-01-01 UTC, as the topic says; 0 when it says nothing.</summary>
    public long TimestampMs { get; }

    public int Length { get; }

    public ReadOnlySpan<byte> Value => Memory.Span;

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
