using System.Globalization;
using System.Text;
using CfLogStream.Generator.Randomness;

namespace CfLogStream.Generator.World;

/// <summary>The hosts and endpoints of the generated world, as a table.</summary>
internal sealed class EndpointCatalog
{
    // @zone host worker, then: group weight method kind path content bytes ms ids, then cached, nf=share, q=query.
    private const string Table = """
        @shop.example www.shop.example -
        shop-pages 30 GET page / html 61000 90 1 cached
        shop-pages 6 GET page /c/chairs html 74000 140 1
        shop-pages 6 GET page /c/desks html 74000 140 1
        shop-pages 5 GET page /c/lighting html 74000 140 1
        shop-pages 5 GET page /c/rugs html 74000 140 1
        shop-pages 4 GET page /c/kitchen html 74000 140 1
        shop-pages 4 GET page /c/sale html 98000 170 1 cached
        shop-pages 34 GET page /p/{int} html 88000 130 6000 nf=0.02
        shop-pages 9 GET page /search html 52000 240 1 q=?q={word}&page={small}
        shop-pages 6 GET page /cart html 31000 80 1
        shop-pages 3 GET page /checkout html 38000 120 1
        shop-pages 3 GET page /account/orders html 33000 110 1
        shop-pages 2 GET page /account/orders/{int} html 27000 100 40000
        shop-pages 2 GET page /help/returns html 22000 40 1 cached
        shop-pages 2 GET page /help/delivery html 22000 40 1 cached
        shop-pages 3 GET page /login html 14000 40 1
        shop-login 1 POST page /login html 900 180 1
        shop-assets 20 GET asset /assets/app.{hex8}.js js 214000 20 3 cached
        shop-assets 14 GET asset /assets/vendor.{hex8}.js js 388000 20 2 cached
        shop-assets 14 GET asset /assets/main.{hex8}.css css 61000 20 3 cached
        shop-assets 46 GET asset /img/p/{int}.webp webp 46000 30 6000 cached nf=0.004
        shop-assets 6 GET asset /fonts/inter-var.woff2 woff2 48000 20 1 cached
        shop-assets 4 GET asset /favicon.ico ico 4200 10 1 cached
        shop-xhr 22 GET api /api/cart json 900 45 1
        shop-xhr 6 POST api /api/cart/items json 640 70 1
        shop-xhr 14 GET api /api/recommendations json 5200 120 1 q=?product={int}&n=8
        shop-xhr 16 GET api /api/stock/{int} json 240 30 6000
        shop-xhr 9 GET api /api/session json 410 25 1
        shop-xhr 5 POST api /api/search json 7400 160 1
        shop-xhr 3 GET api /api/v2/reviews/{int} json 9100 90 6000 nf=0.01
        @shop.example api.shop.example -
        shop-api-read 20 GET api /v1/products/{int} json 2600 40 6000 nf=0.01
        shop-api-read 12 GET api /v1/products json 28000 130 1 q=?page={small}&limit=50
        shop-api-read 18 GET api /v1/orders/{uuid} json 3900 70 30000 nf=0.01
        shop-api-read 10 GET api /v1/customers/cus_{b62} json 1400 50 20000
        shop-api-read 9 GET api /v1/events json 12000 110 1 q=?after={cursor}
        shop-api-read 8 GET api /v2/shipments/{ulid} json 1900 60 20000
        shop-api-write 18 POST api /v1/orders json 1800 190 1
        shop-api-write 10 PATCH api /v1/orders/{uuid} json 1500 150 30000
        shop-api-write 12 PUT api /v1/inventory/{int} json 320 90 6000
        shop-api-write 8 POST api /v1/payments/pi_{b62}/confirm json 1100 380 30000
        shop-api-write 8 POST api /v2/shipments json 900 160 1
        shop-api-write 4 DELETE api /v1/carts/{uuid} none 0 60 20000
        shop-api-token 1 POST api /oauth2/token json 1300 120 1
        shop-api-graphql 1 POST api /graphql json 6400 140 1
        shop-api-mobile 20 GET api /m/v3/home json 22000 120 1
        shop-api-mobile 26 GET api /m/v3/products/{int} json 5200 60 6000
        shop-api-mobile 10 GET api /m/v3/search json 14000 150 1 q=?q={word}
        shop-api-mobile 8 POST api /m/v3/cart json 900 90 1
        shop-api-mobile 6 GET api /m/v3/me json 700 50 1
        shop-api-mobile 5 POST api /m/v3/events none 0 30 1
        shop-health 1 GET api /health json 60 8 1
        @shop.example hooks.shop.example -
        hooks-stripe 1 POST api /webhooks/stripe json 30 70 1
        hooks-shopify 3 POST api /webhooks/shopify/orders/create json 20 60 1
        hooks-shopify 2 POST api /webhooks/shopify/products/update json 20 60 1
        hooks-paypal 1 POST api /webhooks/paypal json 20 90 1
        hooks-twilio 1 POST api /webhooks/twilio/status xml 80 40 1
        hooks-sendgrid 1 POST api /webhooks/sendgrid/events none 0 80 1
        @shop.example status.shop.example -
        status-pages 1 GET page / html 18000 30 1 cached
        status-api 1 GET api /api/v2/status.json json 480 20 1 cached
        @ledgerly.example app.ledgerly.example edge-session
        app-pages 10 GET page / html 9200 20 1 cached
        app-pages 16 GET page /dashboards/{uuid} html 9200 20 900 cached
        app-pages 6 GET page /invoices html 9200 20 1 cached
        app-pages 2 GET page /settings/team html 9200 20 1 cached
        app-assets 10 GET asset /static/app.{hex8}.js js 512000 20 3 cached
        app-assets 6 GET asset /static/chunk.{hex8}.js js 84000 20 40 cached
        app-assets 4 GET asset /static/app.{hex8}.css css 72000 20 3 cached
        app-xhr 5 GET api /api/session json 640 30 1
        app-xhr 3 POST api /api/telemetry none 0 20 1
        @ledgerly.example api.ledgerly.example -
        ledger-xhr 16 GET api /v1/accounts/{hex24} json 1500 50 900
        ledger-xhr 20 GET api /v1/accounts/{hex24}/entries json 18000 120 900 q=?cursor={cursor}&limit=100
        ledger-xhr 9 GET api /v1/dashboards/{uuid}/widgets json 11000 180 900
        ledger-xhr 6 POST api /v1/invoices json 1200 170 1
        ledger-xhr 4 PUT api /v1/invoices/{uuid} json 1200 150 20000
        ledger-xhr 1 DELETE api /v1/invoices/{uuid} none 0 90 20000
        ledger-sync 16 GET api /v1/accounts/{hex24}/entries json 18000 120 900 q=?cursor={cursor}&limit=500
        ledger-sync 6 GET api /v1/reports/{date} json 41000 420 1 nf=0.02
        ledger-sync 6 GET api /v1/invoices json 26000 200 1 q=?page={small}
        ledger-import 10 POST api /v1/entries/import json 480 310 1
        ledger-import 4 POST api /v1/notes json 300 80 1
        ledger-import 3 POST api /com.ledgerly.v1.SyncService/Push json 200 60 1
        ledger-hooks 2 POST api /hooks/github json 20 40 1
        ledger-hooks 1 POST api /hooks/circleci json 20 40 1
        ledger-health 1 GET api /healthz json 20 5 1
        @ledgerly.example www.ledgerly.example -
        www-pages 10 GET page / html 54000 60 1 cached
        www-pages 4 GET page /pricing html 38000 50 1 cached
        www-pages 3 GET page /docs/api/authentication html 29000 50 1 cached
        www-pages 3 GET page /docs/api/webhooks html 31000 50 1 cached
        www-pages 2 GET page /blog/how-to-close-the-books-in-a-day html 33000 60 1 cached
        www-pages 2 GET page /blog/what-changed-in-the-entries-api html 33000 60 1 cached
        www-pages 1 GET page /blog/reconciling-card-payments html 33000 60 1 cached
        www-pages 1 GET page /careers html 21000 40 1 cached
        www-feed 1 GET page /blog/feed.xml xml 44000 40 1 cached
        www-assets 6 GET asset /_next/static/{hex8}/main.js js 180000 20 4 cached
        www-assets 5 GET asset /images/{hex8}.png png 240000 20 12 cached
        www-assets 2 GET asset /robots.txt text 180 10 1 cached
        @fleet.example telemetry.fleet.example -
        fleet-devices 30 POST api /v1/devices/{hex12}/readings none 0 25 4000
        fleet-devices 6 GET api /v1/devices/{hex12}/config json 1100 30 4000
        fleet-devices 4 POST api /v1/batch json 90 60 1
        fleet-app 12 GET api /m/v1/trips/{uuid} json 4800 80 9000
        fleet-app 8 GET api /m/v1/vehicles json 7600 90 1
        fleet-app 6 POST api /m/v1/positions none 0 30 1
        fleet-partner 6 GET api /v2/vehicles/{hex12}/positions json 8800 100 4000 q=?since={cursor}
        fleet-partner 3 PUT api /v2/vehicles/{hex12}/driver json 260 90 4000
        @fleet.example www.fleet.example -
        fleet-pages 8 GET page / html 47000 70 1 cached
        fleet-pages 2 GET page /contact html 21000 50 1 cached
        fleet-assets 4 GET asset /wp-content/themes/fleet/style.css css 38000 20 1 cached
        fleet-assets 3 GET asset /wp-content/uploads/van.jpg jpeg 190000 20 1 cached
        fleet-wp 1 GET api /wp-json/wp/v2/posts/{small} json 5200 90 1
        """;

    private readonly Dictionary<string, List<(Endpoint Endpoint, int Weight)>> _groups = [];
    private readonly List<Endpoint> _endpoints = [];
    private readonly List<Host> _hosts = [];

    public EndpointCatalog(ulong seed)
    {
        foreach (string line in Table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = line.Split(' ');
            if (parts[0][0] == '@')
            {
                AddHost(parts, seed);
                continue;
            }

            if (!_groups.TryGetValue(parts[0], out List<(Endpoint, int)>? group))
            {
                _groups.Add(parts[0], group = []);
            }

            group.Add((FindOrAdd(parts), int.Parse(parts[1], CultureInfo.InvariantCulture)));
        }
    }

    public IReadOnlyList<Endpoint> Endpoints => _endpoints;

    public IReadOnlyList<Host> Hosts => _hosts;

    public EndpointGroup Group(string name) => Join(name);

    public Host Host(string name) => _hosts.First(host => host.Name == name);

    /// <summary>Joins groups; each keeps its weights.</summary>
    public EndpointGroup Join(params string[] names) => new([.. names.SelectMany(name => _groups[name])]);

    private static string MediaType(string word) => word switch
    {
        "html" => "text/html; charset=utf-8",
        "json" => "application/json",
        "js" => "application/javascript",
        "css" => "text/css",
        "webp" or "png" or "jpeg" => "image/" + word,
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "xml" => "application/xml",
        "text" => "text/plain",
        "none" => "",
        _ => throw new ArgumentException($"Unknown content word '{word}' in the endpoint table.", nameof(word)),
    };

    private void AddHost(string[] parts, ulong seed)
    {
        ulong hash = Mix.Of(seed, parts[1]);
        var host = new Host
        {
            Index = _hosts.Count,
            Name = parts[1],
            ZoneName = parts[0][1..],
            NameUtf8 = Encoding.ASCII.GetBytes(parts[1]),
            ZoneUtf8 = Encoding.ASCII.GetBytes(parts[0][1..]),
            Worker = parts[2] == "-" ? [] : Encoding.ASCII.GetBytes(parts[2]),
            Origins = [.. Enumerable.Range(0, 4).Select(i => Encoding.ASCII.GetBytes($"198.51.100.{(hash + ((ulong)i * 37)) % 250 + 2}"))],
        };
        _hosts.Add(host);
        host.ProbeGet = Probe(host, "GET");
        host.ProbePost = Probe(host, "POST");
    }

    private Endpoint Probe(Host host, string method)
    {
        var endpoint = new Endpoint
        {
            Index = _endpoints.Count,
            Host = host,
            Method = method,
            MethodUtf8 = Encoding.ASCII.GetBytes(method),
            Path = new PathPattern("/"),
            Template = "(probe)",
            Kind = EndpointKind.Page,
            ContentType = Encoding.ASCII.GetBytes("text/html; charset=utf-8"),
            BodyBytes = 1800,
            OriginMs = 25,
            NotFound = 0.93,
        };
        _endpoints.Add(endpoint);
        return endpoint;
    }

    // Two groups may share an endpoint: the truth counts host, method and template once.
    private Endpoint FindOrAdd(string[] parts)
    {
        Endpoint endpoint = Parse(parts);
        Endpoint? known = _endpoints.Find(other =>
            other.Host == endpoint.Host && other.Method == endpoint.Method && other.Template == endpoint.Template);
        if (known is null)
        {
            _endpoints.Add(endpoint);
        }

        return known ?? endpoint;
    }

    private Endpoint Parse(string[] parts)
    {
        var path = new PathPattern(parts[4]);
        string? query = parts.FirstOrDefault(part => part.StartsWith("q=", StringComparison.Ordinal));
        string? notFound = parts.FirstOrDefault(part => part.StartsWith("nf=", StringComparison.Ordinal));
        return new Endpoint
        {
            Index = _endpoints.Count,
            Host = _hosts[^1],
            Method = parts[2],
            MethodUtf8 = Encoding.ASCII.GetBytes(parts[2]),
            Path = path,
            Template = path.Template,
            Query = query is null ? null : new PathPattern(query[2..]),
            Kind = Enum.Parse<EndpointKind>(parts[3], ignoreCase: true),
            ContentType = Encoding.ASCII.GetBytes(MediaType(parts[5])),
            BodyBytes = int.Parse(parts[6], CultureInfo.InvariantCulture),
            OriginMs = int.Parse(parts[7], CultureInfo.InvariantCulture),
            Ids = int.Parse(parts[8], CultureInfo.InvariantCulture),
            Cached = parts.Contains("cached"),
            NotFound = notFound is null ? 0 : double.Parse(notFound[3..], CultureInfo.InvariantCulture),
        };
    }
}
