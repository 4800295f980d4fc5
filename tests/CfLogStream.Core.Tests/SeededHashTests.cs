namespace CfLogStream.Core.Tests;

public sealed class SeededHashTests
{
    [Fact]
    public void Of_TextsThatDifferInOneByte_Differ()
    {
        for (int length = 1; length <= 40; length++)
        {
            byte[] text = new byte[length];
            ulong plain = SeededHash.Of(text);
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
    public void Of_ManyTexts_SpreadsOverTheBitsAtBothEnds()
    {
        const int Texts = 20_000;
        int[] low = new int[1024];
        int[] high = new int[1024];
        for (int i = 0; i < Texts; i++)
        {
            ulong hash = SeededHash.Of(System.Text.Encoding.ASCII.GetBytes($"/v1/products/{i}"));
            low[hash & 1023]++;
            high[hash >> 54]++;
        }

        Assert.InRange(Math.Max(low.Max(), high.Max()), 1, 80);
    }
}
