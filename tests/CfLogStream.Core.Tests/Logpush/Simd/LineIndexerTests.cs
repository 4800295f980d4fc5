using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush.Simd;

namespace CfLogStream.Core.Tests.Logpush.Simd;

/// <summary>The vector pass over a line against its definition, byte by byte.</summary>
public sealed class LineIndexerTests
{
    public static TheoryData<SimdWidth> All => Widths.Vectors;

    [Theory]
    [MemberData(nameof(All))]
    public void Scan_AnyBytes_EqualsDefinition(SimdWidth width)
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        byte[] rare = [(byte)'\\', (byte)'"', (byte)':', (byte)'\r', 0x00, 0x1F, 0x20, 0x7F, 0x80, 0xFF, 0xC3];
        for (int i = 0; i < 6_000; i++)
        {
            byte[] content = new byte[random.Next(400)];
            content.AsSpan().Fill((byte)'a');
            for (int edits = random.Next(content.Length + 1); edits > 0; edits--)
            {
                byte other = i % 4 == 0 ? rare[random.Next(rare.Length)] : (byte)',';
                content[random.Next(content.Length)] = random.Next(3) switch { 0 => (byte)'"', 1 => (byte)':', _ => other };
            }

            // Few rare bytes, also at the borders of blocks: what one block leaves behind must reach the next, and no other.
            for (int edits = random.Next(4); edits > 0 && content.Length > 0; edits--)
            {
                int border = (64 * random.Next(1, 7)) - random.Next(3);
                int at = border < content.Length && random.Next(2) == 0 ? border : random.Next(content.Length);
                content[at] = rare[random.Next(random.Next(2) == 0 ? 1 : rare.Length)];
            }

            AssertIndexed(width, content, $"Seed {seed}, {i}.");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Scan_RunsAtEveryAlignment_EqualsDefinition(SimdWidth width)
    {
        byte[][] pieces =
        [
            "\""u8.ToArray(), "\\"u8.ToArray(), "\":"u8.ToArray(), "\\\""u8.ToArray(), "\\\":"u8.ToArray(), "\"\":"u8.ToArray(),
            ":"u8.ToArray(), [0x80],
            "\r"u8.ToArray(),
        ];
        foreach (byte[] piece in pieces)
        {
            for (int alignment = 0; alignment < 64; alignment++)
            {
                foreach (int count in (int[])[1, 2, 3, 5, 16, 17, 31, 64, 65, 200])
                {
                    byte[] run = [.. Enumerable.Repeat(piece, count).SelectMany(bytes => bytes)];
                    AssertIndexed(width, [.. Enumerable.Repeat((byte)'a', alignment), .. run], "");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Scan_MoreThanFits_SaysSo(SimdWidth width)
    {
        foreach (int count in (int[])[LineIndex.MaxKeys, LineIndex.MaxKeys + 1, LineIndex.MaxKeys + 80, 3 * LineIndex.MaxKeys])
        {
            LineIndex index = Scan(width, [.. Enumerable.Repeat("\":"u8.ToArray(), count).SelectMany(piece => piece)]);
            Assert.Equal(2 * count, index.End - PaddedBuffer.Padding);
            Assert.InRange(index.KeyCount, 0, LineIndex.MaxKeys + 64);
            Assert.True(index.IsUsual ? index.KeyCount == count : count > LineIndex.MaxKeys);
        }

        foreach (int count in (int[])[LineIndex.MaxBackslashes, LineIndex.MaxBackslashes + 1, 5 * LineIndex.MaxBackslashes])
        {
            LineIndex index = Scan(width, [.. Enumerable.Repeat("\\n"u8.ToArray(), count).SelectMany(piece => piece)]);
            Assert.Equal(2 * count, index.End - PaddedBuffer.Padding);
            Assert.InRange(index.BackslashCount, 0, LineIndex.MaxBackslashes);
            Assert.Equal(count <= LineIndex.MaxBackslashes, index.IsUsual);
        }
    }

    private static void AssertIndexed(SimdWidth width, byte[] content, string note)
    {
        LineIndex index = Scan(width, content);
        int start = PaddedBuffer.Padding;
        List<int> colons = [];
        List<int> backslashes = [];
        int quotes = 0;
        bool usual = true;
        bool escaped = false;
        for (int i = 0; i < content.Length; i++)
        {
            bool wasEscaped = escaped;
            escaped = !escaped && content[i] == (byte)'\\';
            quotes += content[i] == (byte)'"' && !wasEscaped ? 1 : 0;
            usual &= content[i] >= 0x20 || (content[i] == (byte)'\r' && i == content.Length - 1);
            if (escaped)
            {
                backslashes.Add(start + i);
            }

            // At the beginning of a block an escaped quote counts too: it cannot be told from one, and a key too many is never wrong.
            bool isEscapedQuote = i > 1 && content[i - 2] == (byte)'\\' && IsEscaped(content, i - 1) && i % 64 != 0;
            if (content[i] == (byte)':' && i > 0 && content[i - 1] == (byte)'"' && !isEscapedQuote)
            {
                colons.Add(start + i);
            }
        }

        string shown = $"{note} {Convert.ToHexString(content)}";
        Assert.True(index.End == start + content.Length, $"End {index.End} {shown}");
        Assert.True(index.IsUsual == usual || backslashes.Count > LineIndex.MaxBackslashes, $"IsUsual {index.IsUsual} {shown}");
        Assert.True(index.QuoteCount == quotes, $"{index.QuoteCount} quotes for {quotes} {shown}");
        Assert.True(index.HasNonAscii == content.Any(value => value >= 0x80), $"HasNonAscii {shown}");
        Assert.True(index.KeyColons.AsSpan(0, index.KeyCount).SequenceEqual([.. colons]), $"Keys {shown}");
        Assert.True(index.Backslashes.AsSpan(0, index.BackslashCount).SequenceEqual([.. backslashes]), $"Backslashes {shown}");
    }

    private static bool IsEscaped(byte[] content, int at)
    {
        int backslashes = 0;
        while (at - backslashes > 0 && content[at - backslashes - 1] == (byte)'\\')
        {
            backslashes++;
        }

        return backslashes % 2 == 1;
    }

    private static LineIndex Scan(SimdWidth width, byte[] content)
    {
        PaddedBuffer buffer = Buffers.Of(content);
        buffer.Bytes.AsSpan(buffer.ContentEnd + 1).Fill((byte)'"');
        var index = new LineIndex();
        switch (width)
        {
            case SimdWidth.Vector512:
                LineIndexer<ByteBlock512>.Scan(buffer.Bytes, PaddedBuffer.Padding, index);
                break;
            case SimdWidth.Vector256:
                LineIndexer<ByteBlock256>.Scan(buffer.Bytes, PaddedBuffer.Padding, index);
                break;
            default:
                // Also where the machine has no vectors: they are then made of smaller parts, and slow.
                LineIndexer<ByteBlock128>.Scan(buffer.Bytes, PaddedBuffer.Padding, index);
                break;
        }

        return index;
    }
}
