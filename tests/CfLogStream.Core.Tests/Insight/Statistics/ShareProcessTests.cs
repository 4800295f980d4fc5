using CfLogStream.Core.Insight.Statistics;

namespace CfLogStream.Core.Tests.Insight.Statistics;

/// <summary>The e-process: quick when everything is lost, quiet for ever when nothing changed.</summary>
public sealed class ShareProcessTests
{
    private static readonly double s_alarm = Math.Log(1000);

    [Theory]
    [InlineData(0.005, 2)]
    [InlineData(0.02, 3)]
    [InlineData(0.1, 4)]
    public void Add_NothingButHits_AlarmsAfterFewTrials(double ceiling, int expected)
    {
        var process = new ShareProcess(ceiling);
        int trials = 0;
        while (process.LogValue < s_alarm)
        {
            process.Add(1, 1);
            trials++;
        }

        Assert.InRange(trials, expected - 1, expected + 1);
    }

    [Fact]
    public void Add_NoChange_FalselyAlarmsAtMostAsOftenAsPromised()
    {
        const int Runs = 2_000;
        const double Share = 0.01;
        var random = new Random(7);
        int alarms = 0;
        for (int run = 0; run < Runs; run++)
        {
            var process = new ShareProcess(Share);
            for (int look = 0; look < 60; look++)
            {
                int hits = 0;
                for (int i = 0; i < 50; i++)
                {
                    hits += random.NextDouble() < Share ? 1 : 0;
                }

                process.Add(hits, 50);
            }

            alarms += process.MaxLogValue >= Math.Log(100) ? 1 : 0;
        }

        Assert.True(alarms <= Runs / 100, $"{alarms} of {Runs} runs with seed 7 alarmed at 1/100.");
    }

    [Fact]
    public void CeilingOf_Nothing_IsTheFloorOrAbove()
    {
        Assert.Equal(0.002, ShareProcess.CeilingOf(0, 1_000_000));
        Assert.InRange(ShareProcess.CeilingOf(0, 100), 0.02, 0.06);
        Assert.InRange(ShareProcess.CeilingOf(50, 100), 0.55, 0.65);
    }
}
