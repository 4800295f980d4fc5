using System.IO.Compression;

namespace CfLogStream.EndToEnd.Tests.Oracle;

/// <summary>Counts from the raw uploads, by the written rules of correlation and with nothing of Core: what the tables must say.</summary>
/// <remarks>Reads whole files into memory, joins with dictionaries, counts with LINQ. Nothing is late for it: it sees the whole log at once.</remarks>
internal sealed class LogOracle
{
    private readonly Dictionary<string, OracleRecord> _records = [];

    /// <summary>Lines that repeat a record.</summary>
    public long Duplicates { get; private set; }

    public long HttpRequests { get; private set; }

    public long FirewallEvents { get; private set; }

    /// <summary>Reads every upload below a folder, but not the generator's ledger.</summary>
    public static LogOracle Read(string folder)
    {
        var oracle = new LogOracle();
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(file) == "ledger.ndjson")
            {
                continue;
            }

            using Stream stored = File.OpenRead(file);
            bool isGzip = stored.ReadByte() == 0x1F;
            stored.Position = 0;
            using Stream lines = isGzip ? new GZipStream(stored, CompressionMode.Decompress) : stored;
            using var reader = new StreamReader(lines);
            foreach (string line in reader.ReadToEnd().Split('\n'))
            {
                oracle.Add(line);
            }
        }

        return oracle;
    }

    /// <summary>Reads lines.</summary>
    public static LogOracle Of(IEnumerable<string> lines)
    {
        var oracle = new LogOracle();
        foreach (string line in lines)
        {
            oracle.Add(line);
        }

        return oracle;
    }

    /// <summary>Per minute, zone, host and method: what requests_1m must add up to.</summary>
    public Dictionary<OracleEndpoint, OracleRequests> Requests() =>
        Resolve()
            .GroupBy(request => new OracleEndpoint(request.Record.Minute, request.Record.Zone, request.Record.Host, request.Record.Method))
            .ToDictionary(
                group => group.Key,
                group => new OracleRequests(
                    group.LongCount(),
                    group.LongCount(request => request.EventOnly),
                    group.LongCount(request => request.Lost),
                    group.LongCount(request => request.Record.EdgeStatus >= 400 && request.Record.OriginStatus == 0),
                    group.LongCount(request => request.Record.EdgeStatus >= 400 && request.Record.OriginStatus != 0),
                    group.LongCount(request => request.Record.EdgeStatus / 100 == 2),
                    group.LongCount(request => request.Record.EdgeStatus / 100 == 4),
                    group.Sum(request => request.Record.RequestBytes),
                    group.Sum(request => request.Record.ResponseBytes),
                    string.Join(',', group.GroupBy(request => request.Outcome).OrderBy(outcome => outcome.Key, StringComparer.Ordinal)
                        .Select(outcome => $"{outcome.Key}={outcome.LongCount()}"))));

    /// <summary>Per minute, zone, host, method, control, rule and action: what mitigations_1m must add up to (matches, lost).</summary>
    public Dictionary<(OracleEndpoint Endpoint, string Control, string Rule, string Action), (long Count, long Lost)> Mitigations() =>
        Resolve()
            .SelectMany(request => request.Matches.Select((match, i) => (Request: request, Match: match, Ends: request.Lost && i == request.Terminating)))
            .GroupBy(match => (
                new OracleEndpoint(match.Request.Record.Minute, match.Request.Record.Zone, match.Request.Record.Host, match.Request.Record.Method),
                match.Match.Control, match.Match.Rule, match.Match.Action))
            .ToDictionary(group => group.Key, group => (group.LongCount(), group.LongCount(match => match.Ends)));

    private static bool IsTerminating(string action) =>
        action is "block" or "challenge" or "jschallenge" or "managedchallenge" or "drop" or "connectionclose" or "forceconnectionclose";

    private static string OutcomeOf(OracleMatch match) => match.Action switch
    {
        "block" when match.Control == "ratelimit" => "rate_limited",
        "block" => "blocked",
        "challenge" or "jschallenge" or "managedchallenge" => "challenged",
        "drop" or "connectionclose" or "forceconnectionclose" => "dropped",
        "skip" or "allow" or "bypass" => "exempted",
        "log" or "rewrite" => "logged",
        _ when match.Action.EndsWith("solved", StringComparison.Ordinal) || match.Action.EndsWith("bypassed", StringComparison.Ordinal) => "challenge_solved",
        _ => "logged",
    };

    private void Add(string line)
    {
        if (OracleRecord.Read(line) is not { } record)
        {
            return;
        }

        HttpRequests += record.IsEvent ? 0 : 1;
        FirewallEvents += record.IsEvent ? 1 : 0;
        Duplicates += _records.TryAdd(record.Identity, record) ? 0 : 1;
    }

    private List<OracleRequest> Resolve()
    {
        ILookup<string, OracleRecord> events = _records.Values.Where(record => record.IsEvent).ToLookup(record => record.Ray);
        HashSet<string> solved = [.. _records.Values
            .Where(record => record.IsEvent && record.Originator.Length > 0 && record.Matches![0].Action.EndsWith("solved", StringComparison.Ordinal))
            .Select(record => record.Originator)];
        var requests = new List<OracleRequest>();
        foreach (OracleRecord http in _records.Values.Where(record => !record.IsEvent && record.IsClient))
        {
            IReadOnlyList<OracleMatch> matches = http.Matches
                ?? [.. events[http.Ray].Select(e => e.Matches![0])];
            requests.Add(Judge(http, matches, solved, eventOnly: false));
        }

        HashSet<string> known = [.. _records.Values.Where(record => !record.IsEvent).Select(record => record.Ray)];
        foreach (IGrouping<string, OracleRecord> orphan in events.Where(ray => !known.Contains(ray.Key)))
        {
            OracleRecord[] ordered = [.. orphan
                .OrderByDescending(e => IsTerminating(e.Matches![0].Action))
                .ThenBy(e => e.Matches![0].Index)];
            requests.Add(Judge(ordered[0], [.. ordered.Select(e => e.Matches![0])], solved, eventOnly: true));
        }

        return requests;
    }

    private static OracleRequest Judge(OracleRecord record, IReadOnlyList<OracleMatch> matches, HashSet<string> solved, bool eventOnly)
    {
        int terminating = -1;
        for (int i = 0; i < matches.Count && terminating < 0; i++)
        {
            if (IsTerminating(matches[i].Action) && (record.TerminatingRule.Length == 0 || matches[i].Rule == record.TerminatingRule))
            {
                terminating = i;
            }
        }

        for (int i = 0; i < matches.Count && terminating < 0; i++)
        {
            terminating = IsTerminating(matches[i].Action) ? i : -1;
        }

        string[] outcomes = [.. matches.Select(OutcomeOf)];
        string outcome = terminating >= 0 ? outcomes[terminating]
            : outcomes.Contains("challenge_solved") ? "challenge_solved"
            : outcomes.Contains("exempted") ? "exempted"
            : outcomes.Contains("logged") ? "logged"
            : "passed";
        bool lost = outcome is "blocked" or "rate_limited" or "dropped" || (outcome == "challenged" && !solved.Contains(record.Ray));
        return new OracleRequest(record, matches, terminating, outcome, lost, eventOnly);
    }

    private sealed record OracleRequest(
        OracleRecord Record, IReadOnlyList<OracleMatch> Matches, int Terminating, string Outcome, bool Lost, bool EventOnly);
}

/// <summary>A minute of an endpoint without its template.</summary>
internal sealed record OracleEndpoint(DateTime Minute, string Zone, string Host, string Method);

/// <summary>What one minute of one endpoint must add up to.</summary>
internal sealed record OracleRequests(
    long Requests, long EventOnly, long Lost, long EdgeErrors, long OriginErrors, long Status2xx, long Status4xx,
    long RequestBytes, long ResponseBytes, string Outcomes);
