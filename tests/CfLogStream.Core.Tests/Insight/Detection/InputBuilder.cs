using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Tests.Insight.Detection;

/// <summary>Makes the input of a diagnosis by hand: clients that call steadily, and rules that stop them from some bin on.</summary>
internal sealed class InputBuilder(int bins = 60)
{
    public static readonly DateTime Start = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly List<RequestCell> _cells = [];
    private readonly List<ClientLoad> _clients = [];
    private readonly List<StopCell> _stops = [];
    private readonly List<EndpointTotals> _endpoints = [];
    private readonly List<CallerHistory> _callers = [];
    private readonly Dictionary<RuleKey, RuleText> _rules = [];

    /// <summary>Adds a client that makes some requests in every bin, of which a rule stops a share from a bin on.</summary>
    public InputBuilder Client(
        string clientClass, string name, int perBin, string control = "firewallcustom", string ruleId = "rule-1", string action = "block", int from = 30,
        double share = 1, string surface = "api", string path = "/v1/orders", string method = "POST", int good = 1, int waf = 4, string zone = "shop.example",
        int firstBin = 0)
    {
        string host = "api." + zone;
        var endpoint = new EndpointIdentity(zone, host, method, path, surface);
        var client = new ClientIdentity(clientClass, name, "claimed");
        long[] requests = Bins(i => i >= firstBin ? perBin : 0);
        long[] lost = Bins(i => i >= from && i >= firstBin ? (long)Math.Round(perBin * share) : 0);
        long[] answered = Bins(i => (requests[i] - lost[i]) * good);
        long lostAll = lost.Sum();
        var load = new LoadSeries(requests, answered, requests);
        _cells.Add(new RequestCell { Endpoint = endpoint, Client = client, Load = load, Lost = lostAll });
        _clients.Add(new ClientLoad(zone, host, clientClass, name, "claimed", load, lostAll, (requests.Sum() - lostAll) * (1 - good), 1));
        _endpoints.Add(new EndpointTotals(endpoint, requests.Sum(), answered.Sum(), lostAll, lostAll, 0, 0, requests.Sum()));
        if (lostAll > 0)
        {
            var rule = new RuleKey(zone, control, ruleId);
            long[] scores = new long[5];
            scores[waf] = lostAll;
            _stops.Add(new StopCell
            {
                Endpoint = endpoint,
                Client = client,
                Rule = rule,
                Action = action,
                Count = lostAll,
                Lost = lostAll,
                Matches = lost,
                CallerMinutes = lost,
                Callers = 3,
                FirstSeen = Start.AddMinutes(Math.Max(from, firstBin)).AddSeconds(7),
                LastSeen = Start.AddMinutes(bins - 1),
                WafScores = scores,
                BotScores = [lostAll, 0, 0, 0, 0],
                ExampleRays = ["8a1b2c3d4e5f6071"],
            });
            _rules[rule] = new RuleText("", "a rule", Start.AddMinutes(from));
            long before = answered.Take(from).Sum();
            _callers.Add(new CallerHistory(rule, host, clientClass, name, 3, before >= 60 ? 3 : 0, answered.Sum(), before, requests.Sum(), 0, 0));
        }

        return this;
    }

    public DiagnosisInput Build() => new()
    {
        From = Start,
        To = Start.AddMinutes(bins),
        Bin = TimeSpan.FromMinutes(1),
        Bins = bins,
        Cells = _cells,
        Clients = _clients,
        Stops = _stops,
        Endpoints = [.. _endpoints.GroupBy(totals => totals.Endpoint).Select(group => group.Aggregate((left, right) => left with
        {
            Requests = left.Requests + right.Requests,
            Good = left.Good + right.Good,
            Lost = left.Lost + right.Lost,
        }))],
        Callers = _callers,
        Rules = _rules,
    };

    private long[] Bins(Func<int, long> value) => [.. Enumerable.Range(0, bins).Select(value)];
}
