using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Scenarios;

/// <summary>What someone does about an incident.</summary>
internal sealed class Fixes(Stage stage)
{
    private WorldModel World => stage.World;

    private Rng Rng => stage.Rng;

    /// <summary>Adds a change that frees the clients and nothing else.</summary>
    public Incident Narrow(Incident incident)
    {
        Incident timed = incident with { FixMs = Time() };
        return incident.Phase switch
        {
            ControlPhase.Bots => Off(timed, "bot_fight_mode"),
            ControlPhase.Managed => Exception(timed),
            _ when incident.Pattern.StartsWith("geo", StringComparison.Ordinal) => Edited(timed),
            _ => Skip(timed, "identified API clients", request => InScope(timed, request) && !request.Actor.Attack, false,
                "and (len(http.request.headers[\"x-api-key-id\"]) gt 0 or ip.src in $webhook_senders)"),
        };
    }

    /// <summary>Adds a change that frees everyone on the host, attackers included.</summary>
    public Incident Broad(Incident incident)
    {
        World.Actor("sqlmap runs").Share *= World.Lines < 20_000 ? 5 : 3;
        return Skip(incident with { FixMs = Time() }, "everything on the API host", request =>
            request.Endpoint.Host == incident.Endpoint.Host, true, "");
    }

    private static bool InScope(Incident incident, Request request) =>
        incident.Scope == "zone" ? request.Endpoint.Host.ZoneName == incident.Endpoint.Host.ZoneName
            && request.Endpoint.Kind == EndpointKind.Api
            : request.Endpoint.Host == incident.Endpoint.Host;

    private static string ExpressionOf(Incident incident) => incident.Parameters.GetValueOrDefault("expression", "true");

    private static Incident Off(Incident incident, string setting) => incident with
    {
        ActsAfterFix = false,
        Fix = "turned off",
        Changes = [.. incident.Changes, Audit.Setting(setting, incident.Endpoint.Host.ZoneName, "on", "off", incident.FixMs - 2000, "fix")],
    };

    private static Incident Edited(Incident incident) => incident with
    {
        SkipFromMs = incident.FixMs,
        Exempt = request => request.Network.CountryText == incident.Parameters["country"],
        Fix = "country removed from the expression",
        Changes =
        [
            .. incident.Changes,
            Audit.RuleUpdated(
                incident.Rule,
                incident.Endpoint.Host.ZoneName,
                ExpressionOf(incident),
                ExpressionOf(incident).Replace($"\"{incident.Parameters["country"].ToUpperInvariant()}\" ", "", StringComparison.Ordinal),
                true,
                incident.FixMs - 2000,
                "fix"),
        ],
    };

    private Incident Exception(Incident incident)
    {
        string expression = $"(http.host eq \"{incident.Endpoint.Host.Name}\" and http.request.uri.path eq \"{incident.Endpoint.Template}\")";
        Rule rule = Rule.Create(Control.Managed, ControlAction.Skip, BackgroundRules.Identifier(Rng.Next()), "Exception: "
            + incident.Rule.DescriptionText);
        return incident with
        {
            SkipRule = rule,
            SkipFromMs = incident.FixMs,
            Exempt = request => request.Endpoint == incident.Endpoint,
            Fix = "exception of this rule for this endpoint",
            Changes = [.. incident.Changes,
                Audit.RuleCreated(rule, incident.Endpoint.Host.ZoneName, expression, incident.FixMs - 2000, "fix")],
        };
    }

    private Incident Skip(Incident incident, string description, Func<Request, bool> exempt, bool everything, string condition)
    {
        Rule rule = Rule.Create(Control.Custom, ControlAction.Skip, BackgroundRules.Identifier(Rng.Next()), "Skip: " + description);
        string expression = $"(http.host eq \"{incident.Endpoint.Host.Name}\" {condition})".Replace(" )", ")", StringComparison.Ordinal);
        return incident with
        {
            SkipRule = rule,
            SkipFromMs = incident.FixMs,
            Exempt = exempt,
            SkipsEverything = everything,
            Fix = "skip rule: " + description,
            Changes = [.. incident.Changes,
                Audit.RuleCreated(rule, incident.Endpoint.Host.ZoneName, expression, incident.FixMs - 2000, "fix")],
        };
    }

    private long Time()
    {
        double usual = Rng.Between(0.7, 0.8);
        return stage.At(stage.Variety.Between(usual, stage.Variety.OnsetFraction + 0.15, 0.9, "fix_fraction"));
    }
}
