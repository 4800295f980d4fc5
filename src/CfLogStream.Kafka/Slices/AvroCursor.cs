using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;
using CfLogStream.Kafka.Slices.Schemas;

namespace CfLogStream.Kafka.Slices;

/// <summary>Goes through Avro's bytes and believes none of them: every length is compared with what is left.</summary>
/// <remarks>Stands on a span that begins with the buffer and ends with the value, so that positions are the buffer's. What fails sets
/// <see cref="Status"/> and returns false; nothing throws.</remarks>
internal ref struct AvroCursor
{
    private const int MaxSchemaDepth = 32;

    private readonly ReadOnlySpan<byte> _bytes;

    /// <param name="bytes">The buffer up to the end of the value.</param>
    /// <param name="position">Where the value begins.</param>
    public AvroCursor(ReadOnlySpan<byte> bytes, int position)
    {
        Debug.Assert((uint)position <= (uint)bytes.Length);
        _bytes = bytes;
        Position = position;
    }

    /// <summary>The next byte.</summary>
    public int Position { get; private set; }

    /// <summary>What was wrong.</summary>
    public SliceStatus Status { get; private set; }

    public readonly bool IsAtEnd => Position == _bytes.Length;

    private readonly int Left => _bytes.Length - Position;

    /// <summary>The bytes of a text or of bytes that were read.</summary>
    public readonly ReadOnlySpan<byte> At(int start, int length) => _bytes.Slice(start, length);

    /// <summary>Reads an int or a long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadLong(out long value)
    {
        if ((uint)Position < (uint)_bytes.Length && _bytes[Position] < 0x80)
        {
            uint zigzag = _bytes[Position++];
            value = (int)(zigzag >> 1) ^ -(int)(zigzag & 1);
            return true;
        }

        return TryReadLongLong(out value);
    }

    /// <summary>Reads which branch of a union follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadBranch(int count, out int branch)
    {
        branch = 0;
        if ((uint)Position >= (uint)_bytes.Length)
        {
            return Fail(SliceStatus.Truncated);
        }

        byte zigzag = _bytes[Position++];
        branch = zigzag >> 1;
        return ((zigzag & 0x81) == 0 && branch < count) || Fail(SliceStatus.BadBranch);
    }

    /// <summary>Reads a length and steps over that many bytes: a string or bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadBytes(out int start, out int length)
    {
        start = length = 0;
        if (!TryReadLong(out long bytes))
        {
            return false;
        }

        if ((ulong)bytes > (ulong)Left)
        {
            return Fail(bytes < 0 ? SliceStatus.BadLength : SliceStatus.Truncated);
        }

        start = Position;
        length = (int)bytes;
        Position += length;
        return true;
    }

    /// <summary>Reads a boolean.</summary>
    public bool TryReadBoolean(out bool value)
    {
        value = false;
        if (Left == 0)
        {
            return Fail(SliceStatus.Truncated);
        }

        byte read = _bytes[Position++];
        value = read == 1;
        return read <= 1 || Fail(SliceStatus.BadValue);
    }

    /// <summary>Begins a block of an array or a map: its count, 0 for the end, and where it says it ends; -1 when it does not
    /// say.</summary>
    /// <param name="minBytes">The fewest bytes of an item, at least 1.</param>
    public bool TryReadBlock(int minBytes, out int count, out int end)
    {
        count = 0;
        end = -1;
        if (!TryReadLong(out long items))
        {
            return false;
        }

        if (items < 0)
        {
            if (!TryReadLong(out long bytes))
            {
                return false;
            }

            if ((ulong)bytes > (ulong)Left)
            {
                return Fail(bytes < 0 ? SliceStatus.BadLength : SliceStatus.Truncated);
            }

            end = Position + (int)bytes;
            items = -items;
        }

        // The smallest long stays negative, and so is too many.
        if ((ulong)items > (ulong)(Left / minBytes))
        {
            return Fail(SliceStatus.BadLength);
        }

        count = (int)items;
        return true;
    }

    /// <summary>Ends a block: it must end where it said.</summary>
    public bool TryEndBlock(int end) => end < 0 || end == Position || Fail(SliceStatus.BadLength);

    /// <summary>Steps over a value of any type.</summary>
    public bool TrySkip(AvroSchema schema, int depth = 0)
    {
        switch (schema.Type)
        {
            case AvroType.Null:
                return true;
            case AvroType.Boolean:
                return TryReadBoolean(out _);
            case AvroType.Int or AvroType.Long:
                return TryReadLong(out _);
            case AvroType.Float:
                return TrySkipBytes(sizeof(float));
            case AvroType.Double:
                return TrySkipBytes(sizeof(double));
            case AvroType.Bytes or AvroType.String:
                return TryReadBytes(out _, out _);
            case AvroType.Union:
                return TryReadBranch(schema.Parts.Count, out int branch) && TrySkip(schema.Parts[branch], depth + 1);
            case AvroType.Record:
                return TrySkipRecord(schema, depth);
            default:
                return TrySkipBlocks(schema, depth);
        }
    }

    /// <summary>Whether bytes that were read are UTF-8.</summary>
    /// <param name="room">The buffer, with what comes behind the value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryCheckText(ReadOnlySpan<byte> room, int start, int length)
    {
        if (length <= Vector256<byte>.Count)
        {
            uint high = Vector256.Create(room[start..]).ExtractMostSignificantBits();
            if ((high & (uint)((1UL << length) - 1)) == 0)
            {
                return true;
            }
        }

        return Utf8.IsValid(_bytes.Slice(start, length)) || Fail(SliceStatus.BadText);
    }

    public bool Fail(SliceStatus status)
    {
        Status = status;
        return false;
    }

    private bool TrySkipBytes(int count)
    {
        if (Left < count)
        {
            return Fail(SliceStatus.Truncated);
        }

        Position += count;
        return true;
    }

    private bool TrySkipRecord(AvroSchema schema, int depth)
    {
        foreach (AvroField field in schema.Fields)
        {
            if (!TrySkip(field.Type, depth + 1))
            {
                return false;
            }
        }

        return true;
    }

    private bool TrySkipBlocks(AvroSchema schema, int depth)
    {
        Debug.Assert(depth < MaxSchemaDepth);
        bool isMap = schema.Type == AvroType.Map;
        int minBytes = Math.Max(schema.Parts[0].MinBytes + (isMap ? 1 : 0), 1);
        while (true)
        {
            if (!TryReadBlock(minBytes, out int count, out int end))
            {
                return false;
            }

            if (count == 0)
            {
                return TryEndBlock(end);
            }

            for (int i = 0; i < count; i++)
            {
                if ((isMap && !TryReadBytes(out _, out _)) || !TrySkip(schema.Parts[0], depth + 1))
                {
                    return false;
                }
            }

            if (!TryEndBlock(end))
            {
                return false;
            }
        }
    }

    private bool TryReadLongLong(out long value)
    {
        const int MaxBytes = 10;
        ulong zigzag = 0;
        value = 0;
        for (int i = 0; i < MaxBytes; i++)
        {
            if (Left == 0)
            {
                return Fail(SliceStatus.Truncated);
            }

            byte next = _bytes[Position++];
            if (i == MaxBytes - 1 && next > 1)
            {
                break;
            }

            zigzag |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                value = (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
                return true;
            }
        }

        return Fail(SliceStatus.BadNumber);
    }
}
