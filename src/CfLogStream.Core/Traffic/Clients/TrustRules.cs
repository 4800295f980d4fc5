namespace CfLogStream.Core.Traffic.Clients;

/// <summary>
/// How well signals other than the user agent support a class. What contradicts weighs more than what supports; proof more than both.
/// </summary>
internal static class TrustRules
{
    /// <summary>Whether Cloudflare or a client certificate proves who calls.</summary>
    public static bool IsProven(scoped in ClientSignals signals) =>
        signals.HasClientCertificate || signals.IsScoredAsVerifiedBot;

    /// <summary>
    /// A webhook user agent: its own headers, network or address support it; GET, an access line or another's header do not fit.
    /// </summary>
    public static Trust OfWebhook(scoped in ClientSignals signals, ClientDefinition sender)
    {
        if (ClientTables.Addresses.Find(signals.Address) is { IsEmpty: false } published && published.SequenceEqual(sender.Name))
        {
            return Trust.Verified;
        }

        bool supported = sender.Asn != 0 && sender.Asn == signals.Asn;
        bool foreign = false;
        for (int i = 0; i < signals.Headers.WebhookCount; i++)
        {
            int id = signals.Headers.WebhookHeader(i);
            bool own = ClientTables.Headers.IsOf(id, sender.Name);
            supported |= own;
            foreign |= !own && ClientTables.Headers.IsIdentifying(id) && !sender.FromUser;
        }

        bool reads = signals.Method is RequestMethod.Get or RequestMethod.Head;
        bool contradicted = foreign
            || (reads && !sender.Has(ClientHints.Gets))
            || (!sender.Has(ClientHints.SelfHosted) && NetworkTable.KindOf(signals.Asn) == NetworkKind.Access);
        return contradicted ? Trust.Contradicted : supported ? Trust.Corroborated : Trust.Claimed;
    }

    /// <summary>Monitors, crawlers and the like: Cloudflare's class of the address or the vendor's own network supports them.</summary>
    public static Trust OfNamed(scoped in ClientSignals signals, ClientDefinition client)
    {
        IpClass ipClass = signals.IpClass;
        bool supported = (client.Asn != 0 && client.Asn == signals.Asn)
            || (client.Class == ClientClass.Monitoring && ipClass == IpClass.MonitoringService)
            || (client.Class is ClientClass.Crawler or ClientClass.Preview or ClientClass.Feed && ipClass == IpClass.SearchEngine);
        bool contradicted = client.Has(ClientHints.Verifiable) && signals.HasVerifiedBotCategory && !supported;
        return contradicted ? Trust.Contradicted : supported ? Trust.Corroborated : Trust.Claimed;
    }

    /// <summary>
    /// Browsers: no ALPN or an old TLS in the JA4 does not fit, nor does Sec-Fetch-Mode without -Site (so a job should log both or
    /// neither); passed JavaScript detection supports. A missing JA4 or detection says nothing.
    /// </summary>
    public static Trust OfBrowser(scoped in ClientSignals signals)
    {
        return ContradictsBrowser(in signals) ? Trust.Contradicted
            : signals.PassedJsDetection ? Trust.Corroborated
            : Trust.Claimed;
    }

    /// <summary>Whether something in a request does not fit a browser.</summary>
    public static bool ContradictsBrowser(scoped in ClientSignals signals) =>
        (signals.Headers.FetchMode && !signals.Headers.FetchSite) || ContradictsBrowser(signals.Ja4);

    /// <summary>Looks at the first part of a JA4, <c>t13d1516h2_…</c>: transport, TLS version, SNI, counts, ALPN.</summary>
    private static bool ContradictsBrowser(ReadOnlySpan<byte> ja4)
    {
        if (ja4.Length < 10 || (ja4.Length > 10 && ja4[10] != (byte)'_'))
        {
            return false;
        }

        ReadOnlySpan<byte> version = ja4.Slice(1, 2);
        bool oldTls = version.SequenceEqual("12"u8) || version.SequenceEqual("11"u8) || version.SequenceEqual("10"u8)
            || version.SequenceEqual("s3"u8);
        return oldTls || ja4.Slice(8, 2).SequenceEqual("00"u8);
    }
}
