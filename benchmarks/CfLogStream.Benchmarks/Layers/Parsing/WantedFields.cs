using CfLogStream.Core.Logpush;

namespace CfLogStream.Benchmarks.Layers.Parsing;

/// <summary>The 30 fields of each dataset that every parser must get at: what the analysis uses most.</summary>
internal static class WantedFields
{
    public static readonly LogField[] HttpTexts =
    [
        LogField.RayID, LogField.ZoneName, LogField.ClientRequestHost, LogField.ClientRequestMethod,
        LogField.ClientRequestPath, LogField.ClientRequestURI, LogField.ClientRequestUserAgent,
        LogField.ClientRequestReferer, LogField.ClientRequestSource, LogField.ClientIP, LogField.ClientCountry,
        LogField.BotScoreSrc, LogField.SecurityAction, LogField.SecurityRuleID, LogField.VerifiedBotCategory, LogField.JA4,
        LogField.ParentRayID,
    ];

    public static readonly LogField[] HttpNumbers =
    [
        LogField.EdgeStartTimestamp, LogField.ClientASN, LogField.EdgeResponseStatus, LogField.OriginResponseStatus,
        LogField.EdgeResponseBytes, LogField.ClientRequestBytes, LogField.EdgeTimeToFirstByteMs, LogField.BotScore,
        LogField.WAFAttackScore,
    ];

    public static readonly LogField[] FirewallTexts =
    [
        LogField.RayID, LogField.ZoneName, LogField.ClientRequestHost, LogField.ClientRequestMethod,
        LogField.ClientRequestPath, LogField.ClientRequestQuery, LogField.ClientRequestProtocol,
        LogField.ClientRequestScheme, LogField.ClientRequestUserAgent, LogField.ClientIP, LogField.ClientCountry,
        LogField.ClientIPClass, LogField.EdgeColoCode, LogField.LeakedCredentialCheckResult, LogField.Action,
        LogField.Source, LogField.RuleID, LogField.Ref, LogField.Description, LogField.Kind, LogField.OriginatorRayID,
        LogField.ClientRefererScheme, LogField.ClientRefererHost, LogField.ClientRefererPath, LogField.ClientRefererQuery,
    ];

    public static readonly LogField[] FirewallNumbers =
    [
        LogField.Datetime, LogField.ClientASN, LogField.EdgeResponseStatus, LogField.OriginResponseStatus,
        LogField.MatchIndex,
    ];

    public static readonly LogField[] HttpArrays = [LogField.SecurityActions, LogField.SecurityRuleIDs, LogField.SecuritySources];
}
