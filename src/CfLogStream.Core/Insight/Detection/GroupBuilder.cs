using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Statistics;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>Puts together what each rule stopped of each client on each host, with the evidence about it.</summary>
internal sealed class GroupBuilder
{
    private readonly DiagnosisInput _input;
    private readonly Dictionary<(RuleKey, string, string, string), StoppedGroup> _groups = [];
    private readonly Dictionary<(string, string, string, string), EndpointTotals> _endpoints;
    private readonly Dictionary<(string, string, string, string), ClientLoad> _clients;

    public GroupBuilder(DiagnosisInput input)
    {
        _input = input;
        _endpoints = input.Endpoints.ToDictionary(EndpointKey, totals => totals);
        _clients = input.Clients.ToDictionary(client => (client.Zone, client.Host, client.Class, client.Name));
    }

    /// <summary>The groups in the order of their rules' keys.</summary>
    public IReadOnlyList<StoppedGroup> Build()
    {
        foreach (StopCell stop in _input.Stops)
        {
            if (Actions.IsStopping(stop.Action))
            {
                GroupOf(stop).Stops.Add(stop);
            }
        }

        foreach (StopCell solved in _input.Stops.Where(stop => Actions.IsSolved(stop.Action)))
        {
            if (_groups.TryGetValue(KeyOf(solved), out StoppedGroup? group))
            {
                group.Solved += solved.Count;
            }
        }

        var cells = _input.Cells.ToLookup(cell => (cell.Endpoint.Zone, cell.Endpoint.Host, cell.Client.Class, cell.Client.Name));
        var histories = _input.Callers.ToLookup(history => (history.Rule, history.Host, history.Class, history.Name));
        StoppedGroup[] groups = [.. _groups.OrderBy(pair => pair.Key.ToString(), StringComparer.Ordinal).Select(pair => pair.Value)];
        foreach (StoppedGroup group in groups)
        {
            var touched = group.Stops.Select(stop => (stop.Endpoint.Method, stop.Endpoint.Path)).ToHashSet();
            group.Cells.AddRange(cells[(group.Rule.Zone, group.Host, group.Class, group.Name)]
                .Where(cell => touched.Contains((cell.Endpoint.Method, cell.Endpoint.Path))));
            group.Client = _clients.GetValueOrDefault((group.Rule.Zone, group.Host, group.Class, group.Name));
            group.History = histories[(group.Rule, group.Host, group.Class, group.Name)].FirstOrDefault();
            SetOnset(group);
            group.Evidence = EvidenceOf(group);
        }

        return groups;
    }

    private static (string, string, string, string) EndpointKey(EndpointTotals totals) =>
        (totals.Endpoint.Zone, totals.Endpoint.Host, totals.Endpoint.Method, totals.Endpoint.Path);

    private static (RuleKey, string, string, string) KeyOf(StopCell stop) =>
        (stop.Rule, stop.Endpoint.Host, stop.Client.Class, stop.Client.Name);

    private StoppedGroup GroupOf(StopCell stop)
    {
        if (!_groups.TryGetValue(KeyOf(stop), out StoppedGroup? group))
        {
            group = new StoppedGroup(stop.Rule, stop.Endpoint.Host, stop.Client.Class, stop.Client.Name);
            _groups.Add(KeyOf(stop), group);
        }

        return group;
    }

    private void SetOnset(StoppedGroup group)
    {
        long[] hits = new long[_input.Bins];
        long[] trials = new long[_input.Bins];
        foreach (StopCell stop in group.Stops)
        {
            AddTo(hits, stop.CallerMinutes);
        }

        foreach (RequestCell cell in group.Cells)
        {
            AddTo(trials, cell.Load.CallerMinutes);
        }

        for (int i = 0; i < hits.Length; i++)
        {
            trials[i] = Math.Max(trials[i], hits[i]);
        }

        ChangePoint step = ChangePoint.Find(hits, trials);
        int first = _input.BinOf(group.FirstSeen);
        group.Step = step;
        if (step.Index > 0 && step.After > 2 * step.Before && step.LogRatio > 3)
        {
            // Where nothing was stopped before, the first match says it to the nanosecond.
            bool clean = first >= step.Index - 1;
            group.Onset = clean ? group.FirstSeen : _input.From + (step.Index * _input.Bin);
        }
        else if (group.FirstSeen - _input.From > _input.Bin && trials.Take(first).Sum() > 0)
        {
            group.Onset = group.FirstSeen;
        }
    }

    private LegitimacyEvidence EvidenceOf(StoppedGroup group)
    {
        int onset = group.Onset is { } time ? _input.BinOf(time) : 0;
        LoadSeries load = group.Client?.Load ?? LoadSeries.Empty(_input.Bins);
        long before = load.Requests.Take(onset).Sum();
        long after = load.Requests.Skip(onset).Sum();
        long matches = group.Stops.Sum(stop => stop.Count);
        long[] waf = Sum(group.Stops.Select(stop => stop.WafScores));
        long[] bots = Sum(group.Stops.Select(stop => stop.BotScores));
        long minutesAfter = group.Cells.Sum(cell => cell.Load.CallerMinutes.Skip(onset).Sum());
        long requests = load.Requests.Sum();
        bool browser = group.Class is "browser_xhr" or "browser_nav" or "browser_claimed";
        return new LegitimacyEvidence
        {
            Class = group.Class,
            Trust = group.Client?.Trust ?? group.Stops[0].Client.Trust,
            RequestsBefore = before,
            GoodBefore = load.Good.Take(onset).Sum(),
            Good = load.Good.Sum(),
            NotLost = Math.Max(0, requests - (group.Client?.Lost ?? 0)),
            ClientErrors = group.Client?.ClientErrors ?? 0,
            Callers = group.History?.Callers ?? 0,
            Established = group.History?.Established ?? 0,
            CallerGoodBefore = group.History?.GoodBefore ?? 0,
            Presence = onset == 0 ? 0 : load.Requests.Take(onset).Count(count => count > 0) / (double)onset,
            BinsBefore = onset,
            WafScored = waf.Skip(1).Sum(),
            WafAttack = waf[1],
            WafClean = waf[4],
            BotScored = bots.Skip(1).Sum(),
            BotCertain = bots[1],
            Endpoints = group.Stops.Select(stop => (stop.Endpoint.Method, stop.Endpoint.Path)).Distinct().Count(),
            OnLiveEndpoints = matches == 0 ? 0 : group.Stops.Where(IsLive).Sum(stop => stop.Count) / (double)matches,
            Surge = onset == 0 || before == 0 ? 1 : after / (double)(_input.Bins - onset) / (before / (double)onset),
            Step = group.Onset is not null && group.Step.LogRatio > 3,
            LostShare = minutesAfter == 0 ? 1 : Math.Min(1, group.CallerMinutesLost / (double)minutesAfter),
            Issued = browser ? group.Stops.Where(stop => Actions.IsChallenge(stop.Action)).Sum(stop => stop.Count) : 0,
            Solved = browser ? group.Solved : 0,
        };
    }

    private bool IsLive(StopCell stop) =>
        stop.Endpoint.Path != "{other}"
        && _endpoints.TryGetValue((stop.Endpoint.Zone, stop.Endpoint.Host, stop.Endpoint.Method, stop.Endpoint.Path), out EndpointTotals? totals)
        && totals.Good > 0;

    private static long[] Sum(IEnumerable<long[]> series)
    {
        long[] sum = new long[5];
        foreach (long[] one in series)
        {
            AddTo(sum, one);
        }

        return sum;
    }

    private static void AddTo(long[] sum, long[] series)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += series[i];
        }
    }
}
