using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Tests.Simulation;

public sealed class LoadCurveTests
{
    private const long Start = 1_785_974_400_000;
    private const long Day = 86_400_000;

    [Fact]
    public void TimeAt_RisingFractions_RisesFromStartToEnd()
    {
        LoadCurve curve = NewCurve(out _);
        long last = 0;
        for (int i = 0; i <= 10_000; i++)
        {
            long ms = curve.TimeAt(i / 10_000.0);
            Assert.True(ms >= last);
            last = ms;
            Assert.InRange(ms, Start, Start + Day);
        }

        Assert.True(last >= Start + Day - 10_000);
    }

    [Fact]
    public void TimeAt_OverADay_EveningHasMoreThanNight()
    {
        LoadCurve curve = NewCurve(out _);
        int[] hours = new int[24];
        for (int i = 0; i < 100_000; i++)
        {
            hours[(int)((curve.TimeAt(i / 100_000.0) - Start) / 3_600_000) % 24]++;
        }

        Assert.True(hours[18] > 2 * hours[3]);
    }

    [Fact]
    public void Draw_ManyTimes_FollowsTheShares()
    {
        LoadCurve curve = NewCurve(out WorldModel world);
        var rng = new Rng(1, 1);
        curve.TimeAt(0.5);
        int[] draws = new int[world.Actors.Length];
        for (int i = 0; i < 50_000; i++)
        {
            draws[curve.Draw(rng).Index]++;
        }

        Assert.All(world.Actors.Where(actor => actor.Scheduled || actor.Share == 0), actor => Assert.Equal(0, draws[actor.Index]));
        Assert.True(draws[world.Actor("visitors of www.shop.example").Index] > draws[world.Actor("visitors of www.fleet.example").Index]);
    }

    [Fact]
    public void TimeAt_Surge_TakesMoreOfTheLines()
    {
        var world = new WorldModel(1, Start, Day, 100_000);
        Actor flood = world.Actor("botnet flood");
        flood.Surge = (Start + (Day / 2), Start + (Day / 2) + 3_600_000, 4000);
        var curve = new LoadCurve(world.Actors, Start, Day, 1);
        int inside = 0;
        for (int i = 0; i < 10_000; i++)
        {
            long ms = curve.TimeAt(i / 10_000.0);
            inside += ms >= flood.Surge.From && ms < flood.Surge.To ? 1 : 0;
        }

        Assert.InRange(inside, 900, 3000);
    }

    private static LoadCurve NewCurve(out WorldModel world)
    {
        world = new WorldModel(1, Start, Day, 100_000);
        return new LoadCurve(world.Actors, Start, Day, 1);
    }
}
