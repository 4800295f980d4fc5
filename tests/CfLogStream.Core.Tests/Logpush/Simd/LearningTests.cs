using System.Runtime.CompilerServices;
using System.Text;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Logpush.Simd;

namespace CfLogStream.Core.Tests.Logpush.Simd;

/// <summary>Which lines are read by a shape (the speed of the reader rests on it, and no result does), and what such a line is.</summary>
public sealed class LearningTests
{
    private const string Tail = "\"EdgeStartTimestamp\":1667512927,\"RayID\":\"a1\"}";

    private static readonly LogRecord s_plain = new();

    public static TheoryData<SimdWidth> All => Widths.Vectors;

    [Theory]
    [MemberData(nameof(All))]
    public void TryReadNext_SecondLineOfAShape_IsReadByIt(SimdWidth width)
    {
        var lines = new Lines(width);
        Assert.False(lines.IsByShape("{\"a\":\"x\"," + Tail));
        Assert.True(lines.IsByShape("{\"a\":\"y\"," + Tail));
        Assert.False(lines.IsByShape("{\"a\":1," + Tail));
        Assert.True(lines.IsByShape("{\"a\":2," + Tail));
        Assert.True(lines.IsByShape("{\"a\":\"y\"," + Tail));
        Assert.False(lines.IsByShape("{\"a\":{\"k\":1}," + Tail));
        Assert.True(lines.IsByShape("{\"a\":{\"k\":2}," + Tail));
        Assert.True(lines.IsByShape("{\"a\":{\"l\":2}," + Tail));
        Assert.True(lines.IsByShape("{\"a\":[{\"l\":2}]," + Tail));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TryReadNext_LineThatEndsWithCarriageReturn_KeepsItInTheRecordsLine(SimdWidth width)
    {
        // An audit record without an id, and every dead letter, is known by the hash of its line.
        string line = "{\"a\":\"x\"," + Tail + "\r";
        var lines = new Lines(width);
        lines.IsByShape(line);

        Assert.True(lines.IsByShape(line));
        Assert.Equal(line, lines.RecordLine);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TryReadNext_LinesThatEndWithCarriageReturn_AreReadByTheirShape(SimdWidth width)
    {
        var lines = new Lines(width);
        lines.IsByShape("{\"a\":\"x\"," + Tail + "\r");
        for (int length = 0; length < 130; length++)
        {
            Assert.True(lines.IsByShape($"{{\"a\":\"{new string('x', length)}\",{Tail}\r"), $"{length}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TryReadNext_AfterManyLinesThatCannotBeLearnt_LearnsInTheEnd(SimdWidth width)
    {
        // A job with the names of before 2023, whose owner at last changes its fields.
        var lines = new Lines(width);
        for (int i = 0; i < 100; i++)
        {
            Assert.False(lines.IsByShape("{\"WAFAction\":\"drop\"," + Tail));
        }

        for (int i = 0; i < 64 * 1024; i++)
        {
            lines.IsByShape("{\"SecurityAction\":\"block\"," + Tail);
        }

        Assert.True(lines.IsByShape("{\"SecurityAction\":\"log\"," + Tail));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TryReadNext_AfterManyShapes_LearnsAgainInTheEnd(SimdWidth width)
    {
        var lines = new Lines(width);
        for (int i = 0; i < 200; i++)
        {
            lines.IsByShape($"{{\"k{i}\":1,{Tail}");
        }

        Assert.False(lines.IsByShape("{\"k\":1," + Tail));
        Assert.False(lines.IsByShape("{\"k\":2," + Tail));
        for (int i = 0; i < 65_300; i++)
        {
            Assert.False(lines.IsByShape($"{{\"k{i % 10}\":1}}"));
        }

        for (int i = 0; i < 100; i++)
        {
            lines.IsByShape("{\"k\":3," + Tail);
        }

        Assert.True(lines.IsByShape("{\"k\":4," + Tail));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TryReadNext_EscapedTextsByShape_AllocatesNothing(SimdWidth width)
    {
        PaddedBuffer buffer = Buffers.Of("""{"ClientRequestURI":"/\u00e4\n","EdgeStartTimestamp":1667512927,"RayID":"a1"}"""u8);
        var reader = new RecordReader(new ReaderOptions(), width);
        LogRecord record = reader.CreateRecord();
        Read(10);
        Assert.NotSame(FieldMap(s_plain), FieldMap(record));
        Assert.Equal(0, Allocations.Of(() => Read(3_000)));

        void Read(int times)
        {
            for (int i = 0; i < times; i++)
            {
                int position = PaddedBuffer.Padding;
                if (!reader.TryReadNext(buffer, ref position, record, out _, out ReadStatus status, out _) || status != ReadStatus.Record
                    || !record.Text(LogField.ClientRequestURI).SequenceEqual("/\u00e4\n"u8))
                {
                    Assert.Fail($"Reading {i} was {status}.");
                }
            }
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_fieldMap")]
    private static extern ref byte[] FieldMap(LogRecord record);

    private sealed class Lines
    {
        private readonly PaddedBuffer _buffer = new(1024);
        private readonly RecordReader _reader;
        private readonly LogRecord _record;

        public Lines(SimdWidth width)
        {
            _reader = new RecordReader(new ReaderOptions(), width);
            _record = _reader.CreateRecord();
        }

        public string RecordLine => Encoding.UTF8.GetString(_record.Line);

        public bool IsByShape(string line)
        {
            _buffer.End(Encoding.UTF8.GetBytes(line, _buffer.Room));
            int position = PaddedBuffer.Padding;
            Assert.True(_reader.TryReadNext(_buffer, ref position, _record, out _, out _, out _));
            return FieldMap(_record) != FieldMap(s_plain);
        }
    }
}
