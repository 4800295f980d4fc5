namespace CfLogStream.Core.Traffic.Clients;

/// <summary>What else the pass over a user agent finds: browser engines and brands, devices, the manners of crawlers.</summary>
[Flags]
internal enum AgentMarks : uint
{
    None = 0,
    WebKit = 1 << 0,
    Gecko = 1 << 1,
    Trident = 1 << 2,
    Chrome = 1 << 3,
    Safari = 1 << 4,
    Firefox = 1 << 5,
    Edge = 1 << 6,
    Opera = 1 << 7,
    Samsung = 1 << 8,
    Yandex = 1 << 9,
    Uc = 1 << 10,
    Vivaldi = 1 << 11,
    DuckDuckGo = 1 << 12,
    GoogleApp = 1 << 13,
    Electron = 1 << 14,
    Version = 1 << 15,

    /// <summary><c>Mobile/</c>: WebKit on iOS.</summary>
    AppleMobile = 1 << 16,
    Android = 1 << 17,
    Ios = 1 << 18,

    /// <summary>A web address: what crawlers leave for the site's owner.</summary>
    Contact = 1 << 19,

    /// <summary><c>compatible;</c></summary>
    Compatible = 1 << 20,

    /// <summary>A word that ends in bot, crawler or spider.</summary>
    BotWord = 1 << 21,

    /// <summary>The user agent starts with <c>Mozilla/</c> or <c>Opera/</c>.</summary>
    MozillaStart = 1 << 22,
}
