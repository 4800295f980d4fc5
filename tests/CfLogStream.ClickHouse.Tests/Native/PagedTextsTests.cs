using CfLogStream.ClickHouse.Native;
using CsCheck;

namespace CfLogStream.ClickHouse.Tests.Native;

public sealed class PagedTextsTests
{
    /// <summary>Texts around the borders that matter: the one-byte length, the growing array, the page.</summary>
    private static readonly Gen<byte[]> s_texts = Gen.OneOf(
        Gen.Int[0, 5], Gen.Int[120, 135], Gen.Int[200, 300], Gen.Int[16_380, 16_390], Gen.Int[60_000, 140_000])
        .Select(length => Enumerable.Range(0, length).Select(i => (byte)(i + length)).ToArray());

    [Fact]
    public void Add_TextsOfAnyLength_AreWrittenAsNativeHasThem() =>
        Gen.Select(s_texts.Array[0, 40], Gen.Int[0, 40], Gen.Int[0, 40]).Sample(
            (texts, from, to) =>
            {
                var paged = new PagedTexts();
                for (int round = 0; round < 2; round++)
                {
                    foreach (byte[] text in texts)
                    {
                        paged.Add(text);
                    }

                    Assert.Equal(texts.Length, paged.Count);
                    Assert.Equal(Native(texts).Length, paged.Length);
                    int start = Math.Min(Math.Min(from, to), texts.Length);
                    int end = Math.Min(Math.Max(from, to), texts.Length);
                    Assert.True(Written(paged, start, end - start).AsSpan().SequenceEqual(Native(texts[start..end])));
                    Assert.True(Written(paged, 0, texts.Length).AsSpan().SequenceEqual(Native(texts)));
                    paged.Clear();
                }
            },
            iter: 60);

    private static byte[] Native(byte[][] texts)
    {
        var buffer = new ByteBuffer();
        foreach (byte[] text in texts)
        {
            buffer.WriteText(text);
        }

        return buffer.Span.ToArray();
    }

    private static byte[] Written(PagedTexts texts, int start, int count)
    {
        var buffer = new ByteBuffer();
        texts.Write(buffer, start, count);
        return buffer.Span.ToArray();
    }
}
