using System.Net;
using System.Net.Sockets;
using CfLogStream.Core.Rules;

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>The property of the client that an exemption is bound to: the best one that the evidence supports.</summary>
/// <param name="Condition">The condition; empty when there is none.</param>
/// <param name="Corroborated">Whether more than a claim stands behind it.</param>
internal sealed record ClientBinding(string Condition, bool Corroborated, IReadOnlyList<string> WhySafe, IReadOnlyList<string> Warnings)
{
    private const int MaxNetworks = 50;
    private const int MaxAsns = 3;
    private const int MaxFingerprints = 5;

    /// <summary>Values of a list that was tried on what it is for.</summary>
    private const int MaxTried = 20;

    private const int MaxShown = 10;
    private const int MaxCategory = 100;
    private const int MaxFingerprint = 64;

    /// <summary>
    /// Returns the bindings that the evidence supports, the one that identifies the client best first: a client certificate, all addresses, a
    /// verified bot, networks with a second property, a signature header; none at all last.
    /// </summary>
    /// <param name="tried">Whether they will be tried on what was stopped: only then may they be long lists.</param>
    public static IReadOnlyList<ClientBinding> Options(ClientEvidence evidence, bool tried)
    {
        var warnings = new List<string>();
        IReadOnlyList<string> networks = Networks(evidence, warnings);
        if (evidence.NetworksDoubted > 0)
        {
            warnings.Add(Doubted(evidence));
        }

        if (evidence.MutualTls)
        {
            return
            [
                new(
                    "cf.tls_client_auth.cert_verified and not cf.tls_client_auth.cert_revoked",
                    true, ["Only clients with a valid client certificate of this zone pass."], warnings),
            ];
        }

        var options = new List<ClientBinding>();
        string fingerprints = Fingerprints(evidence.Ja4, tried ? MaxTried : MaxFingerprints);
        string asns = Asns(evidence, tried ? MaxTried : MaxAsns);
        if (networks.Count > 0 && evidence.NetworksComplete)
        {
            options.Add(OfNetworks(evidence, networks, fingerprints, warnings));
        }

        if (RuleText.Quote(evidence.VerifiedBotCategory).Length is > 2 and <= MaxCategory)
        {
            options.Add(new(
                $"cf.client.bot and cf.verified_bot_category eq {RuleText.Quote(evidence.VerifiedBotCategory)}",
                true, ["Only bots that Cloudflare has verified pass, and of those only this category."], warnings));
        }

        string header = HeaderName(evidence.SignatureHeader);
        string signed = header.Length > 0 ? $"len(http.request.headers[{RuleText.Quote(header)}]) gt 0" : "";
        if (asns.Length > 0 && signed.Length > 0)
        {
            options.Add(new(
                $"{asns} and {signed}",
                true,
                ["Only calls from the sender's own networks that carry its signature header pass."],
                [.. warnings, "Cloudflare checks only that the header is there; the origin has to verify the signature."]));
        }

        if (asns.Length > 0 && fingerprints.Length > 0)
        {
            options.Add(new(
                $"{asns} and {fingerprints}",
                true,
                ["Only calls from these networks with the client's TLS fingerprint pass."],
                [.. warnings, "The fingerprint changes with the client's TLS library; the field needs Bot Management."]));
        }

        if (signed.Length > 0)
        {
            options.Add(new(
                signed,
                true,
                ["Only calls that carry the sender's signature header pass, and the origin verifies the signature."],
                [.. warnings, "Cloudflare checks only that the header is there: make sure that the origin refuses a wrong or missing signature."]));
        }

        if (tried && fingerprints.Length > 0)
        {
            options.Add(new(
                fingerprints,
                false,
                ["Only calls with the client's TLS fingerprint pass."],
                [.. warnings, "A fingerprint names a TLS library, not a client: others who use the same one pass too. The field needs Bot Management."]));
        }

        string[] userAgent = evidence.UserAgents.Count > 0 ? s_userAgentProvesNothing : [];
        if (asns.Length > 0)
        {
            options.Add(new(
                asns,
                false,
                ["Only calls from the networks (ASNs) that the client was seen in pass."],
                [.. warnings, "A network (ASN) alone identifies no client: others rent addresses there too.", .. userAgent]));
        }

        options.Add(new(
            "",
            false,
            [],
            [
                .. warnings,
                "No property of the client is corroborated: whoever calls these endpoints is exempted. Ask the client for fixed addresses, a client certificate or a signature header, and add it.",
                .. userAgent,
            ]));
        return options;
    }

    private static string Doubted(ClientEvidence evidence)
    {
        string systems = string.Join(", ", evidence.AsnsDoubted.Order().Take(MaxShown).Select(static asn => $"AS{RemedyText.Number(asn)}"));
        string more = evidence.AsnsDoubted.Count > MaxShown ? " and more" : "";
        return evidence.NetworksDoubted == 1
            ? $"1 network ({systems}) that was stopped with the client's name is left out: what called from there does not look like the client. Look at it before adding it."
            : $"{evidence.NetworksDoubted} networks ({systems}{more}) that were stopped with the client's name are left out: what called from there does not look like the client. Look at them before adding them.";
    }

    private static ClientBinding OfNetworks(ClientEvidence evidence, IReadOnlyList<string> networks, string fingerprints, List<string> warnings)
    {
        bool both = evidence.NetworksShared && fingerprints.Length > 0;
        return new(
            $"ip.src in {{{string.Join(' ', networks)}}}{(both ? $" and {fingerprints}" : "")}",
            true,
            [
                $"Only the {networks.Count} addresses or networks that the client was seen to call from pass.",
                .. both ? s_fingerprintToo : [],
            ],
            [
                .. warnings,
                .. both ? ["The fingerprint changes with the client's TLS library; the field needs Bot Management."]
                    : evidence.NetworksShared ? s_othersToo
                    : [],
                "When the client moves to other addresses, the exemption has to follow; an IP list is easier to keep.",
            ]);
    }

    private static string Asns(ClientEvidence evidence, int most) =>
        evidence.Asns.Count > 0 && evidence.Asns.Count <= most ? $"ip.src.asnum in {{{string.Join(' ', evidence.Asns.Distinct().Order())}}}" : "";

    private static readonly string[] s_othersToo = ["Others call from the same addresses and were stopped too: they pass as well on these endpoints."];

    private static readonly string[] s_fingerprintToo = ["Others who call from the same addresses have other TLS fingerprints."];

    private static readonly string[] s_userAgentProvesNothing =
        ["The user agent is left out on purpose: anybody can copy it, and it changes with an update of the client."];

    /// <summary>Returns the addresses and networks that are some; text that is neither is left out.</summary>
    public static IReadOnlyList<string> Networks(ClientEvidence evidence, List<string>? warnings = null)
    {
        var networks = new List<string>();
        int refused = 0;
        int wide = 0;
        foreach (string text in evidence.Networks)
        {
            if (!BareForm.TryAddress(text, out IPAddress address) && !BareForm.TryNetwork(text, out address, out _))
            {
                refused++;
                continue;
            }

            if (BareForm.TryNetwork(text, out _, out int length) && length < (address.AddressFamily == AddressFamily.InterNetwork ? 16 : 32))
            {
                wide++;
                continue;
            }

            string canonical = address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString() : text;
            if (!networks.Contains(canonical) && networks.Count < MaxNetworks)
            {
                networks.Add(canonical);
            }
        }

        if (refused > 0)
        {
            warnings?.Add($"{refused} of the client's networks are no address and no network in its usual form and are left out.");
        }

        if (wide > 0)
        {
            warnings?.Add($"{wide} of the client's networks are wider than /16 (IPv6: /32) and are left out.");
        }

        return networks;
    }

    private static string HeaderName(string header)
    {
        string first = header.Split(',')[0].Trim().ToLowerInvariant();
        return first.Length is > 0 and <= 64 && first.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? first : "";
    }

    private static string Fingerprints(IReadOnlyList<string> ja4, int most)
    {
        string[] usable = [.. ja4.Where(static text => RuleText.Quote(text).Length is > 2 and <= MaxFingerprint).Distinct()];
        return usable.Length > 0 && usable.Length <= most
            ? $"cf.bot_management.ja4 in {{{string.Join(' ', usable.Select(RuleText.Quote))}}}"
            : "";
    }
}
