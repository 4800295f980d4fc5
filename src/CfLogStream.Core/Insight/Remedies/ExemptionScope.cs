using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Rules;

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>Which requests a remedy frees: endpoints, a property of the client, and until when.</summary>
internal sealed class ExemptionScope
{
    private const int MaxEndpoints = 10;
    private const int MaxTriedEndpoints = 25;
    private const int MaxEndpointLength = 1900;
    private const int MaxHost = 300;
    private const int MaxMethod = 64;

    private static readonly TimeSpan s_corroboratedLifetime = TimeSpan.FromDays(180);
    private static readonly TimeSpan s_uncorroboratedLifetime = TimeSpan.FromDays(30);

    private static readonly ClientBinding[] s_preflight =
    [
        new(
            "len(http.request.headers[\"access-control-request-method\"]) gt 0",
            true,
            ["Only CORS preflights pass: method OPTIONS with the header that makes it one. They carry no body and no credentials."],
            []),
    ];

    private readonly string _endpoints;
    private readonly string _expiry;

    private ExemptionScope(string endpoints, ClientBinding client, DateTime expires)
    {
        _endpoints = endpoints;
        Client = client;
        Expires = expires;
        long seconds = (long)(expires - DateTime.UnixEpoch).TotalSeconds;
        _expiry = $"http.request.timestamp.sec lt {RemedyText.Number(seconds)}";
    }

    public ClientBinding Client { get; }

    /// <summary>When it ends, UTC.</summary>
    public DateTime Expires { get; }

    /// <summary>Why it is safe: what it is bound to.</summary>
    public List<string> WhySafe { get; } = [];

    /// <summary>What is not covered, because it could not be bound.</summary>
    public List<string> NotCovered { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>What it did to a sample of what the rule stopped; null when it was not tried.</summary>
    public RemedyTrial? Trial { get; private set; }

    /// <summary>Whether no condition tells the client from those who are rightly stopped.</summary>
    public bool IsWithheld { get; private set; }

    /// <summary>The endpoints that are covered.</summary>
    public IReadOnlyList<EndpointIdentity> Endpoints { get; private set; } = [];

    /// <summary>The condition without an end, for a rule's own expression.</summary>
    public string Lasting => Join(_endpoints, Client.Condition);

    /// <summary>The condition with its end, for an exemption.</summary>
    public string Expiring => Join(_endpoints, Client.Condition, _expiry);

    /// <summary>The endpoints alone.</summary>
    public string EndpointsOnly => _endpoints;

    /// <summary>The condition with only the fields that HTTP DDoS overrides may use.</summary>
    public string ForDdosOverride => Join(
        _endpoints, Client.Condition.Replace(" and not cf.tls_client_auth.cert_revoked", "", StringComparison.Ordinal));

    /// <summary>Builds the scope of a request. The result fits into an expression of Cloudflare, however long its parts are.</summary>
    public static ExemptionScope Of(RemedyRequest request)
    {
        bool preflight = request.Pattern == MisjudgementPattern.PreflightBlocked;
        bool tried = request.Tried.Count > 0 && request.Tried.Any(static one => one.Attack < 1);
        IReadOnlyList<ClientBinding> bindings = preflight ? s_preflight : ClientBinding.Options(request.Evidence, tried);
        var bound = new List<EndpointIdentity>();
        int unbindable = 0;
        foreach (EndpointIdentity endpoint in request.Endpoints)
        {
            if (!IsBindable(endpoint))
            {
                unbindable++;
            }
            else if (!bound.Contains(endpoint))
            {
                bound.Add(preflight ? endpoint with { Method = "OPTIONS" } : endpoint);
            }
        }

        int all = bound.Count;
        ClientBinding client = bindings[0];
        RemedyTrial? trial = null;
        bool withheld = false;
        if (tried && all > 0)
        {
            (ClientBinding Client, IReadOnlyList<EndpointIdentity> Endpoints, RemedyTrial Trial)? choice =
                ScopeTrial.Choose(bindings, bound, static endpoint => Listed([endpoint]), MaxTriedEndpoints, request.Tried);
            withheld = choice is null;
            if (choice is { } chosen)
            {
                client = chosen.Client;
                bound = [.. chosen.Endpoints];
                trial = chosen.Trial;
            }
        }

        DateTime expires = request.Expires
            ?? request.Now.Date + (client.Corroborated ? s_corroboratedLifetime : s_uncorroboratedLifetime);
        var notes = new List<string>();
        (string endpoints, int covered) = Endpoint(bound, request.Endpoints, preflight, trial is not null, notes);
        var scope = new ExemptionScope(endpoints, client, expires) { Endpoints = [.. bound.Take(covered)], Trial = trial, IsWithheld = withheld };
        scope.WhySafe.Add(bound.Count == 0
            ? "It is bound to the host and the method."
            : $"It is bound to host, method and path of {covered} endpoint{(covered == 1 ? "" : "s")}.");
        scope.WhySafe.AddRange(client.WhySafe);
        scope.WhySafe.Add($"It ends by itself on {RemedyText.Day(expires)}.");
        scope.Warnings.AddRange(notes);
        scope.Warnings.AddRange(client.Warnings);
        if (trial is not null)
        {
            scope.WhySafe.Add(RemedyText.Trial(trial));
        }

        if (all > covered)
        {
            scope.NotCovered.Add(trial is null
                ? $"{all - covered} more endpoints of this finding: make a second exemption for them."
                : $"{all - covered} more endpoints of this finding, where it would free next to nobody, or others too.");
        }

        if (unbindable > 0)
        {
            scope.NotCovered.Add($"{unbindable} endpoints whose paths are folded, too long or not logged; look at single requests to name them.");
        }

        return scope;
    }

    /// <summary>Joins conditions by <c>and</c>; empty ones fall out.</summary>
    public static string Join(params ReadOnlySpan<string> conditions)
    {
        var parts = new List<string>();
        foreach (string condition in conditions)
        {
            if (condition.Length > 0)
            {
                parts.Add(condition);
            }
        }

        return string.Join(" and ", parts);
    }

    private static bool IsBindable(EndpointIdentity endpoint) =>
        RuleText.Quote(endpoint.Host).Length <= MaxHost && RuleText.Quote(endpoint.Method).Length <= MaxMethod
        && PathBinding.Of(endpoint.Path) is not null;

    private static (string Condition, int Covered) Endpoint(
        List<EndpointIdentity> bound, IReadOnlyList<EndpointIdentity> all, bool preflight, bool tried, List<string> notes)
    {
        if (bound.Count == 0)
        {
            EndpointIdentity first = all[0];
            notes.Add("No path can be bound: everything on the host with this method is exempted. Narrow it by hand before using it.");
            string host = RuleText.Quote(first.Host).Length <= MaxHost ? first.Host : "";
            string method = preflight ? "OPTIONS" : RuleText.Quote(first.Method).Length <= MaxMethod ? first.Method : "";
            string condition = Join(Equal("http.host", host), Equal("http.request.method", method));
            return (condition.Length > 0 ? condition : "http.host eq \"HOST_OF_THE_ENDPOINT\"", 0);
        }

        if (bound.Any(static endpoint => endpoint.Host.Length == 0))
        {
            notes.Add("The host of some requests was not logged: add http.host by hand.");
        }

        if (!tried && bound.Count > MaxEndpoints && bound.All(endpoint => endpoint.Host == bound[0].Host)
            && PathBinding.CommonPrefix(bound.Select(static endpoint => endpoint.Path)) is { Length: > 0 and <= 512 } prefix)
        {
            notes.Add($"{bound.Count} endpoints are covered by their common beginning, which covers every other path below it too.");
            string methods = In("http.request.method", bound.Select(static endpoint => endpoint.Method).Distinct(StringComparer.Ordinal));
            return (Join(Equal("http.host", bound[0].Host), methods, $"starts_with(http.request.uri.path, {RuleText.Quote(prefix)})"), bound.Count);
        }

        // The rest of the length is left to the client's addresses.
        for (int count = Math.Min(bound.Count, tried ? MaxTriedEndpoints : MaxEndpoints); ; count--)
        {
            string condition = Listed(bound.Take(count));
            if (condition.Length <= MaxEndpointLength || count == 1)
            {
                return (condition, count);
            }
        }
    }

    private static string Listed(IEnumerable<EndpointIdentity> endpoints)
    {
        var alternatives = new List<string>();
        foreach (IGrouping<(string Host, string Method), EndpointIdentity> group in endpoints.GroupBy(
            static endpoint => (endpoint.Host, endpoint.Method)))
        {
            PathBinding[] paths = [.. group.Select(static endpoint => PathBinding.Of(endpoint.Path)!)];
            string[] literals = [.. paths.Where(static path => path.Literal.Length > 0).Select(static path => path.Literal)];
            List<string> conditions = [.. paths.Where(static path => path.Literal.Length == 0).Select(static path => path.Condition)];
            if (literals.Length > 0)
            {
                conditions.Insert(0, In("http.request.uri.path", literals));
            }

            string path = conditions.Count == 1 ? conditions[0] : $"({string.Join(" or ", conditions)})";
            alternatives.Add(Join(Equal("http.host", group.Key.Host), Equal("http.request.method", group.Key.Method), path));
        }

        return alternatives.Count == 1 ? alternatives[0] : $"(({string.Join(") or (", alternatives)}))";
    }

    private static string Equal(string field, string value) => value.Length == 0 ? "" : $"{field} eq {RuleText.Quote(value)}";

    private static string In(string field, IEnumerable<string> values)
    {
        string[] known = [.. values.Where(static value => value.Length > 0)];
        return known.Length switch
        {
            0 => "",
            1 => Equal(field, known[0]),
            _ => $"{field} in {{{string.Join(' ', known.Select(RuleText.Quote))}}}",
        };
    }
}
