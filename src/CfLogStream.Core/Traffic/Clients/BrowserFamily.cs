namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Recognises browsers and names their family; brands that contain others' words come first.</summary>
internal static class BrowserFamily
{
    private static readonly ClientWord s_electron = new("electron");
    private static readonly ClientWord s_edge = new("edge");
    private static readonly ClientWord s_opera = new("opera");
    private static readonly ClientWord s_samsung = new("samsung_internet");
    private static readonly ClientWord s_yandex = new("yandex_browser");
    private static readonly ClientWord s_uc = new("uc_browser");
    private static readonly ClientWord s_vivaldi = new("vivaldi");
    private static readonly ClientWord s_duckDuckGo = new("duckduckgo");
    private static readonly ClientWord s_googleApp = new("google_app");
    private static readonly ClientWord s_firefox = new("firefox");
    private static readonly ClientWord s_chrome = new("chrome");
    private static readonly ClientWord s_internetExplorer = new("internet_explorer");
    private static readonly ClientWord s_androidBrowser = new("android_browser");
    private static readonly ClientWord s_safari = new("safari");

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
    public static ClientWord Name(in AgentMatch match)
    {
        return match.Has(AgentMarks.Electron) ? s_electron
            : match.Has(AgentMarks.Edge) ? s_edge
            : match.Has(AgentMarks.Opera) ? s_opera
            : match.Has(AgentMarks.Samsung) ? s_samsung
            : match.Has(AgentMarks.Yandex) ? s_yandex
            : match.Has(AgentMarks.Uc) ? s_uc
            : match.Has(AgentMarks.Vivaldi) ? s_vivaldi
            : match.Has(AgentMarks.DuckDuckGo) ? s_duckDuckGo
            : match.Has(AgentMarks.GoogleApp) ? s_googleApp
            : match.Has(AgentMarks.Firefox) ? s_firefox
            : match.Has(AgentMarks.Chrome) ? s_chrome
            : match.Has(AgentMarks.Trident) ? s_internetExplorer
            : match.Has(AgentMarks.Android) ? s_androidBrowser
            : s_safari;
    }
}
