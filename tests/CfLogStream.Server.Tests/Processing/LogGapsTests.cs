using CfLogStream.Server.Processing;

namespace CfLogStream.Server.Tests.Processing;

public sealed class LogGapsTests
{
    [Fact]
    public void Add_OverlappingAndNeighbouring_Unites()
    {
        var gaps = new LogGaps([(10, 20)]);

        Assert.Equal(5, gaps.Add(20, 25));
        Assert.Equal(0, gaps.Add(12, 22));
        Assert.Equal(2, gaps.Add(30, 32));
        Assert.Equal(10, gaps.Add(5, 31));
        Assert.Equal([(5, 32)], gaps.Ranges.Where(range => range.From < 32));
    }

    [Fact]
    public void Add_TooMany_ForgetsNone()
    {
        var gaps = new LogGaps([]);
        for (int i = 0; i < 1_500; i++)
        {
            Assert.Equal(1, gaps.Add(i * 10, (i * 10) + 1));
        }

        Assert.Equal(1_000, gaps.Ranges.Count);
        Assert.Equal(0, gaps.Ranges[0].From);
        Assert.Equal((14_990, 14_991), gaps.Ranges[^1]);
    }
}
