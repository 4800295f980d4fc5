using System.Text.Json;
using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Scenarios;

/// <summary>Chooses, by the seed, what exactly goes wrong in a scenario.</summary>
internal sealed class IncidentPlanner
{
    /// <summary>The scenarios with their descriptions.</summary>
    public static readonly ScenarioInfo[] Scenarios =
    [
        new("quiet", "Everyday traffic: attacks are stopped, nobody else is."),
        new("custom-rule-hits-api", "A custom rule written for browsers challenges or blocks every other client of an API host."),
    ];

    private readonly WorldModel _world;
    private readonly Rng _rng;
    private readonly long _onset;

    public IncidentPlanner(WorldModel world)
    {
        _world = world;
        _rng = new Rng(world.Seed, 0x1C1D);
        _onset = world.StartMs + (long)(world.DurationMs * _rng.Between(0.4, 0.55));
    }

    /// <summary>Returns the scenario's incident; null when nothing goes wrong.</summary>
    public Incident? Plan(string scenario) => scenario switch
    {
        "quiet" => null,
        "custom-rule-hits-api" => CustomRuleHitsApi(),
        _ => throw new ArgumentException($"There is no scenario '{scenario}'; known are: {string.Join(", ", Scenarios.Select(known => known.Name))}.", nameof(scenario)),
    };

    private Incident CustomRuleHitsApi()
    {
        bool shop = _rng.Chance(0.6);
        string host = shop ? "api.shop.example" : "api.ledgerly.example";
        string zone = shop ? "shop.example" : "ledgerly.example";
        Actor culprit = _world.Actor(shop ? _rng.Pick((string[])["northwind-erp", "kiwi-logistics", "parcelio"]) : _rng.Pick((string[])["tallybooks", "bank-importer"]));
        culprit.Share *= 2;
        ControlAction action = _rng.Chance(0.7) ? ControlAction.ManagedChallenge : ControlAction.Block;
        string description = _rng.Pick((string[])["Only browsers (SEC-412)", "Challenge non-browser clients", "Stop scripts: no Mozilla in user agent"]);
        Rule rule = Rule.Create(Control.Custom, action, BackgroundRules.Identifier(_rng.Next()), description);
        string expression = $"(http.host eq \"{host}\" and not http.user_agent contains \"Mozilla\")";
        return new Incident
        {
            Pattern = "browser_rule_on_api",
            Phase = ControlPhase.Custom,
            Rule = rule,
            Matches = request => request.Endpoint.Host.Name == host && request.UserAgent.Span.IndexOf("Mozilla"u8) < 0,
            OnsetMs = _onset,
            Culprit = culprit,
            Zone = zone,
            HostName = host,
            Parameters = new Dictionary<string, string> { ["expression"] = expression },
            Changes = [RuleCreated(rule, zone, expression)],
        };
    }

    private ConfigurationChange RuleCreated(Rule rule, string zone, string expression) => new()
    {
        Ms = _onset - 2000 - _rng.Below(6000),
        ActionType = "rule_create",
        ResourceType = "ruleset.rule",
        ResourceId = rule.IdText,
        Description = "Create rule: " + rule.DescriptionText,
        Zone = zone,
        NewValue = $$"""{"action":"{{rule.Action.Name}}","description":{{Json(rule.DescriptionText)}},"enabled":true,"expression":{{Json(expression)}},"id":"{{rule.IdText}}","ref":"{{rule.IdText}}"}""",
        InVersion2 = true,
        Role = "cause",
    };

    private static string Json(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
