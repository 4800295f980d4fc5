using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Controls;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Requests;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Server.Insight.Requests;

/// <summary>Makes the screens of a ray: one per request that is kept of it.</summary>
public sealed class RequestScreens
{
    private readonly RayLookup _lookup;
    private readonly CallerLookup _callers;
    private readonly ClientExplanation _clients;

    public RequestScreens(Queries queries, ClassificationTables tables)
    {
        _lookup = new RayLookup(queries);
        _callers = new CallerLookup(queries);
        _clients = new ClientExplanation(tables);
    }

    /// <summary>Returns a ray's requests, and the subrequests that named it as their parent, oldest first; none when nothing is kept.</summary>
    public async Task<IReadOnlyList<RequestScreen>> OfAsync(string ray, CancellationToken ct)
    {
        var screens = new List<RequestScreen>();
        foreach (RequestColumns columns in await _lookup.FindAsync(ray, ct).ConfigureAwait(false))
        {
            // The questions are independent, and at three in the morning nobody wants to wait for them one by one.
            Task<CallerPast?> host = _callers.OnHostAsync(columns, ct);
            Task<CallerPast?> endpoint = _callers.OnEndpointAsync(columns, ct);
            Task<IReadOnlyList<Neighbour>> neighbours = _callers.NeighboursAsync(columns, ct);
            Task<MinuteTraffic?> minute = _callers.MinuteAsync(columns, ct);
            await Task.WhenAll(host, endpoint, neighbours, minute).ConfigureAwait(false);
            CallerPast? onEndpoint = await endpoint.ConfigureAwait(false);
            screens.Add(Screen(columns) with
            {
                OnHost = await host.ConfigureAwait(false) is { } onHost ? WithNearer(onHost, onEndpoint) : null,
                OnEndpoint = onEndpoint,
                Neighbours = await neighbours.ConfigureAwait(false),
                Minute = await minute.ConfigureAwait(false),
            });
        }

        return screens;
    }

    /// <summary>Of an hour only the last good request is known; that of a kept one may be nearer.</summary>
    private static CallerPast WithNearer(CallerPast host, CallerPast? endpoint) => endpoint is null
        ? host
        : host with
        {
            LastGood = endpoint.LastGood is { } last && !(host.LastGood > last) ? last : host.LastGood,
            NextGood = endpoint.NextGood is { } next && !(host.NextGood < next) ? next : host.NextGood,
        };

    private RequestScreen Screen(RequestColumns columns)
    {
        string outcome = columns.Text("outcome");
        (IReadOnlyList<MatchedControl> matches, bool isLogged) = MatchOrder.Of(MatchesOf(columns), outcome);
        MatchedControl? ended = matches.FirstOrDefault(static match => match.EndedRequest);
        return new RequestScreen
        {
            Columns = columns,
            Ray = columns.Text("ray"),
            Time = columns.Time("time"),
            Answer = AnswerVerdict.Of(
                outcome,
                (int)columns.Number("edge_status"),
                columns.Flag("has_origin_status") ? (int)columns.Number("origin_status") : null,
                columns.Text("cache_status"),
                columns.Text("worker_script")),
            Outcome = outcome,
            Lost = columns.Flag("lost"),
            IsEarly = columns.Flag("early"),
            Sources = (columns.Flag("has_request"), columns.Flag("has_events")) switch
            {
                (true, true) => "http_requests and firewall_events",
                (true, false) => "http_requests only",
                _ => "firewall_events only",
            },
            Endpoint = new EndpointIdentity(
                columns.Text("zone"), columns.Text("host"), columns.Text("method"), columns.Text("template"), columns.Text("surface")),
            Client = new ClientIdentity(columns.Text("client_class"), columns.Text("client_name"), columns.Text("trust")),
            ClientReasons = _clients.Explain(Facets(columns)),
            Matches = matches,
            IsOrderLogged = isLogged,
            NotEvaluated = ended is null ? [] : ControlCatalog.ControlsAfter(ended.Control),
            Scores =
            [
                RequestScore.Bot((int)columns.Number("bot_score"), columns.Text("bot_score_source")),
                RequestScore.Attack("waf_score", (int)columns.Number("waf_score")),
                RequestScore.Attack("waf_sqli_score", (int)columns.Number("waf_sqli_score")),
                RequestScore.Attack("waf_xss_score", (int)columns.Number("waf_xss_score")),
                RequestScore.Attack("waf_rce_score", (int)columns.Number("waf_rce_score")),
            ],
            Neighbours = [],
        };
    }

    private static List<MatchedControl> MatchesOf(RequestColumns columns)
    {
        IReadOnlyList<string> controls = columns.Texts("match_control");
        IReadOnlyList<string> actions = columns.Texts("match_action");
        IReadOnlyList<string> rules = columns.Texts("match_rule_id");
        IReadOnlyList<string> references = columns.Texts("match_rule_ref");
        IReadOnlyList<string> descriptions = columns.Texts("match_description");
        IReadOnlyList<string> indexes = columns.Texts("match_index");
        IReadOnlyList<string> originators = columns.Texts("match_originator_ray");
        var matches = new List<MatchedControl>(controls.Count);
        for (int i = 0; i < controls.Count; i++)
        {
            int index = int.Parse(indexes[i], System.Globalization.CultureInfo.InvariantCulture);
            matches.Add(new MatchedControl(
                controls[i], actions[i], rules[i], references[i], descriptions[i], index, originators[i], EndedRequest: false));
        }

        return matches;
    }

    private static ClientFacets Facets(RequestColumns columns) => new()
    {
        Class = columns.Text("client_class"),
        Name = columns.Text("client_name"),
        Trust = columns.Text("trust"),
        UserAgent = columns.Text("user_agent"),
        Address = columns.Text("client_ip"),
        Asn = (uint)columns.Number("asn"),
        Method = columns.Text("method"),
        Referer = columns.Text("referer"),
        RequestedWith = columns.Text("x_requested_with"),
        VerifiedBotCategory = columns.Text("verified_bot_category"),
        BotScore = (int)columns.Number("bot_score"),
        BotScoreSource = columns.Text("bot_score_source"),
        JsDetection = columns.Text("js_detection"),
        MtlsStatus = columns.Text("mtls_status"),
        IpClass = columns.Text("client_ip_class"),
        DeviceType = columns.Text("client_device_type"),
        RequestSource = columns.Text("client_request_source"),
        Ja4 = columns.Text("ja4"),
    };
}
