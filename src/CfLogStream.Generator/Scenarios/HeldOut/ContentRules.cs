using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Scenarios.HeldOut;

/// <summary>Controls that look into bodies and queries and find what is not there.</summary>
internal sealed class ContentRules(Stage stage)
{
    private static readonly (string Actor, string Method, string Template)[] s_operations =
    [
        ("northwind-erp", "POST", "/v1/orders"), ("kiwi-logistics", "POST", "/v2/shipments"), ("bank-importer", "POST", "/v1/entries/import"),
        ("legacy-pos", "PUT", "/v1/inventory/{id}"), ("vehicle-gateways", "POST", "/v1/devices/{id}/readings"),
        ("sol-marketplace", "PATCH", "/v1/orders/{id}"), ("acme-books-agent", "POST", "/v1/notes"),
        ("dispatch-partner", "PUT", "/v2/vehicles/{id}/driver"),
    ];

    private static readonly (string Actor, string Template, string Parameter)[] s_searches =
    [
        ("shop app", "/m/v3/search", "q"), ("northwind-erp", "/v1/products", "page"), ("parcelio", "/v1/products", "limit"),
        ("kiwi-logistics", "/v1/events", "after"), ("tallybooks", "/v1/accounts/{id}/entries", "cursor"),
        ("tallybooks", "/v1/invoices", "page"), ("dispatch-partner", "/v2/vehicles/{id}/positions", "since"),
    ];

    private WorldModel World => stage.World;

    /// <summary>API Shield refuses a body with a field that its schema does not have: the client is new, or the schema is.</summary>
    public Incident SchemaValidation()
    {
        (string name, string method, string template) = stage.Rng.Pick(s_operations);
        Actor culprit = World.Actor(name);
        culprit.Share *= 2.5;
        Endpoint endpoint = Stage.EndpointOf(culprit, method, template);
        bool newSchema = stage.Rng.Chance(0.5);
        int percent = stage.Variety.Number(stage.Rng.Range(40, 100), 10, 100, "bodies_with_new_field_percent");
        Rule rule = Rule.Create(Control.SchemaValidation, ControlAction.Block, stage.NewId(), stage.Variety.Describe("Schema validation"));
        return new Incident
        {
            Pattern = "schema_validation",
            Phase = ControlPhase.ApiShield,
            Rule = rule,
            Matches = request => request.Endpoint == endpoint && request.OtherMethod == 0 && (request.Actor.Attack
                || (request.StartMs >= stage.Onset && (newSchema || request.Actor == culprit)
                    && Mix.Below(Mix.Of(request.Id, 31), 100) < percent)),
            RuleFromMs = newSchema ? null : World.StartMs,
            OnsetMs = stage.Onset,
            Scope = "endpoint",
            Culprit = culprit,
            Endpoint = endpoint,
            ExpectedLostShare = percent / 100.0,
            StoppedOfCulprit = percent / 100.0 * Stage.Weight(culprit, endpoint),
            Parameters = new Dictionary<string, string>
            {
                ["operation"] = $"{method} {endpoint.Host.Name}{template}",
                ["changed_by"] = newSchema ? "new schema" : "client release",
                ["matching_bodies_percent"] = Stage.Text(percent),
            },
            Changes = newSchema
                ? [Audit.Setting("schema_validation", endpoint.Host.ZoneName, "orders-v3.yaml", "orders-v4.yaml", stage.Before(), "cause")]
                : [],
        };
    }

    /// <summary>A managed rule goes from log to block and takes the query of an ordinary search for an attack.</summary>
    public Incident ManagedQuery()
    {
        (string name, string template, string parameter) = stage.Rng.Pick(s_searches);
        Actor culprit = World.Actor(name);
        culprit.Share *= 2.5;
        Endpoint endpoint = Stage.EndpointOf(culprit, "GET", template);
        int percent = stage.Variety.Number(stage.Rng.Range(25, 70), 5, 100, "matching_queries_percent");
        (string id, string description) = stage.Rng.Pick(((string, string)[])
        [
            ("5a2c8e90b7d14f63a1e9c04b7d58f126", "SQLi - Keywords - Query"),
            ("e07b3d5c91a84c2fb6d2f8a4103e7c59", "XSS - Encoded Characters - URI"),
            ("7f94c1a6d82e4b05938bd1e6f027ac34", "PHP - Code Injection - Query Parameters"),
        ]);
        ControlAction action = stage.Variety.Action(ControlAction.Block, ControlAction.ManagedChallenge);
        Rule rule = Rule.Create(Control.Managed, action, id, description);
        return new Incident
        {
            Pattern = "managed_rule_on_content",
            Phase = ControlPhase.Managed,
            Rule = rule,
            Matches = request => (request.Endpoint == endpoint && request.Payload == Payload.None
                && Mix.Below(Mix.Of(request.Id, 17), 100) < percent)
                || (request.Endpoint.Host == endpoint.Host && request.Payload == Payload.SqlInjection && request.Id % 3 == 0),
            LogsBefore = true,
            OnsetMs = stage.Onset,
            Scope = "endpoint",
            Culprit = culprit,
            Endpoint = endpoint,
            ExpectedLostShare = percent / 100.0,
            StoppedOfCulprit = percent / 100.0 * Stage.Weight(culprit, endpoint),
            Parameters = new Dictionary<string, string>
            {
                ["matching_queries_percent"] = Stage.Text(percent),
                ["query_parameter"] = parameter,
                ["changed_by"] = "managed ruleset release",
            },
        };
    }
}
