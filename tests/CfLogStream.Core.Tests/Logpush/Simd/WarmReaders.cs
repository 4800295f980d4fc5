using System.Runtime.CompilerServices;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Fuzz;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Logpush.Shapes;
using CfLogStream.Core.Logpush.Simd;

namespace CfLogStream.Core.Tests.Logpush.Simd;

/// <summary>A reader of some width that knows the shapes of some good lines, and learns nothing more: a damaged line is always read by
/// a reader that expects the undamaged one.</summary>
internal sealed class WarmReaders
{
    private static readonly LogRecord s_plain = new();

    private readonly LockStep _readers;
    private readonly SimdWidth _width;
    private readonly PaddedBuffer _good;
    private PaddedBuffer _tried = new(64 * 1024);

    /// <summary>Makes a reader and lets it read the lines until it knows their shapes.</summary>
    public WarmReaders(SimdWidth width, ReaderOptions options, params byte[][] lines)
    {
        _width = width;
        _readers = new LockStep(options, [width]);
        _good = Buffers.Of([.. lines.SelectMany(line => line.Append((byte)'\n'))]);
        for (int round = 0; round < 4; round++)
        {
            AssertSame(_good);
        }

        Assert.True(IsByShape || width == SimdWidth.Scalar);
        StopLearning();
        AssertGood();
    }

    /// <summary>How many of the lines tried were read by a shape.</summary>
    public int ByShape { get; private set; }

    private bool IsByShape => FieldMap(_readers.Records.Single()) != FieldMap(s_plain);

    /// <summary>Reads a line, then the good lines: each must be what the reference says, and the last good one must be read by its
    /// shape.</summary>
    public void Try(ReadOnlySpan<byte> line, string? note = null)
    {
        if (_tried.Capacity < line.Length)
        {
            _tried = new PaddedBuffer(2 * line.Length);
        }

        line.CopyTo(_tried.Room);
        _tried.End(line.Length);
        AssertSame(_tried, note);
        ByShape += line.IsEmpty || !IsByShape ? 0 : 1;
        AssertGood(note);
        StopLearning();
    }

    private void AssertGood(string? note = null)
    {
        AssertSame(_good, note);
        if (!IsByShape && _width != SimdWidth.Scalar)
        {
            Assert.Fail($"A good line was not read by its shape. {note}");
        }
    }

    private void AssertSame(PaddedBuffer buffer, string? note = null)
    {
        if (_readers.FindDifference(buffer) is { } difference)
        {
            Assert.Fail($"{difference} {note}");
        }
    }

    private void StopLearning() => Credit(Shapes(_readers.Readers.Single())) = 0;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_shapes")]
    private static extern ref ShapeSet Shapes(RecordReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_credit")]
    private static extern ref int Credit(ShapeSet shapes);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_fieldMap")]
    private static extern ref byte[] FieldMap(LogRecord record);
}
