namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Tells apart what browsers do: navigate, fetch from scripts, or only claim to be one.</summary>
internal static class BrowserRules
{
    /// <summary>Returns the class of a client whose user agent is a browser's.</summary>
    public static ClientClass Split(scoped in ClientSignals signals)
    {
        return IsAutomated(in signals) ? ClientClass.BrowserClaimed
            : Navigates(in signals) ? ClientClass.BrowserNav
            : Fetches(in signals) ? ClientClass.BrowserXhr
            : ClientClass.BrowserNav;
    }

    /// <summary>
    /// Evidence of automation: a computed bot score below 30 (heuristics assign 29 as well), failed JavaScript detection, or a hosting
    /// network without referer and language.
    /// </summary>
    public static bool IsAutomated(scoped in ClientSignals signals)
    {
        if (signals.BotScore is >= 1 and <= 29 && signals.IsScored)
        {
            return true;
        }

        return signals.FailedJsDetection
            || (!signals.Headers.AcceptLanguage && NetworkTable.KindOf(signals.Asn) == NetworkKind.Hosting && !signals.HasReferer);
    }

    /// <summary>Evidence of a navigation.</summary>
    public static bool Navigates(scoped in ClientSignals signals) => signals.Headers.FetchSite && signals.Headers.Navigates;

    /// <summary>
    /// Evidence of a script's request. A navigation is GET, HEAD or POST; Sec-Fetch-Mode without -Site is no browser's.
    /// </summary>
    public static bool Fetches(scoped in ClientSignals signals)
    {
        return ClientSignals.Is(signals.XRequestedWith, "XMLHttpRequest"u8)
            || (signals.Headers.FetchSite && signals.Headers.Fetches)
            || signals.Headers.Origin
            || signals.Method is RequestMethod.Put or RequestMethod.Patch or RequestMethod.Delete or RequestMethod.Options
            || (signals.Surface == Surface.Api && signals.HasSameSiteReferer);
    }
}
