using System.Buffers.Binary;

namespace CfLogStream.ClickHouse.Native;

/// <summary>A growing byte array with the writes of ClickHouse's Native format: little-endian numbers and varuints.</summary>
internal sealed class ByteBuffer
{
    private byte[] _bytes;

    public ByteBuffer(int capacity = 256)
    {
        _bytes = new byte[capacity];
    }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>Forgets the bytes and keeps the memory.</summary>
    public void Clear() => Length = 0;

    public void WriteByte(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    public void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Reserve(sizeof(ushort)), value);
        Length += sizeof(ushort);
    }

    public void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(sizeof(uint)), value);
        Length += sizeof(uint);
    }

    public void WriteUInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(sizeof(ulong)), value);
        Length += sizeof(ulong);
    }

    public void WriteVarUInt(uint value)
    {
        Span<byte> room = Reserve(5);
        int used = 0;
        while (value >= 0x80)
        {
            room[used++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[used++] = (byte)value;
        Length += used;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Writes a text as Native has it: its length as varuint, then its bytes.</summary>
    public void WriteText(ReadOnlySpan<byte> utf8)
    {
        WriteVarUInt((uint)utf8.Length);
        Write(utf8);
    }

    /// <summary>Returns room for at least <paramref name="count"/> bytes; call <see cref="Advance"/> with what was used of it.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Grow(count);
        }

        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    private void Grow(int count)
    {
        long wanted = Math.Max((long)_bytes.Length * 2, (long)Length + count);
        if ((long)Length + count > Array.MaxLength)
        {
            Throw.BlockTooLarge((long)Length + count);
        }

        Array.Resize(ref _bytes, (int)Math.Min(wanted, Array.MaxLength));
    }
}
