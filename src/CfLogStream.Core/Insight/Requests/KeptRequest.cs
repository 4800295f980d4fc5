using System.Net;
using CfLogStream.Core.Rules;

namespace CfLogStream.Core.Insight.Requests;

/// <summary>What is kept of a request, as the fields of the Rules language. What the logs do not hold is not known.</summary>
/// <remarks>
/// A score of 0 was not computed: what a rule would see is not known. Certificates are logged only with the first request of a connection, so
/// that none in the log says nothing. Countries are upper case, as rules see them.
/// </remarks>
public sealed record KeptRequest : IRuleFields
{
    public required string Host { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    /// <summary>Without the question mark.</summary>
    public string Query { get; init; } = "";

    public string UserAgent { get; init; } = "";

    public string Referer { get; init; } = "";

    /// <summary>The client's address; null when it was not logged.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Its network; 0 when it was not logged.</summary>
    public uint Asn { get; init; }

    public string Country { get; init; } = "";

    public string Protocol { get; init; } = "";

    /// <summary>For instance <c>TLSv1.3</c>; <c>none</c> without TLS.</summary>
    public string TlsProtocol { get; init; } = "";

    public string MutualTls { get; init; } = "";

    public string Ja4 { get; init; } = "";

    public int BotScore { get; init; }

    public string VerifiedBotCategory { get; init; } = "";

    public int WafScore { get; init; }

    /// <summary>When it came, UTC; <see cref="DateTime.UnixEpoch"/> when it was not logged.</summary>
    public DateTime Time { get; init; } = DateTime.UnixEpoch;

    /// <inheritdoc/>
    public RuleValue? Find(string name) => name switch
    {
        "http.host" => Text(Host),
        "http.request.method" => Text(Method),
        "http.request.uri.path" => Text(Path),
        "http.request.uri.query" => RuleValue.Of(Query),
        "http.user_agent" => RuleValue.Of(UserAgent),
        "http.referer" => RuleValue.Of(Referer),
        "http.request.version" => Text(Protocol),
        "http.request.timestamp.sec" => Time > DateTime.UnixEpoch ? RuleValue.Of((long)(Time - DateTime.UnixEpoch).TotalSeconds) : null,
        "ip.src" => Address is null ? null : RuleValue.Of(Address.IsIPv4MappedToIPv6 ? Address.MapToIPv4() : Address),
        "ip.src.asnum" or "ip.geoip.asnum" => Asn == 0 ? null : RuleValue.Of(Asn),
        "ip.src.country" or "ip.geoip.country" => Text(Country.ToUpperInvariant()),
        "ssl" => TlsProtocol.Length == 0 ? null : RuleValue.Of(TlsProtocol != "none"),
        "cf.bot_management.score" => BotScore == 0 ? null : RuleValue.Of(BotScore),
        "cf.bot_management.ja4" => Text(Ja4),
        "cf.bot_management.verified_bot" or "cf.client.bot" => RuleValue.Of(VerifiedBotCategory.Length > 0),
        "cf.verified_bot_category" => RuleValue.Of(VerifiedBotCategory),
        "cf.waf.score" => WafScore == 0 ? null : RuleValue.Of(WafScore),
        "cf.tls_client_auth.cert_verified" => MutualTls is "" or "unknown" ? null : RuleValue.Of(MutualTls == "ok"),
        _ => null,
    };

    private static RuleValue? Text(string text) => text.Length == 0 ? null : RuleValue.Of(text);
}
