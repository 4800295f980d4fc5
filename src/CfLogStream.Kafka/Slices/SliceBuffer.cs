using System.Runtime.CompilerServices;

namespace CfLogStream.Kafka.Slices;

/// <summary>The bytes of one slice while records are added to it. Reused.</summary>
/// <remarks>
/// Layout: room for what stands before the records (the source, the time, the number of records, which is known last), the records one
/// behind the other. <see cref="Close"/> writes the head so that it ends where the records begin; nothing is moved.
/// </remarks>
internal sealed class SliceBuffer
{
    private const int MaxVarint = 10;
    private const int MinBytes = 4096;

    private byte[] _bytes;
    private int _headRoom;

    /// <param name="capacity">Bytes for which there is room at once.</param>
    public SliceBuffer(int capacity = 0) => _bytes = capacity == 0 ? [] : GC.AllocateUninitializedArray<byte>(capacity);

    /// <summary>The number of records.</summary>
    public int Count { get; set; }

    /// <summary>The bytes used, room for the head included.</summary>
    public int Length { get; set; }

    /// <summary>The bytes, of which there are more than used.</summary>
    public byte[] Bytes => _bytes;

    /// <summary>Begins a slice.</summary>
    public void Begin(ReadOnlySpan<byte> source)
    {
        _headRoom = source.Length + (3 * MaxVarint);
        Count = 0;
        Length = _headRoom;
        Ensure(_headRoom);
    }

    /// <summary>Ends a slice.</summary>
    public ReadOnlyMemory<byte> Close(ReadOnlySpan<byte> source, long receivedNs)
    {
        Span<byte> head = _bytes.AsSpan(0, _headRoom);
        int length = WriteLong(head, 0, source.Length);
        source.CopyTo(head[length..]);
        length = WriteLong(head, length + source.Length, receivedNs);
        if (Count > 0)
        {
            length = WriteLong(head, length, Count);
        }

        Ensure(Length + 1);
        _bytes.AsSpan(0, length).CopyTo(_bytes.AsSpan(_headRoom - length));
        _bytes[Length++] = 0;
        return _bytes.AsMemory(_headRoom - length, Length - _headRoom + length);
    }

    /// <summary>Takes the records of another buffer from a place on away from it.</summary>
    public void TakeLast(SliceBuffer other, int start)
    {
        int length = other.Length - start;
        Ensure(Length + length);
        other._bytes.AsSpan(start, length).CopyTo(_bytes.AsSpan(Length));
        Length += length;
        Count++;
        other.Length = start;
        other.Count--;
    }

    /// <summary>Makes room for bytes up to an end.</summary>
    public byte[] Ensure(int end)
    {
        if (_bytes.Length < end)
        {
            // All of it: a record is being written behind Length. What is behind the content is never read, so it need not be zeroed.
            byte[] larger = GC.AllocateUninitializedArray<byte>(
                (int)Math.Min(Math.Max(Math.Max(2L * _bytes.Length, MinBytes), end), Array.MaxLength));
            _bytes.CopyTo(larger, 0);
            _bytes = larger;
        }

        return _bytes;
    }

    /// <summary>Writes an int or a long.</summary>
    /// <returns>Where it ends.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteLong(Span<byte> bytes, int at, long value)
    {
        ulong zigzag = ((ulong)value << 1) ^ (ulong)(value >> 63);
        while (zigzag >= 0x80)
        {
            bytes[at++] = (byte)(zigzag | 0x80);
            zigzag >>= 7;
        }

        bytes[at++] = (byte)zigzag;
        return at;
    }
}
