using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Statistics;

namespace CfLogStream.Core.Insight.Retesting;

/// <summary>Says from a client's minutes before and after a change whether it is fixed.</summary>
/// <remarks>
/// Blocked callers retry, which inflates counts of losses. So that it errs on the safe side, "fixed" rests on requests, where retries
/// delay it, and "still stopped" on caller-minutes, where each caller's retries count once. A verdict is a
/// function of all minutes so far: minutes
/// that are still open may be counted again when they have grown.
/// </remarks>
public static class RetestJudge
{
    /// <summary>In so many minutes at least the client must have called before it counts as fixed, unless a
    /// number of calls was asked for: one burst may
    /// have been lucky.</summary>
    public const int FewestMinutes = 2;

    /// <summary>Odds from which on a process is believed.</summary>
    private const double Odds = 20;

    private const int FewestForSilence = 20;

    /// <summary>Judges; the same input gives the same verdict.</summary>
    public static RetestVerdict Judge(RetestInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        IReadOnlyList<RetestMinute> before = LastEra(input.Before);
        RetestCounts was = Sum(before, static _ => true);
        RetestStop? culprit = Risen(before, was, [.. input.Before.Take(input.Before.Count - before.Count)]);
        HashSet<RuleKey> aside = culprit is { } main ? AsBefore(before, was, input.After, main.Rule) : [];
        IReadOnlyList<RetestStop> sinceBy = Rank(input.After);
        RetestCounts now = Sum(input.After, stop => !aside.Contains(stop.Rule));
        double wanted = Wanted(input.Successes, was);
        double bound = LossBound.Of(now.Lost, now.Requests);
        long passedMinutes = input.After.Count(static minute => minute.Passed > 0);
        (double? silence, TimeSpan? every) = SilenceOf(input);
        var verdict = new RetestVerdict
        {
            State = RetestState.TooLittleData,
            IsDecided = false,
            From = input.From,
            Since = now,
            Before = was,
            StoppedSince = before.Count > 0 ? before[0].Window : null,
            StoppedBefore = culprit,
            StoppedSinceBy = [.. sinceBy.Where(stop => !aside.Contains(stop.Rule))],
            SetAside = [.. sinceBy.Where(stop => aside.Contains(stop.Rule))],
            LossBoundNow = bound,
            LossBoundWanted = wanted,
            CallsNeeded = LossBound.CallsTo(wanted, now.Lost, now.Requests),
            MinutesNeeded = input.Successes is null ? Math.Max(0, FewestMinutes - passedMinutes) : 0,
            LastSeenBefore = input.Before.Count > 0 ? input.Before[^1].Window : null,
            LastPassedBefore = input.Before.LastOrDefault(static minute => minute.Passed > 0)?.Window,
            LastSeen = input.After.Count > 0 ? input.After[^1].Window : input.Before.Count > 0 ? input.Before[^1].Window : null,
            GaveUpStopped = input.Before.Count > 0 && input.Before[^1].Lost > 0 && input.Before[^1].Passed == 0,
            SilenceProbability = silence,
            UsuallyEvery = every,
        };
        (RetestState state, bool isDecided) = StateOf(input, verdict, culprit?.Rule);
        return verdict with { State = state, IsDecided = isDecided };
    }

    /// <summary>Whether a greater share gets through than before, with a chance of 1 in 20 at most to err; in
    /// caller-minutes.</summary>
    public static bool PassesMore(RetestCounts before, RetestCounts since)
    {
        if (before.CallerMinutes == 0 || since.CallerMinutes == 0)
        {
            return false;
        }

        double ceiling = ShareProcess.CeilingOf(before.CallerMinutes - before.CallerMinutesLost, before.CallerMinutes);
        if (ceiling >= 0.9)
        {
            return false;
        }

        var process = new ShareProcess(ceiling);
        process.Add(since.CallerMinutes - since.CallerMinutesLost, since.CallerMinutes);
        return process.LogValue >= Math.Log(Odds);
    }

    private static (RetestState State, bool IsDecided) StateOf(RetestInput input, RetestVerdict verdict, RuleKey? culprit)
    {
        if (verdict.Since.Requests == 0)
        {
            return (input.NewestMinute >= input.From || input.After.Count > 0 ? RetestState.Silent : RetestState.NoData, false);
        }

        if (verdict is { CallsNeeded: 0, MinutesNeeded: 0 })
        {
            return (RetestState.Fixed, true);
        }

        if (verdict.StoppedSinceBy.Count == 0)
        {
            return (RetestState.TooLittleData, false);
        }

        bool IsBeyond(Func<RuleKey, bool> isCounted) =>
            IsRaised(input.After, verdict.LossBoundWanted, stop => isCounted(stop.Rule)) && verdict.LossBoundNow > verdict.LossBoundWanted;
        if (culprit is not { } rule)
        {
            HashSet<RuleKey> any = [.. verdict.StoppedSinceBy.Select(static stop => stop.Rule)];
            return IsBeyond(any.Contains) ? (RetestState.StillStopped, true) : (RetestState.TooLittleData, false);
        }

        bool isStopping = verdict.StoppedSinceBy.Any(stop => stop.Rule == rule);
        if (isStopping && IsBeyond(key => key == rule))
        {
            return (RetestState.StillStopped, true);
        }

        HashSet<RuleKey> others = [.. verdict.StoppedSinceBy.Select(static stop => stop.Rule).Where(key => key != rule)];
        return others.Count > 0 && IsBeyond(others.Contains) ? (RetestState.Moved, true)
            : isStopping ? (RetestState.StillStopped, false)
            : (RetestState.TooLittleData, false);
    }

    /// <summary>Unless so many successes were asked for: the usual bound, but at most half of what was lost
    /// before, or nothing would be shown.</summary>
    private static double Wanted(int? successes, RetestCounts was) => successes is { } count
        ? LossBound.Of(0, count)
        : was.Lost == 0 ? LossBound.Usual : Math.Min(LossBound.Usual, was.LostShare / 2);

    /// <summary>The minutes before from the most likely rise of the lost share on; all when it did not rise.</summary>
    private static IReadOnlyList<RetestMinute> LastEra(IReadOnlyList<RetestMinute> before)
    {
        ChangePoint change = ChangePoint.Find(
            [.. before.Select(static minute => Math.Min(minute.Lost, minute.Requests))], [.. before.Select(static minute => minute.Requests)]);
        return change.After > change.Before ? [.. before.Skip(change.Index)] : before;
    }

    /// <summary>The rule whose share of the client's caller-minutes rose most when it was last stopped; null
    /// when nothing stopped it.</summary>
    private static RetestStop? Risen(IReadOnlyList<RetestMinute> era, RetestCounts was, IReadOnlyList<RetestMinute> earlier)
    {
        RetestCounts usual = Sum(earlier, static _ => true);
        var usualBy = Rank(earlier).ToDictionary(static stop => stop.Rule, stop => (double)stop.Callers / usual.CallerMinutes);
        IReadOnlyList<RetestStop> all = Rank(era);
        return all.Count == 0 ? null
            : all.MaxBy(stop => ((double)stop.Callers / was.CallerMinutes) - usualBy.GetValueOrDefault(stop.Rule));
    }

    /// <summary>Rules beside the culprit that stopped some of the client before, and no greater a share
    /// since: for instance of those who abuse its name.</summary>
    private static HashSet<RuleKey> AsBefore(IReadOnlyList<RetestMinute> before, RetestCounts was, IReadOnlyList<RetestMinute> after, RuleKey culprit)
    {
        var usual = new HashSet<RuleKey>();
        foreach (RetestStop stop in Rank(before).Where(stop => stop.Rule != culprit))
        {
            double ceiling = ShareProcess.CeilingOf(Math.Min(stop.Callers, was.CallerMinutes), was.CallerMinutes);
            if (!IsRaised(after, ceiling, other => other.Rule == stop.Rule))
            {
                usual.Add(stop.Rule);
            }
        }

        return usual;
    }

    /// <summary>Whether the share of caller-minutes with a counted loss is above a ceiling, with a chance of
    /// 1 in 20 at most to err, however often asked.</summary>
    private static bool IsRaised(IReadOnlyList<RetestMinute> minutes, double ceiling, Func<RetestStop, bool> isCounted)
    {
        if (ceiling >= 1)
        {
            return false;
        }

        var process = new ShareProcess(ceiling);
        foreach (RetestMinute minute in minutes)
        {
            long callers = Math.Max(minute.Callers, 1);
            process.Add(Math.Min(callers, minute.Causes.Where(isCounted).Sum(static stop => Math.Max(stop.Callers, 1))), callers);
        }

        return process.MaxLogValue >= Math.Log(Odds);
    }

    private static RetestCounts Sum(IReadOnlyList<RetestMinute> minutes, Func<RetestStop, bool> isCounted)
    {
        var sum = default(RetestCounts);
        foreach (RetestMinute minute in minutes)
        {
            RetestStop[] causes = [.. minute.Causes];
            long notCounted = Math.Min(minute.Lost, causes.Where(stop => !isCounted(stop)).Sum(static stop => stop.Lost));
            long lost = Math.Min(minute.Lost, minute.Requests) - notCounted;
            long callers = Math.Max(minute.Callers, minute.Requests > 0 ? 1 : 0);
            long callersLost = Math.Min(callers, causes.Where(isCounted).Sum(static stop => Math.Max(stop.Callers, 1)));
            sum = new RetestCounts(
                sum.Requests + minute.Requests - notCounted,
                sum.Lost + lost,
                sum.CallerMinutes + callers,
                sum.CallerMinutesLost + (lost > 0 ? callersLost : 0));
        }

        return sum;
    }

    /// <summary>The rules that stopped the client, the most callers first.</summary>
    private static IReadOnlyList<RetestStop> Rank(IReadOnlyList<RetestMinute> minutes) =>
    [
        .. minutes.SelectMany(static minute => minute.Causes)
            .GroupBy(static stop => stop.Rule)
            .Select(static stops => new RetestStop(
                stops.Key,
                stops.GroupBy(static stop => stop.Action).OrderByDescending(static one => one.Sum(static stop => stop.Lost))
                    .ThenBy(static one => one.Key, StringComparer.Ordinal).First().Key,
                stops.Sum(static stop => stop.Lost),
                stops.Sum(static stop => Math.Max(stop.Callers, 1))))
            .OrderByDescending(static stop => stop.Callers).ThenByDescending(static stop => stop.Lost)
            .ThenBy(static stop => stop.Rule.Control, StringComparer.Ordinal).ThenBy(static stop => stop.Rule.Id, StringComparer.Ordinal)
            .ThenBy(static stop => stop.Rule.Zone, StringComparer.Ordinal),
    ];

    private static (double? Probability, TimeSpan? Every) SilenceOf(RetestInput input)
    {
        if (input.Before.Count < FewestForSilence)
        {
            return (null, null);
        }

        double span = Math.Max((input.From - input.Before[0].Window).TotalMinutes, input.Before.Count);
        double share = Math.Min(input.Before.Count / span, 0.999);
        double silent = input.After.Count > 0 || input.NewestMinute is not { } newest ? 0 : Math.Max(0, (newest - input.From).TotalMinutes);
        return (Math.Pow(1 - share, silent), TimeSpan.FromMinutes(Math.Round(1 / share, 1)));
    }
}
