using System.Text;

namespace CfLogStream.Generator.Simulation;

/// <summary>A Cloudflare product that acts, in the spelling of each dataset.</summary>
internal sealed record Control(string Name, byte[] Event, byte[] Http)
{
    public static readonly Control Custom = Of("firewallCustom");
    public static readonly Control Managed = Of("firewallManaged");
    public static readonly Control RateLimit = Of("rateLimit");
    public static readonly Control BotFight = Of("botFight");
    public static readonly Control BotManagement = Of("botManagement");
    public static readonly Control BrowserIntegrity = Of("bic");
    public static readonly Control SecurityLevel = Of("securityLevel");
    public static readonly Control Ddos = Of("l7ddos");
    public static readonly Control IpAccess = Of("ip");
    public static readonly Control CountryAccess = Of("country");
    public static readonly Control Hotlink = Of("hot");
    public static readonly Control ZoneLockdown = Of("zoneLockdown");
    public static readonly Control IpRangeAccess = Of("ipRange");
    public static readonly Control AsnAccess = Of("asn");
    public static readonly Control UserAgentBlock = Of("uaBlock");
    public static readonly Control SchemaValidation = Of("apiShieldSchemaValidation");
    public static readonly Control TokenValidation = Of("apiShieldTokenValidation");

    /// <summary>A product that is newer than any documentation.</summary>
    public static readonly Control Unheard = Of("payloadDrift");

    private static Control Of(string http)
    {
        string name = string.Create(http.Length, http, static (span, text) => text.AsSpan().ToLowerInvariant(span));
        return new(name, Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(http));
    }
}
