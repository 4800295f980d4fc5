using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Retesting;
using CsCheck;

namespace CfLogStream.Core.Tests.Insight.Retesting;

public sealed class RetestJudgeTests
{
    private static readonly DateTime s_from = new(2026, 8, 6, 12, 0, 0, DateTimeKind.Utc);
    private static readonly RuleKey s_old = new("z", "firewallcustom", "old");
    private static readonly RuleKey s_new = new("z", "botmanagement", "new");
    private static readonly RuleKey s_attack = new("z", "firewallmanaged", "attack");

    [Fact]
    public void Judge_RandomHistories_AgreesWithTheOracle()
    {
        int[] seen = new int[6];

        // How often a call is lost, to which rule, and whether anything was known before.
        Gen<RetestMinute> minute = Gen.Select(Gen.Int[1, 6], Gen.Int[1, 4], Gen.Int[0, 100], Gen.Int[0, 1]).Select((calls, callers, share, rule) =>
        {
            int many = Math.Min(callers, calls);
            int lost = share > 70 ? calls : share > 55 ? 1 : 0;
            RetestStop[] stops = lost == 0 ? [] : [new RetestStop(rule == 0 ? s_old : s_new, "block", lost, Math.Min(many, lost))];
            return new RetestMinute(default, calls, lost, many, stops);
        });
        Gen<RetestMinute[]> quiet = minute.Select(static one => one with { Lost = 0, Stops = [] }).Array[0, 30];
        Gen<RetestMinute[]> history = Gen.OneOf(minute.Array[0, 4], minute.Array[0, 30], quiet, Gen.Select(quiet, minute.Array[1, 2]).Select(static (a, b) => (RetestMinute[])[.. a, .. b]));
        Gen.Select(history, Gen.Bool, Gen.Bool, Gen.Int[0, 40]).Sample(
            (after, isAlive, isKnown, successes) =>
            {
                RetestMinute[] timed = [.. after.Select(static (one, i) => one with { Window = s_from.AddMinutes(i) })];
                RetestVerdict verdict = RetestJudge.Judge(Input(isKnown ? Lost(10, s_old) : [], timed) with
                {
                    NewestMinute = isAlive ? s_from.AddHours(1) : s_from.AddMinutes(-1),
                });
                RetestState expected = NaiveRetest.State(timed, isAlive, isKnown ? s_old : null, 0.1);
                Assert.Equal(expected, verdict.State);
                Assert.Equal(verdict.Since.Requests == 0 ? 1 : NaiveRetest.Bound(verdict.Since.Lost, verdict.Since.Requests), verdict.LossBoundNow, 0.002);
                Assert.Equal(verdict.State == RetestState.Fixed, verdict.CallsNeeded + verdict.MinutesNeeded == 0 && verdict.Since.Requests > 0);
                CheckNeeded(verdict);
                Interlocked.Increment(ref seen[(int)verdict.State]);

                // The number of calls asked for decides alone when none is lost.
                if (verdict.Since is { Lost: 0, Requests: > 0 } && successes > 0)
                {
                    RetestVerdict asked = RetestJudge.Judge(Input([], timed) with { Successes = successes });
                    Assert.Equal(timed.Sum(static one => one.Requests) >= successes ? RetestState.Fixed : RetestState.TooLittleData, asked.State);
                    Assert.Equal(Math.Max(0, successes - asked.Since.Requests), asked.CallsNeeded);
                }
            },
            iter: 2_000);
        Assert.All(seen, static count => Assert.InRange(count, 20, 2_000));
    }

    [Fact]
    public void Judge_AnotherRuleStopsIt_MovedToThatRule()
    {
        RetestVerdict verdict = RetestJudge.Judge(Input(Lost(5, s_old), Shift(Lost(3, s_new), 20)));
        Assert.Equal((RetestState.Moved, true), (verdict.State, verdict.IsDecided));
        Assert.Equal(s_new, verdict.StoppedSinceBy[0].Rule);
        Assert.Equal(s_old, verdict.StoppedBefore!.Value.Rule);
    }

    [Fact]
    public void Judge_OneCallLostToTheSameRule_IsStillStoppedButNotDecided()
    {
        RetestVerdict verdict = RetestJudge.Judge(Input(Lost(5, s_old), [.. Shift(Passed(3), 20), .. Shift(Lost(1, s_old), 30)]));
        Assert.Equal((RetestState.StillStopped, false), (verdict.State, verdict.IsDecided));
    }

    [Fact]
    public void Judge_AbuseOfItsNameIsStoppedAsBefore_IsNotHeldAgainstTheFix()
    {
        // Most of the caller-minutes are someone's who is rightly stopped, before as since.
        static RetestMinute Mixed(int i, bool isIncident) => new(
            s_from.AddMinutes(i), 20, isIncident ? 20 : 10, 4,
            isIncident ? [new RetestStop(s_old, "block", 10, 1), new RetestStop(s_attack, "block", 10, 3)] : [new RetestStop(s_attack, "block", 10, 3)]);
        RetestVerdict verdict = RetestJudge.Judge(Input(
            [.. Enumerable.Range(-20, 20).Select(i => Mixed(i, isIncident: i >= -10))], [.. Enumerable.Range(0, 10).Select(i => Mixed(i, isIncident: false))]));
        Assert.Equal((s_old, s_from.AddMinutes(-10)), (verdict.StoppedBefore!.Value.Rule, verdict.StoppedSince));
        Assert.Equal((RetestState.Fixed, 100L, 0L), (verdict.State, verdict.Since.Requests, verdict.Since.Lost));
        Assert.Equal(s_attack, Assert.Single(verdict.SetAside).Rule);
    }

    [Fact]
    public void Judge_LittleWasLostBefore_NeedsMoreCalls()
    {
        RetestMinute before = new(s_from.AddMinutes(-10), 1_000, 40, 100, [new RetestStop(s_old, "block", 40, 40)]);
        RetestVerdict verdict = RetestJudge.Judge(Input([before], Passed(40)));
        Assert.Equal((RetestState.TooLittleData, 0.02), (verdict.State, verdict.LossBoundWanted));
        Assert.InRange(verdict.CallsNeeded, 40, 70);
        Assert.Equal(RetestState.Fixed, RetestJudge.Judge(Input([before], Passed(40 + (int)verdict.CallsNeeded))).State);
    }

    [Fact]
    public void Judge_LossWithoutARule_IsNamedSo()
    {
        RetestVerdict verdict = RetestJudge.Judge(Input([], [new RetestMinute(s_from, 5, 5, 5, [])]));
        Assert.Equal((RetestState.StillStopped, ""), (verdict.State, verdict.StoppedSinceBy[0].Rule.Control));
    }

    [Theory]
    [InlineData(30, 300, true)]
    [InlineData(30, 5, false)]
    [InlineData(3, 300, false)]
    public void Judge_Silence_SaysHowUnusualItIs(int minutesBefore, int silent, bool isUnusual)
    {
        RetestMinute[] before = [.. Shift(Lost(minutesBefore, s_old), 0).Select((one, i) => one with { Window = s_from.AddMinutes((i - minutesBefore) * 10) })];
        RetestVerdict verdict = RetestJudge.Judge(Input(before, []) with { NewestMinute = s_from.AddMinutes(silent) });
        Assert.Equal((RetestState.Silent, true), (verdict.State, verdict.GaveUpStopped));
        Assert.Equal(isUnusual, verdict.SilenceProbability < 1e-4);
    }

    [Theory]
    [InlineData(40, 38, 40, 5, true)]
    [InlineData(40, 38, 40, 37, false)]
    [InlineData(0, 0, 40, 0, false)]
    [InlineData(40, 0, 40, 0, false)]
    public void PassesMore_Counts_SaysWhetherTheFilteringIsOff(int before, int lostBefore, int since, int lost, bool expected) =>
        Assert.Equal(expected, RetestJudge.PassesMore(new RetestCounts(before, lostBefore, before, lostBefore), new RetestCounts(since, lost, since, lost)));

    private static void CheckNeeded(RetestVerdict verdict)
    {
        if (verdict.CallsNeeded > 0)
        {
            Assert.True(LossBound.Of(verdict.Since.Lost, verdict.Since.Requests + verdict.CallsNeeded) <= verdict.LossBoundWanted);
            Assert.True(LossBound.Of(verdict.Since.Lost, verdict.Since.Requests + verdict.CallsNeeded - 1) > verdict.LossBoundWanted);
        }
    }

    private static RetestInput Input(RetestMinute[] before, RetestMinute[] after) => new()
    {
        From = s_from,
        NewestMinute = s_from.AddHours(1),
        Before = before,
        After = after,
    };

    private static RetestMinute[] Lost(int minutes, RuleKey rule) =>
        [.. Enumerable.Range(0, minutes).Select(i => new RetestMinute(s_from.AddMinutes(i - 60), 4, 4, 2, [new RetestStop(rule, "block", 4, 2)]))];

    private static RetestMinute[] Passed(int calls) =>
        [.. Enumerable.Range(0, 2).Select(i => new RetestMinute(s_from.AddMinutes(i), i == 0 ? calls - 1 : 1, 0, 1, []))];

    private static RetestMinute[] Shift(RetestMinute[] minutes, int by) => [.. minutes.Select(one => one with { Window = one.Window.AddMinutes(by + 60) })];
}
