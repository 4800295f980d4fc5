using static CfLogStream.Core.Logpush.LogField;

namespace CfLogStream.Core.Logpush;

/// <summary>What every <see cref="LogField"/> is taken for, by dataset: the one place that says which fields a job needs, and what a
/// missing one costs.</summary>
/// <remarks>Only fields that Cloudflare documents for the dataset; a job that asks for any other is refused. Tests hold this against the
/// schemas of the slices and against Cloudflare's lists.</remarks>
public static class FieldPurposes
{
    private const string NoBotManagement = "Bot Management is not on for the zone";

    private static readonly FieldPurpose[] s_http =
    [
        Required("the record is set aside as a dead letter, and nothing can be joined", RayID),
        Required("without a time the record is set aside as a dead letter", EdgeStartTimestamp) with { Substitutes = [EdgeEndTimestamp] },
        Required("no endpoint: requests of all hosts are one", ClientRequestHost),
        Required("no endpoint: methods cannot be told apart", ClientRequestMethod),
        Required("no endpoint: paths cannot be told apart", ClientRequestPath) with { Substitutes = [ClientRequestURI] },
        Required("whether a request succeeded is not known", EdgeResponseStatus),
        Required("errors of Cloudflare cannot be told from errors of the origin", OriginResponseStatus),
        Required("what became of a request is not known where it has no security event: blocked counts as passed", SecurityAction, SecurityActions),
        Required("the rule cannot be named from http_requests", SecurityRuleID, SecurityRuleIDs),
        Required("the control that acted cannot be named from http_requests", SecuritySources),
        Required("no callers and no check of claimed clients by address", ClientIP) with { EmptyBecause = "the addresses are removed on the way" },
        Required("clients cannot be named: no client class but by address and bot score", ClientRequestUserAgent),
        Taken("the zone of a request is only guessed from its host", ZoneName),
        Taken("a rule that acted has no description but from firewall_events", SecurityRuleDescription),
        Taken("no bot evidence: whether a bot score was wrong about a client cannot be said", BotScore, BotScoreSrc) with { EmptyBecause = NoBotManagement },
        Taken("which bot heuristics fired is not known", BotTags, BotDetectionIDs, BotDetectionTags),
        Taken("Cloudflare's word on verified bots is missing: their trust stays lower", VerifiedBotCategory),
        Taken("whether a browser passed JavaScript detection is not known", JSDetectionPassed),
        Taken("no attack scores: a WAF rule that misjudges cannot be told from one that is right",
            WAFAttackScore, WAFSQLiAttackScore, WAFXSSAttackScore, WAFRCEAttackScore),
        Taken("whether leaked credentials were the reason is not known", LeakedCredentialCheckResult),
        Taken("no TLS fingerprints: a client with a new fingerprint is a stranger, and one that lies is not found", JA3Hash, JA4)
            with { EmptyBecause = NoBotManagement },
        Taken("no networks: clients cannot be corroborated by their provider", ClientASN),
        Taken("geo rules that misjudge cannot be seen", ClientCountry, ClientRegionCode),
        Taken("Cloudflare's class of the address is missing: trust stays lower", ClientIPClass),
        Taken("Cloudflare's own requests cannot be told from those of clients and count as traffic", ClientRequestSource),
        Taken("Worker subrequests count as requests of their own", ParentRayID, WorkerSubrequest),
        Taken("what a Worker did with a request is not known", WorkerScriptName, WorkerStatus),
        Taken("no query strings: rules on them cannot be explained", ClientRequestURI),
        Taken("pages cannot be told from calls that scripts in browsers make", ClientRequestReferer, ClientXRequestedWith),
        Taken("HTML that was answered on an API path cannot be seen", EdgeResponseContentType),
        Taken("the scheme and protocol of a request are not known", ClientRequestProtocol, ClientRequestScheme, ClientSSLProtocol),
        Taken("clients with a certificate cannot be trusted for it", ClientMTLSAuthStatus, ClientMTLSAuthCertFingerprint),
        Taken("the kind of device is not known", ClientDeviceType),
        Taken("headers that name or prove a client are missing; they are custom fields of the zone", RequestHeaders),
        Taken("bytes are not counted", ClientRequestBytes, EdgeResponseBytes),
        Taken("no latency", EdgeEndTimestamp, EdgeTimeToFirstByteMs),
        Taken("no latency of the origin", OriginResponseDurationMs) with { Substitutes = [OriginResponseTime] },
        Taken("which origin answered is not known", OriginIP),
        Taken("answers from the cache cannot be told from others", CacheCacheStatus),
        Taken("stops by older controls, which have no rule, cannot be explained", EdgePathingSrc, EdgePathingOp, EdgePathingStatus),
        Taken("differences between data centers cannot be seen", EdgeColoCode),
        Taken("operations of API Shield cannot be named", WebAssetsOperationID),
    ];

    private static readonly FieldPurpose[] s_firewall =
    [
        Required("the event is set aside as a dead letter: no join with its request", RayID),
        Required("without a time the event is set aside as a dead letter", Datetime),
        Required("what the control did is not known", LogField.Action),
        Required("the control that acted cannot be named", Source),
        Required("the rule cannot be named", RuleID),
        Taken("rules have no description and no name of their own: owner and ticket in it are not found", Description, Ref),
        Taken("several events of one request cannot be put in order, and repeated ones can be taken for one", MatchIndex),
        Taken("the rule behind a managed rule's score, and what a rule matched, is not known", Metadata),
        Taken("a solved challenge cannot be joined with the request it was issued to", OriginatorRayID),
        Taken("an event whose request is missing has no endpoint", ClientRequestHost, ClientRequestMethod, ClientRequestPath, ClientRequestQuery),
        Taken("an event whose request is missing has no client", ClientIP, ClientRequestUserAgent, ClientASN, ClientASNDescription),
        Taken("an event whose request is missing has no country and no class of its address", ClientCountry, ClientIPClass),
        Taken("an event whose request is missing has no status", EdgeResponseStatus, OriginResponseStatus),
        Taken("an event whose request is missing has no referer", ClientRefererScheme, ClientRefererHost, ClientRefererPath, ClientRefererQuery),
        Taken("an event whose request is missing has no protocol, scheme and data center",
            ClientRequestProtocol, ClientRequestScheme, EdgeColoCode),
        Taken("whether leaked credentials were the reason is not known where the request is missing", LeakedCredentialCheckResult),
        Taken("the kind of an event is not known", Kind),
        Taken("events of zones that send to one place cannot be told apart where the request is missing", ZoneName) with { IsOfAccounts = true },
    ];

    private static readonly FieldPurpose[] s_audit =
    [
        Required("without a time the record is set aside as a dead letter", When),
        Taken("a change cannot be named, and one that comes twice is not seen", ID),
        Taken("what was changed, and whether it worked, is not known", ActionType, ActionResult, ResourceType, ResourceID, Metadata),
        Taken("who made a change is not known", ActorEmail, ActorID, ActorIP, ActorType, Interface),
        Taken("how it was before and after is not known", OldValue, NewValue),
    ];

    private static readonly FieldPurpose[] s_auditV2 =
    [
        Required("without a time the record is set aside as a dead letter", ActionTimestamp),
        Taken("a change cannot be named, and one that comes twice is not seen", AuditLogID),
        Taken("what was changed, and whether it worked, is not known",
            ActionType, ActionResult, ActionDescription, ResourceType, ResourceProduct, ResourceID, Raw),
        Taken("who made a change is not known", ActorEmail, ActorID, ActorIPAddress, ActorType, ActorContext),
        Taken("what was set is not known", ResourceRequest, ResourceValue),
        Taken("the zone of a change is not known", ZoneName),
    ];

    /// <summary>The purposes of a dataset's fields, the required ones first.</summary>
    public static IReadOnlyList<FieldPurpose> Of(Dataset dataset) => dataset switch
    {
        Dataset.HttpRequests => s_http,
        Dataset.FirewallEvents => s_firewall,
        Dataset.AuditLogs => s_audit,
        Dataset.AuditLogsV2 => s_auditV2,
        _ => [],
    };

    /// <summary>The fields that a job of a dataset should send, by name in the order of the purposes.</summary>
    /// <param name="ofAccount">Whether it is a job of an account and not of a zone.</param>
    public static IReadOnlyList<string> JobFields(Dataset dataset, bool ofAccount) =>
    [
        .. Of(dataset).Where(purpose => ofAccount || !purpose.IsOfAccounts).SelectMany(purpose => purpose.Fields)
            .Distinct().Select(field => field.ToString()),
    ];

    private static FieldPurpose Required(string cost, params LogField[] fields) => new(cost, true, fields);

    private static FieldPurpose Taken(string cost, params LogField[] fields) => new(cost, false, fields);
}
