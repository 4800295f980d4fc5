using System.Runtime.InteropServices;
using CfLogStream.ClickHouse.Native;
using CsCheck;

namespace CfLogStream.ClickHouse.Tests.Native;

public sealed class CompactNumbersTests
{
    private static readonly Gen<ulong> s_anyWidth = Gen.OneOf(
        Gen.ULong[0, byte.MaxValue], Gen.ULong[0, ushort.MaxValue], Gen.ULong[0, uint.MaxValue], Gen.ULong);

    [Fact]
    public void Add_NumbersOfAnyWidth_AreWrittenAsTheyCame() =>
        Gen.Select(s_anyWidth.Array[0, 300], Gen.Int[0, 300], Gen.Int[1, 40]).Sample((values, cut, range) =>
        {
            var numbers = new CompactNumbers();
            for (int round = 0; round < 2; round++)
            {
                for (int i = 0; i < values.Length;)
                {
                    if (i % 3 == 0)
                    {
                        int count = Math.Min(range, values.Length - i);
                        numbers.AddRange(values.AsSpan(i, count));
                        i += count;
                    }
                    else
                    {
                        numbers.Add(values[i++]);
                    }
                }

                Assert.Equal(values.Length, numbers.Count);
                int start = Math.Min(cut, values.Length);
                Assert.Equal(values[start..], Written(numbers, start, values.Length - start));
                Assert.Equal(values, Enumerable.Range(0, values.Length).Select(numbers.Get));
                numbers.Clear();
            }
        });

    [Theory]
    [InlineData(200, 1)]
    [InlineData(60_000, 2)]
    [InlineData(70_000, 4)]
    public void Write_InANarrowWidth_KeepsTheNumbers(int largest, int wireWidth)
    {
        var numbers = new CompactNumbers();
        int[] values = [.. Enumerable.Range(0, 50).Select(i => largest - (i * 3))];
        foreach (int value in values)
        {
            numbers.Add((ulong)value);
        }

        var buffer = new ByteBuffer();
        numbers.Write(buffer, 1, 49, wireWidth);
        Assert.Equal(49 * wireWidth, buffer.Length);
        for (int i = 0; i < 49; i++)
        {
            byte[] padded = new byte[4];
            buffer.Span.Slice(i * wireWidth, wireWidth).CopyTo(padded);
            Assert.Equal(values[i + 1], BitConverter.ToInt32(padded));
        }
    }

    private static ulong[] Written(CompactNumbers numbers, int start, int count)
    {
        var buffer = new ByteBuffer();
        numbers.Write(buffer, start, count, sizeof(ulong));
        return MemoryMarshal.Cast<byte, ulong>(buffer.Span).ToArray();
    }
}
