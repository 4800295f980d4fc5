using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.Simulation.Actors;

namespace CfLogStream.Generator.World;

/// <summary>Bots, crawlers, tools, and what Cloudflare itself asks.</summary>
internal static class BotActors
{
    private static readonly byte[] s_verified = "Verified Bot"u8.ToArray();

    public static void Add(WorldModel world, List<Actor> actors)
    {
        EndpointGroup pages = world.Catalog.Join("shop-pages", "www-pages", "fleet-pages");
        actors.Add(Verified(world, "googlebot", "Search Engine Crawler", "google", pages, 0.016, [15169],
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"));
        actors.Add(Verified(world, "bingbot", "Search Engine Crawler", "bing", pages, 0.008, [8075],
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36"));
        actors.Add(Verified(world, "applebot", "Search Engine Crawler", "apple", pages, 0.004, [714],
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)"));
        actors.Add(Verified(world, "gptbot", "AI Crawler", "", pages, 0.008, [8075],
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; GPTBot/1.2; +https://openai.com/gptbot"));
        actors.Add(Verified(world, "ahrefsbot", "Search Engine Optimization", "", pages, 0.005, [16276],
            "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)"));
        actors.Add(Verified(world, "facebookexternalhit", "Page Preview", "", pages, 0.003, [14618],
            "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"));
        actors.Add(Single(world, "bytespider", "crawler", "bytespider", pages, 0.006, [45102, 132203],
            "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)"));
        actors.Add(Single(world, "feedly", "feed", "feedly", world.Catalog.Group("www-feed"), 0.003, [14618],
            "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers)"));
        actors.Add(Single(world, "slack previews", "preview", "slack", pages, 0.003, [16509],
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"));
        actors.Add(Single(world, "chatgpt users", "ai_agent", "chatgpt_user", world.Catalog.Group("www-pages"), 0.004, [8075],
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot"));
        actors.Add(Single(world, "developers with curl", "cli", "curl", world.Catalog.Join("shop-api-read", "ledger-sync"), 0.006,
            [7922, 3320, 2856], "curl/8.7.1"));
        actors.Add(Single(world, "developers with postman", "api_tool", "postman",
            world.Catalog.Join("shop-api-read", "shop-api-write"), 0.004, [7018, 3215], "PostmanRuntime/7.43.0"));

        EndpointGroup fronts = world.Catalog.Join("shop-pages", "www-pages");
        actors.Add(Internal(world, "healthcheck", EdgeSources.HealthCheck, world.Catalog.Join("shop-health", "ledger-health"), 0.006,
            "Mozilla/5.0 (compatible;Cloudflare-Healthchecks/1.0;+https://www.cloudflare.com/)"));
        actors.Add(Internal(world, "early_hints_cache", EdgeSources.EarlyHints, fronts, 0.010, "nginx-ssl early hints"));
        actors.Add(Internal(world, "edge_worker_cache_api", EdgeSources.WorkerCache, world.Catalog.Group("app-xhr"), 0.016, ""));
        actors.Add(Internal(world, "ssl_detector", EdgeSources.SslDetector, fronts, 0.001, "Cloudflare-SSLDetector"));
    }

    private static SimpleActor Verified(WorldModel world, string name, string category, string tag, EndpointGroup endpoints, double share,
        uint[] asns, string userAgent) => new()
        {
            Name = name,
            Client = world.Client("verified_bot", category.ToLowerInvariant().Replace(' ', '_')),
            Networks = NetworkCatalog.Of(asns),
            Fingerprints = [new Fingerprint(userAgent, "bot-" + name)],
            Share = share,
            Callers = 24,
            LinesPerDraw = 2,
            Bots = (1, 1, s_verified),
            BotTag = System.Text.Encoding.ASCII.GetBytes(tag),
            IpClass = category.StartsWith("Search", StringComparison.Ordinal) ? "searchEngine"u8.ToArray() : "noRecord"u8.ToArray(),
            VerifiedBot = System.Text.Encoding.UTF8.GetBytes(category),
            Endpoints = endpoints,
        };

    private static SimpleActor Single(WorldModel world, string name, string clientClass, string client, EndpointGroup endpoints,
        double share, uint[] asns, string userAgent) => new()
        {
            Name = name,
            Client = world.Client(clientClass, client),
            Networks = NetworkCatalog.Of(asns),
            Fingerprints = [new Fingerprint(userAgent, "tool-" + name)],
            Share = share,
            Callers = 12,
            Bots = (1, 22, "Heuristics"u8.ToArray()),
            ApiKey = clientClass is "cli" or "api_tool",
            Endpoints = endpoints,
        };

    private static SimpleActor Internal(WorldModel world, string name, byte[] source, EndpointGroup endpoints, double share,
        string userAgent) => new()
        {
            Name = name,
            Client = world.Client("cf_internal", name),
            Networks = NetworkCatalog.Of(209242),
            Fingerprints = [new Fingerprint(userAgent, "internal")],
            Share = share,
            Callers = 16,
            Bots = (0, 0, "Not Computed"u8.ToArray()),
            Endpoints = endpoints,
            Source = source,
            Plain = true,
        };
}
