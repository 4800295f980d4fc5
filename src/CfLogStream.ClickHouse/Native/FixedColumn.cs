using System.Diagnostics;

namespace CfLogStream.ClickHouse.Native;

/// <summary>A column of values of one width: numbers, times, booleans, addresses.</summary>
internal sealed class FixedColumn : NativeColumn
{
    private readonly ByteBuffer _values = new();
    private readonly int _width;

    public FixedColumn(string type, int width)
        : base(type)
    {
        _width = width;
    }

    public override int Rows => _values.Length / _width;

    public override long Bytes => _values.Length;

    public override int FixedWidth => _width;

    public static FixedColumn UInt8() => new("UInt8", 1);

    public static FixedColumn Bool() => new("Bool", 1);

    public static FixedColumn UInt16() => new("UInt16", 2);

    public static FixedColumn Int16() => new("Int16", 2);

    public static FixedColumn UInt32() => new("UInt32", 4);

    public static FixedColumn Int32() => new("Int32", 4);

    public static FixedColumn Int64() => new("Int64", 8);

    public static FixedColumn Float64() => new("Float64", 8);

    public static FixedColumn DateTime() => new("DateTime('UTC')", 4);

    public static FixedColumn DateTime64() => new("DateTime64(9, 'UTC')", 8);

    /// <summary>Times in milliseconds.</summary>
    public static FixedColumn Milliseconds() => new("DateTime64(3, 'UTC')", 8);

    public static FixedColumn IPv6() => new("IPv6", 16);

    public void Add(bool value) => Add(value ? (byte)1 : (byte)0);

    public void Add(byte value)
    {
        Debug.Assert(_width == sizeof(byte));
        _values.WriteByte(value);
    }

    public void Add(ushort value)
    {
        Debug.Assert(_width == sizeof(ushort));
        _values.WriteUInt16(value);
    }

    public void Add(short value) => Add((ushort)value);

    public void Add(uint value)
    {
        Debug.Assert(_width == sizeof(uint));
        _values.WriteUInt32(value);
    }

    public void Add(int value) => Add((uint)value);

    public void Add(ulong value)
    {
        Debug.Assert(_width == sizeof(ulong));
        _values.WriteUInt64(value);
    }

    public void Add(long value) => Add((ulong)value);

    public void Add(double value) => Add(BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Adds an address written as text (IPv4 as ::ffff:a.b.c.d); what is none becomes <c>::</c>.</summary>
    /// <returns>Whether it was an address.</returns>
    public bool AddAddress(ReadOnlySpan<byte> text)
    {
        Debug.Assert(_width == AddressText.Length);
        Span<byte> room = _values.Reserve(AddressText.Length)[..AddressText.Length];
        bool parsed = AddressText.TryParse(text, room);
        if (!parsed)
        {
            room.Clear();
        }

        _values.Advance(AddressText.Length);
        return parsed;
    }

    public override void Clear() => _values.Clear();

    public override void WriteRows(ByteBuffer destination, int start, int count) =>
        destination.Write(_values.Span.Slice(start * _width, count * _width));
}
