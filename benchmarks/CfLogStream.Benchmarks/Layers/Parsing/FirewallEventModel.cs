namespace CfLogStream.Benchmarks.Layers.Parsing;

/// <summary>The wanted fields of firewall_events as <c>System.Text.Json</c> fills them.</summary>
internal sealed class FirewallEventModel
{
    public string? RayID { get; set; }

    public string? ZoneName { get; set; }

    public string? ClientRequestHost { get; set; }

    public string? ClientRequestMethod { get; set; }

    public string? ClientRequestPath { get; set; }

    public string? ClientRequestQuery { get; set; }

    public string? ClientRequestProtocol { get; set; }

    public string? ClientRequestScheme { get; set; }

    public string? ClientRequestUserAgent { get; set; }

    public string? ClientIP { get; set; }

    public string? ClientCountry { get; set; }

    public string? ClientIPClass { get; set; }

    public string? EdgeColoCode { get; set; }

    public string? LeakedCredentialCheckResult { get; set; }

    public string? Action { get; set; }

    public string? Source { get; set; }

    public string? RuleID { get; set; }

    public string? Ref { get; set; }

    public string? Description { get; set; }

    public string? Kind { get; set; }

    public string? OriginatorRayID { get; set; }

    public string? ClientRefererScheme { get; set; }

    public string? ClientRefererHost { get; set; }

    public string? ClientRefererPath { get; set; }

    public string? ClientRefererQuery { get; set; }

    public long Datetime { get; set; }

    public long ClientASN { get; set; }

    public long EdgeResponseStatus { get; set; }

    public long OriginResponseStatus { get; set; }

    public long MatchIndex { get; set; }

    /// <summary>What a reader of these values gets: see <see cref="Extract"/>.</summary>
    public long Sum()
    {
        long texts = Extract.Of(RayID) + Extract.Of(ZoneName) + Extract.Of(ClientRequestHost) + Extract.Of(ClientRequestMethod)
            + Extract.Of(ClientRequestPath) + Extract.Of(ClientRequestQuery) + Extract.Of(ClientRequestProtocol)
            + Extract.Of(ClientRequestScheme) + Extract.Of(ClientRequestUserAgent) + Extract.Of(ClientIP)
            + Extract.Of(ClientCountry) + Extract.Of(ClientIPClass) + Extract.Of(EdgeColoCode)
            + Extract.Of(LeakedCredentialCheckResult) + Extract.Of(Action) + Extract.Of(Source) + Extract.Of(RuleID)
            + Extract.Of(Ref) + Extract.Of(Description) + Extract.Of(Kind) + Extract.Of(OriginatorRayID)
            + Extract.Of(ClientRefererScheme) + Extract.Of(ClientRefererHost) + Extract.Of(ClientRefererPath)
            + Extract.Of(ClientRefererQuery);
        long numbers = Datetime + ClientASN + EdgeResponseStatus + OriginResponseStatus + MatchIndex;
        return texts + numbers;
    }
}
