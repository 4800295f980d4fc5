using CfLogStream.ClickHouse.Native;

namespace CfLogStream.ClickHouse.Tests.Native;

public sealed class SeededHashTests
{
    [Fact]
    public void Of_TextsThatDifferInOneByte_Differ()
    {
        for (int length = 1; length <= 40; length++)
        {
            byte[] text = new byte[length];
            uint plain = SeededHash.Of(text);
            Assert.Equal(plain, SeededHash.Of(new byte[length]));
            for (int i = 0; i < length; i++)
            {
                text[i] = 1;
                Assert.True(SeededHash.Of(text) != plain, $"length {length}, byte {i}");
                text[i] = 0;
            }
        }
    }

    [Fact]
    public void Of_ManyTexts_SpreadsOverTheLowerBits()
    {
        const int Texts = 20_000;
        int[] hits = new int[1024];
        for (int i = 0; i < Texts; i++)
        {
            hits[SeededHash.Of(System.Text.Encoding.ASCII.GetBytes($"/v1/products/{i}")) & 1023]++;
        }

        Assert.InRange(hits.Max(), 1, 80);
    }
}
