using System.Text;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Decides who calls: class, name, trust and caller key. One per thread.</summary>
/// <remarks>
/// Precedence, first match wins: Cloudflare's own traffic; what Cloudflare verified; scanners by user agent; webhooks by user agent,
/// then by
/// header, then by published address; monitoring, AI agents, crawlers, previews, feeds; headless browsers, load tests, API tools;
/// mobile
/// apps; libraries at the start of the user agent; browsers; libraries further inside; any other product word (<c>sdk</c>); no user
/// agent.
/// What an address is reputed for never overrules a name: a scanning address counts from the libraries on, a bad one only for callers
/// that say nothing of themselves. Neither outcome nor status, action or rule is looked at, and not the content type of the answer
/// either, which is HTML for every challenge: a class that depended on them would make block rates by class circular.
/// BotDetectionIDs and -Tags are not used: their values are not documented as stable.
/// </remarks>
internal sealed class ClientClassifier
{
    // Cloudflare Workers call from this one address (2a06:98c0:3600::103).
    private const ulong WorkerNetwork = 0x2A06_98C0_3600_0000;
    private const ulong WorkerHost = 0x103;

    private readonly UserAgentMatcher _matcher;
    private readonly UserAgentCache _cache;
    private readonly byte[] _name = new byte[64];

    public ClientClassifier(UserAgentMatcher matcher)
    {
        _matcher = matcher;
        _cache = new UserAgentCache(matcher);
    }

    /// <summary>Classifies the client of one record.</summary>
    public void Classify(in ClientSignals signals, out ClientVerdict verdict)
    {
        verdict = default;
        Decide(in signals, ref verdict);
        ulong nameHash = StableHash.Of(verdict.Name);
        verdict.ClientHash = StableHash.Combine(
            StableHash.Combine(ClientClasses.Hash(verdict.Class), nameHash), (ulong)verdict.Trust);
        verdict.CallerHash = CallerKey.Of(verdict.Class, nameHash, signals.Asn, signals.Ja4, signals.Address);
    }

    private void Decide(in ClientSignals signals, ref ClientVerdict verdict)
    {
        if (TryInternal(in signals, ref verdict))
        {
            return;
        }

        int slot = _cache.Read(signals.UserAgent);
        ref readonly AgentReading reading = ref _cache[slot];
        ref readonly AgentMatch match = ref reading.Match;
        if (!signals.VerifiedBotCategory.IsEmpty)
        {
            Verified(in signals, slot, ref verdict);
            return;
        }

        if (match.TryGetRank(MatchLevel.Scanner, out int rank))
        {
            Take(_matcher[rank], ref verdict);
        }
        else if (match.TryGetRank(MatchLevel.Webhook, out rank))
        {
            Take(_matcher[rank], ref verdict);
            verdict.Trust = TrustRules.OfWebhook(in signals, _matcher[rank]);
        }
        else if (!TryWebhookWithoutAgent(in signals, ref verdict) && !TryNamed(in signals, slot, ref verdict))
        {
            DecideUnnamed(in signals, slot, ref verdict);
        }

        if (TrustRules.IsProven(in signals))
        {
            verdict.Trust = Trust.Verified;
            if (Ascii.EqualsIgnoreCase(signals.BotScoreSource, "Verified Bot"u8)
                && (ClientClasses.IsBrowser(verdict.Class) || verdict.Class is ClientClass.NoUa or ClientClass.Unknown))
            {
                verdict.Class = ClientClass.VerifiedBot;
                verdict.Name = "other"u8;
            }
        }
    }

    private static void Take(ClientDefinition definition, ref ClientVerdict verdict)
    {
        verdict.Class = definition.Class;
        verdict.Name = definition.Name;
    }

    private bool TryInternal(in ClientSignals signals, ref ClientVerdict verdict)
    {
        bool noSource = !RequestSources.TryGetWord(signals.RequestSource, out ReadOnlySpan<byte> source);
        if (noSource && (signals.IsSubrequest || (signals.Address.Bits == WorkerNetwork && signals.Address.Low == WorkerHost)))
        {
            source = "edgeWorkerFetch"u8;
        }
        else if (signals.IsSubrequest && !RequestSources.IsInternal(source))
        {
            source = "edgeWorkerFetch"u8;
        }

        if (!RequestSources.IsInternal(source))
        {
            return false;
        }

        verdict.Class = ClientClass.CfInternal;
        verdict.Name = _name.AsSpan(0, ClientName.WriteCamel(source, _name));
        verdict.Trust = Trust.Verified;
        return true;
    }

    /// <summary>
    /// Classifies a client that Cloudflare verified; who sends a webhook or monitors still comes from the user agent or a header.
    /// </summary>
    private void Verified(in ClientSignals signals, int slot, ref ClientVerdict verdict)
    {
        verdict.Trust = Trust.Verified;
        ref readonly AgentMatch match = ref _cache[slot].Match;
        if (Ascii.EqualsIgnoreCase(signals.VerifiedBotCategory, "webhooks"u8))
        {
            verdict.Class = ClientClass.Webhook;
            verdict.Name = match.TryGetRank(MatchLevel.Webhook, out int webhook) ? _matcher[webhook].Name
                : signals.Headers.WebhookCount > 0 ? HeaderName(in signals.Headers)
                : ProductOrOther(slot);
        }
        else if (Ascii.EqualsIgnoreCase(signals.VerifiedBotCategory, "monitoring & analytics"u8))
        {
            verdict.Class = ClientClass.Monitoring;
            verdict.Name = match.TryGetRank(MatchLevel.Named, out int named) && _matcher[named].Class == ClientClass.Monitoring
                ? _matcher[named].Name
                : ProductOrOther(slot);
        }
        else
        {
            verdict.Class = ClientClass.VerifiedBot;
            verdict.Name = _name.AsSpan(0, ClientName.Write(signals.VerifiedBotCategory, _name));
        }
    }

    private ReadOnlySpan<byte> ProductOrOther(int slot) => _cache[slot].ProductLength > 0 ? _cache.Product(slot) : "other"u8;

    /// <summary>Classifies by a webhook header, or by the published address of a sender that posts.</summary>
    private static bool TryWebhookWithoutAgent(in ClientSignals signals, ref ClientVerdict verdict)
    {
        if (signals.Headers.WebhookCount > 0)
        {
            verdict.Class = ClientClass.Webhook;
            verdict.Name = HeaderName(in signals.Headers);
            return true;
        }

        if (!signals.Method.SequenceEqual("POST"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> sender = ClientTables.Addresses.Find(signals.Address);
        if (sender.IsEmpty)
        {
            return false;
        }

        verdict.Class = ClientClass.Webhook;
        verdict.Name = sender;
        verdict.Trust = Trust.Verified;
        return true;
    }

    /// <summary>Returns whose webhook header it is: the first that only one sender uses, else the convention, else other.</summary>
    private static ReadOnlySpan<byte> HeaderName(scoped in HeaderEvidence headers)
    {
        ReadOnlySpan<byte> name = default;
        for (int i = 0; i < headers.WebhookCount; i++)
        {
            int id = headers.WebhookHeader(i);
            if (ClientTables.Headers.IsIdentifying(id))
            {
                return ClientTables.Headers.NameOf(id);
            }

            name = name.IsEmpty ? ClientTables.Headers.NameOf(id) : name;
        }

        return name.IsEmpty ? "other"u8 : name;
    }

    /// <summary>
    /// Classifies monitoring, AI agents, crawlers, previews, feeds, then headless browsers, load tests and API tools.
    /// </summary>
    private bool TryNamed(in ClientSignals signals, int slot, ref ClientVerdict verdict)
    {
        ref readonly AgentReading reading = ref _cache[slot];
        if (reading.Match.TryGetRank(MatchLevel.Named, out int rank))
        {
            Take(_matcher[rank], ref verdict);
            verdict.Trust = TrustRules.OfNamed(in signals, _matcher[rank]);
            return true;
        }

        if (Ascii.EqualsIgnoreCase(signals.IpClass, "monitoringService"u8) || signals.BotTags.IndexOf("newRelic"u8) >= 0)
        {
            verdict.Class = ClientClass.Monitoring;
            verdict.Name = signals.BotTags.IndexOf("newRelic"u8) >= 0 ? "new_relic"u8 : ProductOrOther(slot);
            verdict.Trust = Trust.Corroborated;
            return true;
        }

        if (reading.Match.TryGetRank(MatchLevel.Tool, out rank))
        {
            Take(_matcher[rank], ref verdict);
            return true;
        }

        if (reading.CrawlerLength > 0)
        {
            verdict.Class = ClientClass.Crawler;
            verdict.Name = _cache.Crawler(slot);
            return true;
        }

        return false;
    }

    private void DecideUnnamed(in ClientSignals signals, int slot, ref ClientVerdict verdict)
    {
        ref readonly AgentReading reading = ref _cache[slot];
        ref readonly AgentMatch match = ref reading.Match;
        bool browser = BrowserFamily.IsBrowser(in match);
        if (TryMobile(in signals, slot, browser, ref verdict))
        {
            return;
        }

        if (Ascii.EqualsIgnoreCase(signals.IpClass, "scan"u8) || Ascii.EqualsIgnoreCase(signals.IpClass, "securityScanner"u8))
        {
            verdict.Class = ClientClass.Scanner;
            verdict.Name = "scan_address"u8;
        }
        else if (match.TryGetRank(MatchLevel.Library, out int rank))
        {
            TakeLibrary(in signals, _matcher[rank], slot, ref verdict);
        }
        else if (browser)
        {
            verdict.Class = BrowserRules.Split(in signals);
            verdict.Name = BrowserFamily.Name(in match);
            verdict.Trust = TrustRules.OfBrowser(in signals);
        }
        else if (match.TryGetRank(MatchLevel.LibraryInside, out rank))
        {
            TakeLibrary(in signals, _matcher[rank], slot, ref verdict);
        }
        else if (Ascii.EqualsIgnoreCase(signals.IpClass, "badHost"u8))
        {
            verdict.Class = ClientClass.Scanner;
            verdict.Name = "bad_host"u8;
        }
        else if (reading.ProductLength > 0)
        {
            verdict.Class = ClientClass.Sdk;
            verdict.Name = _cache.Product(slot);
        }
        else
        {
            verdict.Class = signals.HasUserAgent && UserAgentMatcher.Trim(signals.UserAgent).IsEmpty ? ClientClass.NoUa : ClientClass.Unknown;
        }
    }

    /// <summary>
    /// Classifies mobile apps: by token, by the shape <c>App/1 (… iOS 17 …)</c>, as a web view, or by the package that X-Requested-
    /// With names.
    /// </summary>
    private bool TryMobile(in ClientSignals signals, int slot, bool browser, ref ClientVerdict verdict)
    {
        ref readonly AgentReading reading = ref _cache[slot];
        ref readonly AgentMatch match = ref reading.Match;
        if (match.TryGetRank(MatchLevel.Mobile, out int rank))
        {
            ClientDefinition definition = _matcher[rank];
            bool server = definition.Has(ClientHints.AppNetwork) && IsOnServer(in signals);
            verdict.Class = server ? ClientClass.Sdk : ClientClass.MobileApp;
            verdict.Name = definition.Has(ClientHints.AppWord) && reading.ApplicationLength > 0 ? _cache.Application(slot) : definition.Name;
            return true;
        }

        if (match.TryGetRank(MatchLevel.Library, out _))
        {
            return false;
        }

        if (!browser && reading.ApplicationLength > 0 && match.Has(AgentMarks.Android | AgentMarks.Ios))
        {
            verdict.Class = ClientClass.MobileApp;
            verdict.Name = _cache.Application(slot);
            return true;
        }

        if (BrowserFamily.IsAppleWebView(in match))
        {
            verdict.Class = ClientClass.MobileApp;
            verdict.Name = "ios_webview"u8;
            return true;
        }

        if (signals.XRequestedWith.IndexOf((byte)'.') > 0 && signals.XRequestedWith.IndexOf((byte)' ') < 0)
        {
            verdict.Class = ClientClass.MobileApp;
            verdict.Name = browser ? "android_webview"u8 : _name.AsSpan(0, ClientName.Write(signals.XRequestedWith, _name.AsSpan(0, ClientName.MaxLength)));
            return true;
        }

        return false;
    }

    /// <summary>
    /// Takes a library; one that phones use as well is an app on any known network but a hosting one, or on a mobile device.
    /// </summary>
    private void TakeLibrary(in ClientSignals signals, ClientDefinition definition, int slot, ref ClientVerdict verdict)
    {
        Take(definition, ref verdict);
        if (definition.Has(ClientHints.AppWord) && _cache[slot].ApplicationLength > 0)
        {
            verdict.Name = StartsWithToken(signals.UserAgent, definition.Token) ? definition.Name : _cache.Application(slot);
        }

        if (definition.Has(ClientHints.AppNetwork) && (IsMobileDevice(in signals) || (signals.Asn != 0 && !IsOnServer(in signals))))
        {
            verdict.Class = ClientClass.MobileApp;
        }
    }

    private static bool StartsWithToken(ReadOnlySpan<byte> userAgent, ReadOnlySpan<byte> token) =>
        userAgent.Length >= token.Length && Ascii.EqualsIgnoreCase(userAgent[..token.Length], token);

    private static bool IsMobileDevice(in ClientSignals signals) => Ascii.EqualsIgnoreCase(signals.DeviceType, "mobile"u8);

    private static bool IsOnServer(in ClientSignals signals) =>
        NetworkTable.KindOf(signals.Asn) == NetworkKind.Hosting && !IsMobileDevice(in signals);
}
