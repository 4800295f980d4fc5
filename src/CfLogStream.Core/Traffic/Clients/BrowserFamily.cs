namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Recognises browsers and names their family; brands that contain others' words come first.</summary>
internal static class BrowserFamily
{
    /// <summary>Whether a user agent has the shape of a browser's: a Mozilla prefix and an engine with its brand.</summary>
    public static bool IsBrowser(in AgentMatch match)
    {
        if (!match.Has(AgentMarks.MozillaStart))
        {
            return false;
        }

        bool webKit = match.Has(AgentMarks.WebKit)
            && match.Has(AgentMarks.Chrome | AgentMarks.Safari | AgentMarks.Firefox | AgentMarks.Edge | AgentMarks.Version | AgentMarks.Electron);
        bool gecko = match.Has(AgentMarks.Gecko) && match.Has(AgentMarks.Firefox);
        return webKit || gecko || match.Has(AgentMarks.Trident | AgentMarks.Opera);
    }

    /// <summary>Whether it is an app's web view on iOS: WebKit on a phone that does not call itself Safari.</summary>
    public static bool IsAppleWebView(in AgentMatch match) =>
        match.Has(AgentMarks.WebKit) && match.Has(AgentMarks.Ios) && match.Has(AgentMarks.AppleMobile)
        && !match.Has(AgentMarks.Safari | AgentMarks.Chrome | AgentMarks.Firefox | AgentMarks.Edge | AgentMarks.GoogleApp | AgentMarks.Opera);

    /// <summary>The family as client name.</summary>
    public static ReadOnlySpan<byte> Name(in AgentMatch match)
    {
        return match.Has(AgentMarks.Electron) ? "electron"u8
            : match.Has(AgentMarks.Edge) ? "edge"u8
            : match.Has(AgentMarks.Opera) ? "opera"u8
            : match.Has(AgentMarks.Samsung) ? "samsung_internet"u8
            : match.Has(AgentMarks.Yandex) ? "yandex_browser"u8
            : match.Has(AgentMarks.Uc) ? "uc_browser"u8
            : match.Has(AgentMarks.Vivaldi) ? "vivaldi"u8
            : match.Has(AgentMarks.DuckDuckGo) ? "duckduckgo"u8
            : match.Has(AgentMarks.GoogleApp) ? "google_app"u8
            : match.Has(AgentMarks.Firefox) ? "firefox"u8
            : match.Has(AgentMarks.Chrome) ? "chrome"u8
            : match.Has(AgentMarks.Trident) ? "internet_explorer"u8
            : match.Has(AgentMarks.Android) ? "android_browser"u8
            : "safari"u8;
    }
}
