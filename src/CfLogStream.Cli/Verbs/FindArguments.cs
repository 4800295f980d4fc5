using System.CommandLine;
using CfLogStream.Core.Insight.Controls;
using CfLogStream.Server.Insight.Requests;

namespace CfLogStream.Cli.Verbs;

/// <summary>The options of <c>find</c>.</summary>
internal sealed class FindArguments
{
    /// <summary>How far back is looked when no time is given.</summary>
    public static readonly TimeSpan DefaultSpan = TimeSpan.FromHours(24);

    private const int DefaultLimit = 50;
    private const int MaxLimit = 10_000;

    private static readonly string[] s_outcomes =
        ["lost", "passed", "exempted", "logged", "challenged", "challenge_solved", "rate_limited", "blocked", "dropped"];

    private readonly Option<string?> _at = Text("--at", "TIME", "About this time, for instance '2026-11-29 14:03 Europe/Berlin'.");
    private readonly Option<string?> _within = Text("--within", "5m", "How far before and after --at (5m).");
    private readonly Option<string?> _since = Text("--since", "TIME", "Not before this time, or so long ago: '2h' (24h before the newest request).");
    private readonly Option<string?> _until = Text("--until", "TIME", "Not after this time, or so long ago (the newest request).");
    private readonly Option<string?> _zone = Text("--tz", "ZONE", "The time zone of times that name none, and of the result (that of --at, else UTC).");
    private readonly Option<string?> _path = Text("--path", "PART", "A part of the path; with '*' for any characters the whole path.");
    private readonly Option<bool> _case = new("--case") { Description = "Upper and lower case of --path are different." };
    private readonly Option<string?> _host = Text("--host", "HOST", "This host; '*' stands for any characters.");
    private readonly Option<string?> _method = Text("--method", "METHOD", "This method.");
    private readonly Option<string?> _ip = Text("--ip", "ADDRESS", "This address, or a prefix such as '203.0.113.0/24'.");
    private readonly Option<string?> _status = Text("--status", "STATUS", "What the client got: '403', '4xx' or '403,429'.");
    private readonly Option<string?> _agent = Text("--ua", "PART", "A part of the user agent.");
    private readonly Option<string?> _client = Text("--client", "CLASS", "This client class, or class and name: 'webhook/stripe'.");
    private readonly Option<string?> _control = Text("--control", "CONTROL", "A control that matched, for instance 'firewallcustom'.");
    private readonly Option<string?> _rule = Text("--rule", "ID", "The id or reference of a rule that matched.");
    private readonly Option<string?> _outcome = Text("--outcome", "OUTCOME", $"One of {string.Join(", ", s_outcomes)}.");
    private readonly Option<int> _limit = new("--limit")
    {
        Description = $"The most requests to show ({DefaultLimit}).",
        HelpName = "N",
        DefaultValueFactory = static _ => DefaultLimit,
    };

    public void AddTo(Command command)
    {
        Option[] all =
        [
            _at, _within, _since, _until, _zone, _path, _case, _host, _method, _ip, _status, _agent, _client, _control, _rule, _outcome, _limit,
        ];
        foreach (Option option in all)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads what was given; times that were not are filled in by <paramref name="newest"/>, which is asked only then.</summary>
    /// <returns>The filter, and the zone in which times are shown.</returns>
    public async Task<(FindFilter Filter, TimeZoneInfo Zone)> ReadAsync(ParseResult parse, DateTime now, Func<Task<DateTime?>> newest)
    {
        string Given(Option<string?> option) => parse.GetValue(option) ?? "";
        TimeZoneInfo zone = Given(_zone) is { Length: > 0 } name ? MomentReader.Zone("--tz", name) : TimeZoneInfo.Utc;
        var reader = new MomentReader(zone, now);
        int limit = parse.GetValue(_limit);
        if (limit is < 1 or > MaxLimit)
        {
            throw CommandException.Usage($"The value of '--limit' is '{limit}'; expected a number from 1 to {MaxLimit}.");
        }

        string outcome = Given(_outcome).ToLowerInvariant().Replace('-', '_');
        if (outcome.Length > 0 && !s_outcomes.Contains(outcome))
        {
            throw CommandException.Usage($"The value of '--outcome' is '{outcome}'; expected one of {string.Join(", ", s_outcomes)}.");
        }

        string[] client = Given(_client).Split('/', 2);
        var filter = new FindFilter
        {
            From = default,
            Until = default,
            Path = Given(_path),
            IsPathCase = parse.GetValue(_case),
            Host = Given(_host).ToLowerInvariant(),
            Method = Given(_method).ToUpperInvariant(),
            Addresses = Given(_ip) is { Length: > 0 } address ? AddressRange.Read("--ip", address) : null,
            Statuses = Given(_status) is { Length: > 0 } status ? StatusRange.Read("--status", status) : [],
            UserAgent = Given(_agent),
            ClientClass = client[0].ToLowerInvariant(),
            ClientName = client.Length > 1 ? client[1].ToLowerInvariant() : "",
            Control = Given(_control) is { Length: > 0 } control ? ControlCatalog.Fold(control) : "",
            Rule = Given(_rule),
            Outcome = outcome,
            Limit = limit,
        };
        (DateTime from, DateTime until) = await SpanAsync(reader, Given(_at), Given(_within), Given(_since), Given(_until), newest).ConfigureAwait(false);
        return (filter with { From = from, Until = until }, Given(_zone).Length == 0 && reader.NamedZone is { } named ? named : zone);
    }

    private static async Task<(DateTime From, DateTime Until)> SpanAsync(
        MomentReader reader, string at, string within, string since, string until, Func<Task<DateTime?>> newest)
    {
        if (at.Length > 0)
        {
            if (since.Length + until.Length > 0)
            {
                throw CommandException.Usage("Give either '--at' with '--within', or '--since' and '--until', not both.");
            }

            DateTime middle = reader.Read("--at", at);
            TimeSpan around = within.Length > 0 ? MomentReader.ReadDuration("--within", within) : TimeSpan.FromMinutes(5);
            return (middle - around, middle + around);
        }

        if (within.Length > 0)
        {
            throw CommandException.Usage("'--within' says how far before and after '--at'; give '--at' too, or '--since' instead.");
        }

        DateTime? from = since.Length > 0 ? reader.Read("--since", since) : null;
        DateTime? to = until.Length > 0 ? reader.Read("--until", until) : null;
        to ??= await newest().ConfigureAwait(false) ?? DateTime.UnixEpoch.AddDays(1);
        from ??= to - DefaultSpan;
        return from <= to || until.Length == 0
            ? (from.Value, to.Value)
            : throw CommandException.Usage($"'--since' ({from:yyyy-MM-dd HH:mm:ss} UTC) is after '--until' ({to:yyyy-MM-dd HH:mm:ss} UTC).");
    }

    private static Option<string?> Text(string name, string help, string description) => new(name) { Description = description, HelpName = help };
}
