namespace CfLogStream.Benchmarks.Layers.Parsing;

/// <summary>The wanted fields of http_requests as <c>System.Text.Json</c> fills them.</summary>
internal sealed class HttpRequestModel
{
    public string? RayID { get; set; }

    public string? ZoneName { get; set; }

    public string? ClientRequestHost { get; set; }

    public string? ClientRequestMethod { get; set; }

    public string? ClientRequestPath { get; set; }

    public string? ClientRequestURI { get; set; }

    public string? ClientRequestUserAgent { get; set; }

    public string? ClientRequestReferer { get; set; }

    public string? ClientRequestSource { get; set; }

    public string? ClientIP { get; set; }

    public string? ClientCountry { get; set; }

    public string? BotScoreSrc { get; set; }

    public string? SecurityAction { get; set; }

    public string? SecurityRuleID { get; set; }

    public string? VerifiedBotCategory { get; set; }

    public string? JA4 { get; set; }

    public string? ParentRayID { get; set; }

    public long EdgeStartTimestamp { get; set; }

    public long ClientASN { get; set; }

    public long EdgeResponseStatus { get; set; }

    public long OriginResponseStatus { get; set; }

    public long EdgeResponseBytes { get; set; }

    public long ClientRequestBytes { get; set; }

    public long EdgeTimeToFirstByteMs { get; set; }

    public long BotScore { get; set; }

    public long WAFAttackScore { get; set; }

    public bool WorkerSubrequest { get; set; }

    public List<string>? SecurityActions { get; set; }

    public List<string>? SecurityRuleIDs { get; set; }

    public List<string>? SecuritySources { get; set; }

    /// <summary>What a reader of these values gets: see <see cref="Extract"/>.</summary>
    public long Sum()
    {
        long texts = Extract.Of(RayID) + Extract.Of(ZoneName) + Extract.Of(ClientRequestHost) + Extract.Of(ClientRequestMethod)
            + Extract.Of(ClientRequestPath) + Extract.Of(ClientRequestURI) + Extract.Of(ClientRequestUserAgent)
            + Extract.Of(ClientRequestReferer) + Extract.Of(ClientRequestSource) + Extract.Of(ClientIP)
            + Extract.Of(ClientCountry) + Extract.Of(BotScoreSrc) + Extract.Of(SecurityAction) + Extract.Of(SecurityRuleID)
            + Extract.Of(VerifiedBotCategory) + Extract.Of(JA4) + Extract.Of(ParentRayID);
        long numbers = EdgeStartTimestamp + ClientASN + EdgeResponseStatus + OriginResponseStatus + EdgeResponseBytes
            + ClientRequestBytes + EdgeTimeToFirstByteMs + BotScore + WAFAttackScore;
        return texts + numbers
            + (WorkerSubrequest ? 1 : 0)
            + (SecurityActions?.Count ?? 0) + (SecurityRuleIDs?.Count ?? 0) + (SecuritySources?.Count ?? 0);
    }
}
