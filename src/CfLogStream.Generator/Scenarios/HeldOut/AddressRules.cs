using System.Text;
using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Scenarios.HeldOut;

/// <summary>Rules on networks, addresses and user agents that were meant for attackers and hit a partner as well.</summary>
internal sealed class AddressRules(Stage stage)
{
    private static readonly (string Actor, uint Asn)[] s_tenants =
    [
        ("parcelio", 24940), ("sol-marketplace", 27715), ("kiwi-logistics", 8075), ("orbit-crm", 396982), ("tallybooks", 14618),
        ("bank-importer", 24940), ("acme-books-agent", 8075), ("northwind-erp", 16509),
    ];

    // Who uses a version that attackers use too, OkHttp in a device behind a consumers' network, where it is an app's: name, client, user agent, endpoints, network; the name of a known actor or a new one.
    private static readonly (string Actor, string Client, string UserAgent, string Endpoints, uint Asn)[] s_versions =
    [
        ("warehouse-reports", "python_requests", "python-requests/2.28.1", "shop-api-read", 14618),
        ("old-desktop-client", "java", "Java/1.8.0_372", "ledger-sync", 2856),
        ("ledger-dashboards", "axios", "axios/0.21.1", "ledger-sync", 16509),
        ("trailer-trackers", "okhttp", "okhttp/3.12.1", "fleet-devices", 3209),
        ("price-feed", "go_http_client", "Go-http-client/1.1", "shop-api-read", 8075),
        ("parcelio", "guzzle", "GuzzleHttp/7", "shop-api-read", 24940),
    ];

    private WorldModel World => stage.World;

    /// <summary>An IP Access rule or a custom rule on an autonomous system in which a partner lives next to scanners.</summary>
    public Incident NetworkRule()
    {
        (string name, uint asn) = stage.Rng.Pick(s_tenants);
        Actor culprit = World.Actor(name);
        culprit.Share *= 2;
        Endpoint endpoint = Stage.EndpointsOf(culprit).Endpoints[0];
        Host host = endpoint.Host;
        Guests.Scanner(World, "scanners next door", "scanner", "nuclei",
            "Nuclei - Open-source project (github.com/projectdiscovery/nuclei)", [host], [asn], 10, 0.012);
        bool access = stage.Rng.Chance(0.5);
        ControlAction action = access ? stage.Variety.Action(ControlAction.Block, ControlAction.ManagedChallenge)
            : stage.Variety.Action(ControlAction.Block, ControlAction.ManagedChallenge, ControlAction.JsChallenge);
        Rule rule = access ? Rule.Create(Control.AsnAccess, action, stage.NewId(), "")
            : Rule.Create(Control.Custom, action, stage.NewId(), stage.Variety.Describe($"Block AS{asn}: scanners (SEC-590)"));
        string expression = access ? $"asn AS{asn}" : $"(http.host eq \"{host.Name}\" and ip.geoip.asnum in {{{asn} 200019 51167}})";
        return new Incident
        {
            Pattern = "network_rule",
            Phase = access ? ControlPhase.Address : ControlPhase.Custom,
            Rule = rule,
            Matches = access
                ? request => request.Endpoint.Host.ZoneName == host.ZoneName && request.Network.Asn == asn
                : request => request.Endpoint.Host == host && (request.Network.Asn == asn || request.Network.Asn is 200019 or 51167),
            SparesVerifiedBots = !access,
            OnsetMs = stage.Onset,
            Scope = access ? "zone" : "host",
            Culprit = culprit,
            Endpoint = endpoint,
            Parameters = new Dictionary<string, string> { ["expression"] = expression, ["asn"] = Stage.Text((int)asn) },
            Changes = [access ? Audit.AccessRule(rule, host.ZoneName, "asn", $"AS{asn}", stage.Before(), "cause")
                : Audit.RuleCreated(rule, host.ZoneName, expression, stage.Before(), "cause")],
        };
    }

    /// <summary>An IP Access rule on an address or range that attackers and a partner share.</summary>
    public Incident AddressRule()
    {
        Actor culprit = World.Actor(stage.Rng.Pick(s_tenants).Actor);
        culprit.Share *= 2;
        culprit.Callers = stage.Rng.Range(1, 2);
        Endpoint endpoint = Stage.EndpointsOf(culprit).Endpoints[0];
        Host host = endpoint.Host;
        Guests.Scanner(World, "scanner behind the same gateway", "browser_claimed", "chrome",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
            [host], [culprit.Networks[0].Asn], 1, 0.012, culprit);
        byte[] address = stage.AddressOf(culprit, 0);
        string text = Encoding.ASCII.GetString(address);
        bool range = stage.Rng.Chance(0.5);
        byte[] prefix = range ? address[..(address.AsSpan().LastIndexOf((byte)'.') + 1)] : address;
        string value = range ? Encoding.ASCII.GetString(prefix) + "0/24" : text;
        ControlAction action = stage.Variety.Action(ControlAction.Block, ControlAction.ManagedChallenge);
        Rule rule = Rule.Create(range ? Control.IpRangeAccess : Control.IpAccess, action, stage.NewId(), "");
        return new Incident
        {
            Pattern = "address_rule",
            Phase = ControlPhase.Address,
            Rule = rule,
            Matches = request => request.Endpoint.Host.ZoneName == host.ZoneName
                && (range ? request.Ip.Span.StartsWith(prefix) : request.Ip.Span.SequenceEqual(prefix)),
            SparesVerifiedBots = false,
            OnsetMs = stage.Onset,
            Scope = "zone",
            Culprit = culprit,
            Endpoint = endpoint,
            ExpectedLostShare = 1.0 / culprit.Callers,
            Parameters = new Dictionary<string, string> { ["address"] = value, ["shared_with"] = "scanner behind the same gateway" },
            Changes = [Audit.AccessRule(rule, host.ZoneName, range ? "ip_range" : "ip", value, stage.Before(), "cause")],
        };
    }

    /// <summary>User Agent Blocking of one version of a library.</summary>
    public Incident UserAgentRule()
    {
        (string name, string client, string userAgent, string endpoints, uint asn) = stage.Rng.Pick(s_versions);
        Actor culprit = World.Actors.FirstOrDefault(actor => actor.Name == name)
            ?? Guests.Service(World, name, client, userAgent, endpoints, asn, stage.Rng.Range(2, 5), 0.01,
                client == "okhttp" ? "mobile_app" : "sdk");
        culprit.Share *= 2;
        Endpoint endpoint = Stage.EndpointsOf(culprit).Endpoints[0];
        string zone = endpoint.Host.ZoneName;
        Guests.Harvester(World, "harvesters with an old library", client, userAgent, endpoints, [200019, 20473], 0.012);
        byte[] blocked = Encoding.UTF8.GetBytes(userAgent);
        ControlAction action = stage.Variety.Action(ControlAction.Block, ControlAction.ManagedChallenge, ControlAction.JsChallenge);
        Rule rule = Rule.Create(Control.UserAgentBlock, action, stage.NewId(), stage.Variety.Describe("Old library used by harvesters"));
        return new Incident
        {
            Pattern = "user_agent_rule",
            Phase = ControlPhase.Address,
            Rule = rule,
            Matches = request => request.Endpoint.Host.ZoneName == zone && request.UserAgent.Span.SequenceEqual(blocked),
            SparesVerifiedBots = false,
            OnsetMs = stage.Onset,
            Scope = "zone",
            Culprit = culprit,
            Endpoint = endpoint,
            Parameters = new Dictionary<string, string> { ["user_agent"] = userAgent },
            Changes = [Audit.AccessRule(rule, zone, "ua", userAgent, stage.Before(), "cause")],
        };
    }
}
