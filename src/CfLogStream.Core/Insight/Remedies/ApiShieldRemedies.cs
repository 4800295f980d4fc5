using System.Text.Json;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>Remedies against API Shield: its own settings only, for no skip rule reaches its phase.</summary>
internal static class ApiShieldRemedies
{
    private const string Operations = "/zones/{zone_id}/api_gateway/operations";

    private const string WhereOperation =
        "{operation_id} is the endpoint's id in Endpoint Management (GET /zones/{zone_id}/api_gateway/operations).";

    public static IEnumerable<Remedy> PlanSchema(RemedyContext context)
    {
        yield return ForOperation(
            context, "Correct the schema: let it describe what these clients send, and upload it again.", "", "", "") with
        {
            Kind = RemedyKind.ApiShield,
            WhySafe = ["Everything else stays validated."],
            Warnings = ["A new schema acts only once its endpoints are in Endpoint Management and it is active."],
        };
        yield return ForOperation(
            context,
            "Let schema validation only log for this endpoint, until the schema is right.",
            "PUT", $"{Operations}/{{operation_id}}/schema_validation", RemedyPayload.One("mitigation_action", "log"));
        yield return context.Unbound(
            RemedyKind.ApiShield,
            "Override the mitigation of schema validation for the zone: none, for all endpoints at once.",
            context.Facts.Place, context.Facts.Control) with
        {
            ApiMethod = "PATCH",
            ApiPath = "/zones/{zone_id}/api_gateway/settings/schema_validation",
            Payload = RemedyPayload.One("validation_override_mitigation_action", "none"),
            Warnings = ["Nothing is validated any more: meant for an incident, to be taken back."],
        };
    }

    public static IEnumerable<Remedy> PlanToken(RemedyContext context)
    {
        if (context.Request.Pattern == MisjudgementPattern.PreflightBlocked)
        {
            yield return ForOperation(
                context,
                $"Let preflights pass in {context.RuleName}: extend its expression, which says what is allowed, by the condition.",
                "", "", "") with
            {
                Expression = $"{RemedyText.OwnExpression} or http.request.method eq \"OPTIONS\"",
                WhySafe = ["A preflight carries no token and no body, and answers nothing but what may be asked."],
                Warnings = [$"Put the rule's own expression in the place of {RemedyText.OwnExpression}. The action fires when the expression is false."],
            };
        }

        yield return ForOperation(
            context,
            $"Exclude this endpoint from {context.RuleName} by its selector.",
            "PATCH", "/zones/{zone_id}/token_validation/rules/bulk",
            RemedyPayload.Write(json => WriteSelector(json, context))) with
        {
            NotCovered = ["The endpoint has no token check by this rule any more: the origin has to make its own."],
            Warnings = [WhereOperation, "The selector is replaced as a whole: repeat what the rule includes and excludes already."],
        };
        yield return ForOperation(
            context,
            $"Let {context.RuleName} only log, until the clients send valid tokens.",
            "PATCH", "/zones/{zone_id}/token_validation/rules/bulk",
            RemedyPayload.Write(json => WriteAction(json, context.RuleId))) with
        {
            Warnings = ["It acts on every endpoint of the rule."],
        };
        yield return context.Unbound(
            RemedyKind.ClientChange, "Let the client send a valid, unexpired token where the token configuration looks for it.", "");
    }

    public static IEnumerable<Remedy> PlanSequence(RemedyContext context)
    {
        yield return ForOperation(
            context,
            $"Change {context.RuleName}: allow the order of calls that these clients use, or disable the rule.",
            "", "", "") with
        {
            Warnings =
            [
                "It judges the last 10 requests of a session within 10 minutes: a single record does not show what broke the sequence.",
            ],
        };
    }

    public static IEnumerable<Remedy> PlanGeneral(RemedyContext context)
    {
        yield return ForOperation(
            context, $"Change the API Shield setting that fired, {context.RuleName}: the event's rule says which one it is.", "", "", "");
    }

    /// <summary>Saves the endpoints, so that a fallthrough rule no longer takes them for unknown ones.</summary>
    public static Remedy SaveEndpoints(RemedyContext context) => context.Unbound(
        RemedyKind.ApiShield,
        $"Save the endpoint in Endpoint Management: {context.RuleName} stops calls to endpoints that are not there.",
        "Security › API Shield › Endpoint Management") with
    {
        ApiMethod = "POST",
        ApiPath = Operations,
        Payload = RemedyPayload.Write(json => WriteOperations(json, context)),
        WhySafe = ["The rule stays as it is and goes on stopping calls to unknown endpoints."],
        NotCovered = context.Scope.NotCovered,
        Warnings = ["Names in braces are placeholders for one path segment each."],
        Refused = ["Uploading a schema by the API alone: its endpoints are known only once they are saved in Endpoint Management."],
    };

    private static Remedy ForOperation(RemedyContext context, string summary, string method, string path, string payload) =>
        context.Unbound(RemedyKind.ApiShield, summary, context.Facts.Place) with
        {
            ApiMethod = method,
            ApiPath = path,
            Payload = payload,
            NotCovered = context.Request.Endpoints.Count > 1 ? ["One operation is changed at a time: repeat it for the other endpoints."] : [],
            WhySafe = ["Only this endpoint's check changes, for all its callers."],
            Warnings = path.Contains("{operation_id}", StringComparison.Ordinal) ? [WhereOperation] : [],
        };

    private static void WriteSelector(Utf8JsonWriter json, RemedyContext context)
    {
        string host = context.Request.Endpoints[0].Host;
        json.WriteStartArray();
        json.WriteStartObject();
        json.WriteString("id", context.RuleId);
        json.WriteStartObject("selector");
        json.WriteStartArray("include");
        json.WriteStartObject();
        RemedyPayload.Array(json, "host", RemedyPayload.Plain(host));
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("exclude");
        json.WriteStartObject();
        RemedyPayload.Array(json, "operation_ids", "{operation_id}");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteAction(Utf8JsonWriter json, string ruleId)
    {
        json.WriteStartArray();
        json.WriteStartObject();
        json.WriteString("id", ruleId);
        json.WriteString("action", "log");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteOperations(Utf8JsonWriter json, RemedyContext context)
    {
        json.WriteStartArray();
        foreach (EndpointIdentity endpoint in context.Scope.Endpoints)
        {
            json.WriteStartObject();
            json.WriteString("method", RemedyPayload.Plain(endpoint.Method));
            json.WriteString("host", RemedyPayload.Plain(endpoint.Host));
            json.WriteString("endpoint", RemedyPayload.Plain(endpoint.Path));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
