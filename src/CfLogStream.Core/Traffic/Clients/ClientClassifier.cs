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
    private static readonly ClientWord s_other = new("other");
    private static readonly ClientWord s_newRelic = new("new_relic");
    private static readonly ClientWord s_scanAddress = new("scan_address");
    private static readonly ClientWord s_badHost = new("bad_host");
    private static readonly ClientWord s_appleWebView = new("ios_webview");
    private static readonly ClientWord s_androidWebView = new("android_webview");
    private static readonly ClientWord s_none = new("");

    private readonly UserAgentMatcher _matcher;
    private readonly UserAgentCache _cache;
    private readonly byte[] _name = new byte[64];

    public ClientClassifier(UserAgentMatcher matcher)
    {
        _matcher = matcher;
        _cache = new UserAgentCache(matcher);
    }

    /// <summary>Classifies the client of one record.</summary>
    public void Classify(scoped in ClientSignals signals, out ClientVerdict verdict)
    {
        verdict = default;
        verdict.NameHash = s_none.Hash;
        Decide(in signals, ref verdict);
        verdict.ClientHash = StableHash.Combine(
            StableHash.Combine(ClientClasses.Hash(verdict.Class), verdict.NameHash), (ulong)verdict.Trust);
    }

    /// <summary>Returns the slot of a user agent's reading, for <see cref="ReadingOf"/>.</summary>
    public int Read(scoped in ClientSignals signals) => _cache.Read(signals.AgentRoom, signals.AgentLength);

    /// <summary>The reading in a slot; valid until the next user agent is read.</summary>
    public ref readonly AgentReading ReadingOf(int slot) => ref _cache[slot];

    private void Decide(scoped in ClientSignals signals, ref ClientVerdict verdict)
    {
        if (TryInternal(in signals, ref verdict))
        {
            return;
        }

        int slot = _cache.Read(signals.AgentRoom, signals.AgentLength);
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
            if ((ClientClasses.IsBrowser(verdict.Class) || verdict.Class is ClientClass.NoUa or ClientClass.Unknown)
                && signals.IsScoredAsVerifiedBot)
            {
                verdict.Class = ClientClass.VerifiedBot;
                Name(s_other, ref verdict);
            }
        }
    }

    private static void Take(ClientDefinition definition, ref ClientVerdict verdict)
    {
        verdict.Class = definition.Class;
        Name(definition, ref verdict);
    }

    private static void Name(ClientDefinition definition, ref ClientVerdict verdict)
    {
        verdict.Name = definition.Name;
        verdict.NameHash = definition.NameHash;
    }

    private static void Name(ClientWord word, ref ClientVerdict verdict)
    {
        verdict.Name = word.Text;
        verdict.NameHash = word.Hash;
    }

    private static void Name(ReadOnlySpan<byte> name, ref ClientVerdict verdict)
    {
        verdict.Name = name;
        verdict.NameHash = StableHash.Of(name);
    }

    private void NameProduct(int slot, ref ClientVerdict verdict)
    {
        verdict.Name = _cache.Product(slot);
        verdict.NameHash = _cache[slot].ProductHash;
    }

    private void NameApplication(int slot, ref ClientVerdict verdict)
    {
        verdict.Name = _cache.Application(slot);
        verdict.NameHash = _cache[slot].ApplicationHash;
    }

    private bool TryInternal(scoped in ClientSignals signals, ref ClientVerdict verdict)
    {
        bool noSource = !RequestSources.TryGetWord(signals.RequestSource, out ReadOnlySpan<byte> source);
        if (noSource && (signals.IsSubrequest || signals.IsFromWorker))
        {
            source = RequestSources.WorkerFetch;
        }
        else if (signals.IsSubrequest && !RequestSources.IsInternal(source))
        {
            source = RequestSources.WorkerFetch;
        }

        if (!RequestSources.IsInternal(source))
        {
            return false;
        }

        verdict.Class = ClientClass.CfInternal;
        Name(_name.AsSpan(0, ClientName.WriteCamel(source, _name)), ref verdict);
        verdict.Trust = Trust.Verified;
        return true;
    }

    /// <summary>
    /// Classifies a client that Cloudflare verified; who sends a webhook or monitors still comes from the user agent or a header.
    /// </summary>
    private void Verified(scoped in ClientSignals signals, int slot, ref ClientVerdict verdict)
    {
        verdict.Trust = Trust.Verified;
        ReadOnlySpan<byte> category = signals.VerifiedBotCategory;
        ref readonly AgentMatch match = ref _cache[slot].Match;
        if (ClientSignals.Is(category, "webhooks"u8))
        {
            verdict.Class = ClientClass.Webhook;
            if (match.TryGetRank(MatchLevel.Webhook, out int webhook))
            {
                Name(_matcher[webhook], ref verdict);
            }
            else if (signals.Headers.WebhookCount > 0)
            {
                Name(HeaderName(in signals.Headers), ref verdict);
            }
            else
            {
                NameProductOrOther(slot, ref verdict);
            }
        }
        else if (ClientSignals.Is(category, "monitoring & analytics"u8))
        {
            verdict.Class = ClientClass.Monitoring;
            if (match.TryGetRank(MatchLevel.Named, out int named) && _matcher[named].Class == ClientClass.Monitoring)
            {
                Name(_matcher[named], ref verdict);
            }
            else
            {
                NameProductOrOther(slot, ref verdict);
            }
        }
        else
        {
            verdict.Class = ClientClass.VerifiedBot;
            Name(_name.AsSpan(0, ClientName.Write(category, _name)), ref verdict);
        }
    }

    private void NameProductOrOther(int slot, ref ClientVerdict verdict)
    {
        if (_cache[slot].ProductLength > 0)
        {
            NameProduct(slot, ref verdict);
        }
        else
        {
            Name(s_other, ref verdict);
        }
    }

    /// <summary>Classifies by a webhook header, or by the published address of a sender that posts.</summary>
    private static bool TryWebhookWithoutAgent(scoped in ClientSignals signals, ref ClientVerdict verdict)
    {
        if (signals.Headers.WebhookCount > 0)
        {
            verdict.Class = ClientClass.Webhook;
            Name(HeaderName(in signals.Headers), ref verdict);
            return true;
        }

        if (signals.Method != RequestMethod.Post)
        {
            return false;
        }

        ReadOnlySpan<byte> sender = ClientTables.Addresses.Find(signals.Address);
        if (sender.IsEmpty)
        {
            return false;
        }

        verdict.Class = ClientClass.Webhook;
        Name(sender, ref verdict);
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
    private bool TryNamed(scoped in ClientSignals signals, int slot, ref ClientVerdict verdict)
    {
        ref readonly AgentReading reading = ref _cache[slot];
        if (reading.Match.TryGetRank(MatchLevel.Named, out int rank))
        {
            Take(_matcher[rank], ref verdict);
            verdict.Trust = TrustRules.OfNamed(in signals, _matcher[rank]);
            return true;
        }

        bool newRelic = signals.IsTaggedNewRelic;
        if (newRelic || signals.IpClass == IpClass.MonitoringService)
        {
            verdict.Class = ClientClass.Monitoring;
            verdict.Trust = Trust.Corroborated;
            if (newRelic)
            {
                Name(s_newRelic, ref verdict);
            }
            else
            {
                NameProductOrOther(slot, ref verdict);
            }

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
            verdict.NameHash = reading.CrawlerHash;
            return true;
        }

        return false;
    }

    private void DecideUnnamed(scoped in ClientSignals signals, int slot, ref ClientVerdict verdict)
    {
        ref readonly AgentReading reading = ref _cache[slot];
        ref readonly AgentMatch match = ref reading.Match;
        bool browser = BrowserFamily.IsBrowser(in match);
        if (TryMobile(in signals, slot, browser, ref verdict))
        {
            return;
        }

        IpClass ipClass = signals.IpClass;
        if (ipClass is IpClass.Scan or IpClass.SecurityScanner)
        {
            verdict.Class = ClientClass.Scanner;
            Name(s_scanAddress, ref verdict);
        }
        else if (match.TryGetRank(MatchLevel.Library, out int rank))
        {
            TakeLibrary(in signals, _matcher[rank], slot, ref verdict);
        }
        else if (browser)
        {
            verdict.Class = BrowserRules.Split(in signals);
            Name(BrowserFamily.Name(in match), ref verdict);
            verdict.Trust = TrustRules.OfBrowser(in signals);
        }
        else if (match.TryGetRank(MatchLevel.LibraryInside, out rank))
        {
            TakeLibrary(in signals, _matcher[rank], slot, ref verdict);
        }
        else if (ipClass == IpClass.BadHost)
        {
            verdict.Class = ClientClass.Scanner;
            Name(s_badHost, ref verdict);
        }
        else if (reading.ProductLength > 0)
        {
            verdict.Class = ClientClass.Sdk;
            NameProduct(slot, ref verdict);
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
    private bool TryMobile(scoped in ClientSignals signals, int slot, bool browser, ref ClientVerdict verdict)
    {
        ref readonly AgentReading reading = ref _cache[slot];
        ref readonly AgentMatch match = ref reading.Match;
        if (match.TryGetRank(MatchLevel.Mobile, out int rank))
        {
            ClientDefinition definition = _matcher[rank];
            bool server = definition.Has(ClientHints.AppNetwork) && IsOnServer(in signals);
            verdict.Class = server ? ClientClass.Sdk : ClientClass.MobileApp;
            if (definition.Has(ClientHints.AppWord) && reading.ApplicationLength > 0)
            {
                NameApplication(slot, ref verdict);
            }
            else
            {
                Name(definition, ref verdict);
            }

            return true;
        }

        if (match.TryGetRank(MatchLevel.Library, out _))
        {
            return false;
        }

        if (!browser && reading.ApplicationLength > 0 && match.Has(AgentMarks.Android | AgentMarks.Ios))
        {
            verdict.Class = ClientClass.MobileApp;
            NameApplication(slot, ref verdict);
            return true;
        }

        if (BrowserFamily.IsAppleWebView(in match))
        {
            verdict.Class = ClientClass.MobileApp;
            Name(s_appleWebView, ref verdict);
            return true;
        }

        ReadOnlySpan<byte> requestedWith = signals.XRequestedWith;
        if (requestedWith.IsEmpty || requestedWith.IndexOf((byte)'.') <= 0 || requestedWith.IndexOf((byte)' ') >= 0)
        {
            return false;
        }

        verdict.Class = ClientClass.MobileApp;
        if (browser)
        {
            Name(s_androidWebView, ref verdict);
        }
        else
        {
            Name(_name.AsSpan(0, ClientName.Write(requestedWith, _name.AsSpan(0, ClientName.MaxLength))), ref verdict);
        }

        return true;
    }

    /// <summary>
    /// Takes a library; one that phones use as well is an app on any known network but a hosting one, or on a mobile device.
    /// </summary>
    private void TakeLibrary(scoped in ClientSignals signals, ClientDefinition definition, int slot, ref ClientVerdict verdict)
    {
        Take(definition, ref verdict);
        if (definition.Has(ClientHints.AppWord) && _cache[slot].ApplicationLength > 0)
        {
            if (!StartsWithToken(signals.UserAgent, definition.Token))
            {
                NameApplication(slot, ref verdict);
            }
        }

        if (definition.Has(ClientHints.AppNetwork) && (signals.IsMobileDevice || (signals.Asn != 0 && !IsOnServer(in signals))))
        {
            verdict.Class = ClientClass.MobileApp;
        }
    }

    private static bool StartsWithToken(ReadOnlySpan<byte> userAgent, ReadOnlySpan<byte> token) =>
        userAgent.Length >= token.Length && Ascii.EqualsIgnoreCase(userAgent[..token.Length], token);

    private static bool IsOnServer(scoped in ClientSignals signals) =>
        NetworkTable.KindOf(signals.Asn) == NetworkKind.Hosting && !signals.IsMobileDevice;
}
