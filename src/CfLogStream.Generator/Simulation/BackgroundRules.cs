using CfLogStream.Generator.Randomness;

namespace CfLogStream.Generator.Simulation;

/// <summary>The everyday rules of the generated zones: what stops scanners, scrapers and floods whatever the scenario.</summary>
internal sealed class BackgroundRules
{
    private readonly Dictionary<Payload, Rule[]> _byPayload;

    public BackgroundRules(ulong seed)
    {
        string Own(string name) => Identifier(Mix.Of(seed, name));

        SkipVerifiedBots = Rule.Create(Control.Custom, ControlAction.Skip, Own("verified"), "Skip: verified bots", "skip_verified_bots");
        SensitivePaths = Rule.Create(Control.Custom, ControlAction.Block, Own("paths"),
            "Block: dotfiles, backups and CMS logins we do not have (SEC-311)");
        LeakedCredentials = Rule.Create(Control.Custom, ControlAction.ManagedChallenge, Own("leaked"),
            "Login: challenge leaked credentials", "login_leaked_credentials");
        ScrapingLimit = Rule.Create(Control.RateLimit, ControlAction.Block, Own("scraping"), "Product pages: 18 per 10 s and IP",
            status: 429);
        LoginLimit = Rule.Create(Control.RateLimit, ControlAction.Block, Own("login"), "Login: 6 per minute and IP", status: 429);
        BlockedAddress = Rule.Create(Control.IpAccess, ControlAction.Block, Own("address"), "");
        SecurityLevel = Rule.Create(Control.SecurityLevel, ControlAction.ManagedChallenge, "badscore",
            "Country, IP reputation or security level");
        DefinitelyAutomated = Rule.Create(Control.BotManagement, ControlAction.ManagedChallenge, "874a3e315c344b2281ad4f00046aab2c",
            "Definitely automated");
        WatchOnly = Rule.Create(Control.Managed, ControlAction.Log, "8e3c1f7d52a94c0b9f1d6e7a0b4c2d95", "Anomaly:Body - Large");
        WatchOnlyNew = Rule.Create(Control.Unheard, ControlAction.Log, "5c1d9e3b7f604a2c8e0b6d4f1a935722", "Payload drift");
        AnomalyScore = Rule.Create(Control.Managed, ControlAction.Block, "6179ae15870a4bb7b2d480d4843b323c",
            "949110: Inbound Anomaly Score Exceeded");
        Ddos =
        [
            Rule.Create(Control.Ddos, ControlAction.Block, "fdfdac75430c4c47a959592f0aa5e68a",
                "HTTP requests with unusual HTTP headers or URI path (signature #27)"),
            Rule.Create(Control.Ddos, ControlAction.ManagedChallenge, "ebff5ef7a8854a8cae3bb1e0a0f4dd24",
                "HTTP requests from known botnet (signature #57)"),
            Rule.Create(Control.Ddos, ControlAction.ConnectionClose, "3f7c9b12d0e84ab5a6c1f29e84d7b350",
                "HTTP requests causing a high number of origin errors"),
        ];
        _byPayload = new()
        {
            [Payload.SqlInjection] =
            [
                Managed("46b937649a424b7ead90f6d0e1149ea6", "SQLi - Equation - URI"),
                Managed("2f26b3a7999946a98ee96ce0b9d5e6f1", "SQLi - UNION - URI"),
            ],
            [Payload.CrossSiteScripting] = [Managed("b0a1d3c52fb84e6a9d7c41e85f2a60b7", "XSS, HTML Injection - Script Tag")],
            [Payload.RemoteCode] =
            [
                Managed("7c1e8f50a2d94b36b8e5d10f9c3a74e2", "Log4j Headers"),
                Managed("d9f5a2c84b7e41f0a3c6e98d15b2704f", "Command Injection - Common Attack Commands"),
            ],
            [Payload.FileInclusion] = [Managed("a5c3e8d17f2b49c0b6d4a91e83f75c20",
                "Anomaly:URL:Path - Multiple Slashes, Relative Paths, CR, LF or NULL")],
        };
    }

    public Rule SkipVerifiedBots { get; }

    public Rule SensitivePaths { get; }

    public Rule LeakedCredentials { get; }

    public Rule ScrapingLimit { get; }

    public Rule LoginLimit { get; }

    public Rule BlockedAddress { get; }

    public Rule SecurityLevel { get; }

    public Rule DefinitelyAutomated { get; }

    public Rule WatchOnly { get; }

    /// <summary>A log-only rule of a product that no documentation names.</summary>
    public Rule WatchOnlyNew { get; }

    public Rule AnomalyScore { get; }

    public Rule[] Ddos { get; }

    /// <summary>Returns 32 hexadecimal digits.</summary>
    public static string Identifier(ulong hash) => $"{Mix.Of(hash, 1):x16}{Mix.Of(hash, 2):x16}";

    public Rule[] ByPayload(Payload payload) => _byPayload[payload];

    private static Rule Managed(string id, string description) => Rule.Create(Control.Managed, ControlAction.Block, id, description);
}
