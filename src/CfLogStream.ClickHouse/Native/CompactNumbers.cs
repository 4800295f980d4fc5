using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CfLogStream.ClickHouse.Native;

/// <summary>Unsigned numbers, kept in the narrowest width that holds all of them and sent in a width of their own.</summary>
/// <remarks>
/// Most counters of a row are small, and a block of 64-bit counters is mostly zeros: kept as they are sent they would be several times the
/// memory, touched for the first time by the thread that adds rows. Starts at one byte; the first number that does not fit rewrites what is
/// there in two, four or eight. Widening to the wire is left to the thread that sends. One thread adds.
/// </remarks>
internal sealed class CompactNumbers
{
    private byte[] _bytes = new byte[64];
    private int _width = 1;
    private ulong _largest = byte.MaxValue;

    public int Count { get; private set; }

    /// <summary>Forgets the numbers and keeps the memory.</summary>
    public void Clear()
    {
        Count = 0;
        _width = 1;
        _largest = byte.MaxValue;
    }

    public void Add(ulong value)
    {
        if (_width == 1 && value <= byte.MaxValue && Count < _bytes.Length)
        {
            _bytes[Count++] = (byte)value;
            return;
        }

        AddAny(value);
    }

    private void AddAny(ulong value)
    {
        if (value > _largest || (Count + 1) * _width > _bytes.Length)
        {
            MakeRoom(value, 1);
        }

        Put(Count++, value);
    }

    public void AddRange(ReadOnlySpan<ulong> values)
    {
        ulong bits = 0;
        foreach (ulong value in values)
        {
            bits |= value;
        }

        if (bits > _largest || (Count + values.Length) * _width > _bytes.Length)
        {
            MakeRoom(bits, values.Length);
        }

        switch (_width)
        {
            case 1:
                Span<byte> room = _bytes.AsSpan(Count, values.Length);
                for (int i = 0; i < values.Length; i++)
                {
                    room[i] = (byte)values[i];
                }

                Count += values.Length;
                break;
            case 8 when BitConverter.IsLittleEndian:
                MemoryMarshal.AsBytes(values).CopyTo(_bytes.AsSpan(Count * 8));
                Count += values.Length;
                break;
            default:
                foreach (ulong value in values)
                {
                    Put(Count++, value);
                }

                break;
        }
    }

    public ulong Get(int index) => _width switch
    {
        1 => _bytes[index],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(index * 2)),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(index * 4)),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(index * 8)),
    };

    /// <summary>Writes some of the numbers in a width that holds them.</summary>
    public void Write(ByteBuffer destination, int start, int count, int wireWidth)
    {
        Debug.Assert(wireWidth >= _width || _width > wireWidth && count == 0);
        Span<byte> room = destination.Reserve(count * wireWidth)[..(count * wireWidth)];
        if (wireWidth == _width)
        {
            _bytes.AsSpan(start * _width, count * _width).CopyTo(room);
        }
        else if (wireWidth == sizeof(ulong))
        {
            for (int i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(room[(i * sizeof(ulong))..], Get(start + i));
            }
        }
        else
        {
            for (int i = 0; i < count; i++)
            {
                ulong value = Get(start + i);
                for (int k = 0; k < wireWidth; k++)
                {
                    room[(i * wireWidth) + k] = (byte)(value >> (k * 8));
                }
            }
        }

        destination.Advance(count * wireWidth);
    }

    private void Put(int index, ulong value)
    {
        switch (_width)
        {
            case 1:
                _bytes[index] = (byte)value;
                break;
            case 2:
                BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(index * 2), (ushort)value);
                break;
            case 4:
                BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(index * 4), (uint)value);
                break;
            default:
                BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(index * 8), value);
                break;
        }
    }

    private void MakeRoom(ulong value, int count)
    {
        int width = value <= byte.MaxValue ? 1 : value <= ushort.MaxValue ? 2 : value <= uint.MaxValue ? 4 : 8;
        width = Math.Max(width, _width);
        long needed = (long)(Count + count) * width;
        if (needed > Array.MaxLength)
        {
            Throw.BlockTooLarge(needed);
        }

        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Clamp(_bytes.Length * 2L, needed, Array.MaxLength));
        }

        if (width > _width)
        {
            Widen(width);
        }
    }

    private void Widen(int width)
    {
        // From the last on, so that no number is overwritten before it was read.
        int from = _width;
        for (int i = Count - 1; i >= 0; i--)
        {
            _width = from;
            ulong value = Get(i);
            _width = width;
            Put(i, value);
        }

        _width = width;
        _largest = width == 8 ? ulong.MaxValue : (1UL << (width * 8)) - 1;
    }
}
