using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Statistics;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>What one rule stopped of one client (class and name) on one host: the unit that is judged legitimate or not.</summary>
public sealed class StoppedGroup
{
    internal StoppedGroup(RuleKey rule, string host, string clientClass, string clientName)
    {
        Rule = rule;
        Host = host;
        Class = clientClass;
        Name = clientName;
    }

    public RuleKey Rule { get; }

    public string Host { get; }

    public string Class { get; }

    public string Name { get; }

    /// <summary>The stopping matches, the most lost first.</summary>
    public List<StopCell> Stops { get; } = [];

    /// <summary>The requests of the same client on the endpoints of <see cref="Stops"/>.</summary>
    public List<RequestCell> Cells { get; } = [];

    /// <summary>All of the client's requests on the host; null when they were not read.</summary>
    public ClientLoad? Client { get; internal set; }

    public CallerHistory? History { get; internal set; }

    /// <summary>Challenges of this rule that these clients solved.</summary>
    public long Solved { get; internal set; }

    /// <summary>The same client on one endpoint alone, judged as it is on the host; itself when nothing was counted there.</summary>
    internal StoppedGroup On(string method, string path)
    {
        StopCell[] stops = [.. Stops.Where(stop => stop.Endpoint.Method == method && stop.Endpoint.Path == path)];
        if (stops.Length == 0)
        {
            return this;
        }

        var narrow = new StoppedGroup(Rule, Host, Class, Name)
        {
            Client = Client,
            History = History,
            Solved = Math.Min(Solved, stops.Sum(static stop => stop.Count)),
            Step = Step,
            Onset = Onset,
            Legitimacy = Legitimacy,
            Evidence = Evidence,
        };
        narrow.Stops.AddRange(stops);
        narrow.Cells.AddRange(Cells.Where(cell => cell.Endpoint.Method == method && cell.Endpoint.Path == path));
        return narrow;
    }

    /// <summary>Requests that the rule stopped: for a script in a browser, challenges that were not solved count.</summary>
    public long Lost => Class == "browser_xhr" ? Math.Max(0, Stops.Sum(stop => stop.Count) - Solved) : Stops.Sum(stop => stop.Lost);

    /// <summary>Matches, whatever became of them.</summary>
    public long Matches => Stops.Sum(stop => stop.Count);

    public long MatchMinutes => Stops.Sum(stop => stop.CallerMinutes.Sum());

    public long CallerMinutesLost => Lost == 0 ? 0 : Stops.Sum(stop => stop.CallerMinutes.Sum());

    /// <summary>Of <see cref="CallerMinutesLost"/>, those that are calls of an API, or may be; less by the share of matches that cost nothing.</summary>
    /// <remarks>People solve most of what a rule asks of them: those minutes are no loss.</remarks>
    public double MinutesLostOnApis => Stops.Where(IsApiCall).Sum(stop => stop.CallerMinutes.Sum() * LostShareOf(stop));

    public long CallerMinutes => Math.Max(CallerMinutesLost, Cells.Sum(cell => cell.Load.CallerMinutes.Sum()));

    /// <summary>Whether matches may be calls of an API: by the endpoint's surface, and where that is not known by who calls.</summary>
    private bool IsApiCall(StopCell stop) => stop.Endpoint.Surface is "api" or "mixed"
        || (stop.Endpoint.Surface == "unknown" && Class is not ("browser_nav" or "browser_claimed" or "crawler" or "preview"));

    private double LostShareOf(StopCell stop) =>
        Class == "browser_xhr" ? Lost / (double)Math.Max(1, Matches) : Math.Min(1, stop.Lost / (double)Math.Max(1, stop.Count));

    public DateTime FirstSeen => Stops.Min(stop => stop.FirstSeen);

    public DateTime LastSeen => Stops.Max(stop => stop.LastSeen);

    /// <summary>When the share of stopped caller-minutes changed, as a bin; 0 when it did not.</summary>
    public ChangePoint Step { get; internal set; }

    /// <summary>When it began; null when it was there before the data begins.</summary>
    public DateTime? Onset { get; internal set; }

    /// <summary>How probably it is legitimate.</summary>
    public LegitimacyEstimate Legitimacy { get; internal set; } = new(0.5, []);

    public LegitimacyEvidence Evidence { get; internal set; } = new();
}
