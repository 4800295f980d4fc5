namespace CfLogStream.Core.Insight.Remedies;

/// <summary>Remedies against Bot Fight Mode, Super Bot Fight Mode and Bot Management.</summary>
internal static class BotRemedies
{
    private const string SettingsPath = "/zones/{zone_id}/bot_management";

    public static IEnumerable<Remedy> PlanFightMode(RemedyContext context)
    {
        if (context.Access() is { } allow)
        {
            yield return allow with
            {
                Summary = "Allow the client's addresses by IP Access rules: only what matches such a rule is exempted from Bot Fight Mode.",
                Warnings = [.. allow.Warnings, "Cloudflare's pages differ on whether an IP Access rule for other addresses helps: count on the one that matches."],
            };
        }

        yield return context.Unbound(
            RemedyKind.ZoneSetting, "Turn Bot Fight Mode off for the zone: it has no exceptions.", context.Facts.Place, context.Facts.Control) with
        {
            ApiMethod = "PUT",
            ApiPath = SettingsPath,
            Payload = RemedyPayload.Write(static json =>
            {
                json.WriteStartObject();
                json.WriteBoolean("fight_mode", false);
                json.WriteEndObject();
            }),
            Warnings = ["Nothing fights bots on the whole zone then; guard what needs it by custom and rate limiting rules."],
        };
        yield return context.Unbound(
            RemedyKind.ZoneSetting,
            "Use Super Bot Fight Mode (Pro and Business) or Bot Management (Enterprise) instead: those can be skipped for single endpoints.",
            context.Facts.Place, context.Facts.Control);
    }

    public static IEnumerable<Remedy> PlanManagement(RemedyContext context)
    {
        yield return context.Skip(
            "Skip the bot settings for these calls by a custom rule with phases [\"http_request_sbfm\"].",
            static json => RemedyPayload.Array(json, "phases", "http_request_sbfm"), "", "botmanagement") with
        {
            NotCovered =
            [
                .. context.Scope.NotCovered,
                "Bot Fight Mode of the Free plan, which cannot be skipped, and custom rules on the bot score.",
            ],
            Warnings = [.. context.Scope.Warnings, "The blocking of AI bots is skipped for these calls too."],
        };
        if (context.Access() is { } allow)
        {
            yield return allow;
        }

        yield return context.Unbound(
            RemedyKind.ZoneSetting,
            "Let likely automated traffic pass in the bot settings: for the whole zone.",
            context.Facts.Place, context.Facts.Control) with
        {
            ApiMethod = "PUT",
            ApiPath = SettingsPath,
            Payload = RemedyPayload.One("sbfm_likely_automated", "allow"),
            Warnings = ["It acts on every host and path of the zone. Definitely automated traffic has a setting of its own (sbfm_definitely_automated)."],
        };
    }
}
