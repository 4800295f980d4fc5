using CfLogStream.Kafka.Slices;

namespace CfLogStream.Kafka.Log;

/// <summary>A message of one partition of the log as it was read; its bytes are rented and given back by <see cref="Dispose"/>.</summary>
public sealed class LogMessage : IDisposable
{
    private byte[]? _bytes;

    /// <param name="bytes">A buffer from the shared <see cref="System.Buffers.ArrayPool{T}"/>; this message owns it.</param>
    public LogMessage(int partition, long offset, SliceHeader header, byte[] bytes, int length)
    {
        Partition = partition;
        Offset = offset;
        Header = header;
        _bytes = bytes;
        Length = length;
    }

    public int Partition { get; }

    /// <summary>The message's offset in its partition.</summary>
    public long Offset { get; }

    /// <summary>What its headers say; <see cref="SliceKind.None"/> when they are missing or wrong: a message that is no slice.</summary>
    public SliceHeader Header { get; }

    public int Length { get; }

    public ReadOnlySpan<byte> Value => _bytes.AsSpan(0, Length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
