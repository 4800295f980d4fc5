using System.CommandLine;
using CfLogStream.Server.Insight.Requests;
using CfLogStream.Server.Insight.Retesting;

namespace CfLogStream.Cli.Verbs;

/// <summary>The options of <c>retest</c>.</summary>
internal sealed class RetestArguments
{
    private readonly Option<string?> _client = Text("--client", "CLIENT", "A client class or name, or CLASS/NAME, or CLASS/NAME/TRUST: 'webhook/stripe'.");
    private readonly Option<string?> _endpoint = Text("--endpoint", "[METHOD ]HOST/PATH", "The endpoint, by its path template: 'POST api.shop.example/v1/users/{id}'.");
    private readonly Option<string?> _ray = Text("--ray", "RAYID", "A request of the client: it says client, endpoint and what the copy is made of.");
    private readonly Option<string?> _since = Text("--since", "TIME", "When the change was made, or so long ago: '15m' (with --wait: now).");
    private readonly Option<string?> _change = Text("--change", "ID", "A change by its id, instead of --since; its first two minutes do not count.");
    private readonly Option<string?> _wait = Text("--wait", "10m", "Follow the client so long, until it is decided.");
    private readonly Option<int?> _successes = new("--successes")
    {
        Description = "So many calls without a loss are enough (by default as many as bound the loss to 10 %, and to half of what it was).",
        HelpName = "N",
    };

    private readonly Option<string?> _zone = Text("--tz", "ZONE", "The time zone of times that name none.");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _client, _endpoint, _ray, _since, _change, _wait, _successes, _zone })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads what was given; what is wrong with it is said before the store is opened.</summary>
    public RetestRequest Read(ParseResult parse, DateTime now)
    {
        string ray = parse.GetValue(_ray) ?? "";
        string client = parse.GetValue(_client)?.Trim() ?? "";
        string endpoint = parse.GetValue(_endpoint)?.Trim() ?? "";
        if (ray.Length == 0 && (client.Length == 0 || endpoint.Length == 0))
        {
            throw CommandException.Usage("Give '--client' and '--endpoint', or '--ray' with a request of the client.");
        }

        string since = parse.GetValue(_since) ?? "";
        string change = parse.GetValue(_change) ?? "";
        TimeSpan? wait = parse.GetValue(_wait) is { } length ? MomentReader.ReadDuration("--wait", length) : null;
        if (since.Length > 0 == change.Length > 0 && (since.Length > 0 || wait is null))
        {
            throw CommandException.Usage(since.Length > 0
                ? "Give either '--since' or '--change', not both: calls count from one time on."
                : "Say from when on calls count: '--since' with the time of your change or '--change' with its id; or '--wait' to count from now on.");
        }

        int? successes = parse.GetValue(_successes);
        if (successes is < 1 or > 100_000)
        {
            throw CommandException.Usage($"The value of '--successes' is '{successes}'; expected a number from 1 to 100000.");
        }

        TimeZoneInfo zone = parse.GetValue(_zone) is { } name ? MomentReader.Zone("--tz", name) : TimeZoneInfo.Utc;
        DateTime? from = since.Length > 0 ? new MomentReader(zone, now).Read("--since", since) : change.Length > 0 ? null : now;
        if (from > now)
        {
            throw CommandException.Usage($"The value of '--since' is '{since}', which is still to come; expected a time that has been.");
        }

        RetestSubject? subject = client.Length == 0 && endpoint.Length == 0 ? null : SubjectOf(client, endpoint);
        return new RetestRequest(ray.Length > 0 ? RayVerb.Normalize(ray) : "", subject, from, change, wait, successes);
    }

    /// <summary>Takes what was not given from a request.</summary>
    public static RetestSubject With(RetestSubject? given, RequestColumns request)
    {
        bool isClient = given is { Client.Length: > 0 };
        bool isEndpoint = given is { Host.Length: > 0 };
        return new RetestSubject
        {
            Client = isClient ? given!.Client : request.Text("client_class"),
            ClientName = isClient ? given!.ClientName : request.Text("client_name"),
            Trust = isClient ? given!.Trust : request.Text("trust"),
            Zone = isEndpoint ? "" : request.Text("zone"),
            Host = isEndpoint ? given!.Host : request.Text("host"),
            Method = isEndpoint ? given!.Method : request.Text("method"),
            Path = isEndpoint ? given!.Path : request.Text("template"),
        };
    }

    private static RetestSubject SubjectOf(string client, string endpoint)
    {
        string[] parts = client.ToLowerInvariant().Split('/');
        if (parts.Length > 3 || (client.Length > 0 && parts.Any(static part => part.Length == 0)))
        {
            throw CommandException.Usage($"The value of '--client' is '{client}'; expected a class or name, or CLASS/NAME, for instance 'webhook/stripe'.");
        }

        (string method, string host, string path) = EndpointOf(endpoint);
        return new RetestSubject
        {
            Client = parts[0],
            ClientName = parts.Length > 1 ? parts[1] : "",
            Trust = parts.Length > 2 ? parts[2] : "",
            Method = method,
            Host = host,
            Path = path,
        };
    }

    private static (string Method, string Host, string Path) EndpointOf(string endpoint)
    {
        if (endpoint.Length == 0)
        {
            return ("", "", "");
        }

        int blank = endpoint.IndexOf(' ', StringComparison.Ordinal);
        string method = blank > 0 ? endpoint[..blank].ToUpperInvariant() : "";
        string rest = endpoint[(blank + 1)..].TrimStart();
        int scheme = rest.IndexOf("://", StringComparison.Ordinal);
        rest = scheme is > 0 and < 6 ? rest[(scheme + 3)..] : rest;
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            ? (method, rest[..slash].ToLowerInvariant(), rest[slash..])
            : throw CommandException.Usage(
                $"The value of '--endpoint' is '{endpoint}'; expected a host and a path template, for instance 'POST api.shop.example/v1/users/{{id}}'.");
    }

    private static Option<string?> Text(string name, string help, string description) => new(name) { Description = description, HelpName = help };
}

/// <summary>What is to be retested.</summary>
/// <param name="Ray">A request of the client; empty when none was given.</param>
/// <param name="Subject">Client and endpoint as far as given; null when neither was.</param>
/// <param name="Since">From when on, UTC; null when <paramref name="Change"/> says it.</param>
/// <param name="Change">A change's id; empty when none was given.</param>
/// <param name="Wait">How long the client is followed; null to answer at once.</param>
internal sealed record RetestRequest(string Ray, RetestSubject? Subject, DateTime? Since, string Change, TimeSpan? Wait, int? Successes);
