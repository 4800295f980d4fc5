using CfLogStream.Server.Processing;

namespace CfLogStream.Server.Tests.Processing;

public sealed class CrashPointsTests
{
    [Fact]
    public void Reach_TheNthTime_Crashes()
    {
        int crashes = 0;
        var points = new CrashPoints(CrashPoints.AfterInsert, 3, () => crashes++);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(i < 3 ? 0 : 1, crashes);
            points.Reach(CrashPoints.AfterInsert);
            points.Reach(CrashPoints.Drain);
        }

        Assert.Equal(1, crashes);
    }

    [Theory]
    [InlineData("after_insert")]
    [InlineData("nowhere:1")]
    [InlineData("drain:0")]
    [InlineData("drain:x")]
    public void Parse_WhatIsNoPoint_Throws(string setting)
    {
        FormatException refusal = Assert.Throws<FormatException>(() => CrashPoints.Parse(setting));
        Assert.Equal(
            $"The variable CFLOGSTREAM_CRASH_AT has '{setting}'; expected one of after_read, after_compute, before_insert, after_insert, "
            + "after_progress, spool_write, spool_commit, after_object_append, drain, shutdown, a colon and a number from 1.",
            refusal.Message);
    }

    [Fact]
    public void Parse_Nothing_NeverCrashes()
    {
        Assert.Same(CrashPoints.None, CrashPoints.Parse(null));
        Assert.Same(CrashPoints.None, CrashPoints.Parse(""));
        CrashPoints.None.Reach(CrashPoints.Drain);
    }
}
