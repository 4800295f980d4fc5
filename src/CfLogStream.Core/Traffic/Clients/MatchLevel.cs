namespace CfLogStream.Core.Traffic.Clients;

/// <summary>The levels of precedence among user-agent tokens; a lower one wins whatever the length of the tokens.</summary>
internal enum MatchLevel : byte
{
    Scanner = 0,
    Webhook,

    /// <summary>Monitoring, AI agents, crawlers, previews, feeds: named things often embed a library's token.</summary>
    Named,

    /// <summary>Headless browsers, load tests, API tools.</summary>
    Tool,
    Mobile,

    /// <summary>Libraries, command-line tools and infrastructure at the start of the user agent.</summary>
    Library,

    /// <summary>The same further inside, after the browser families.</summary>
    LibraryInside,

    /// <summary>The number of levels; not a level.</summary>
    Count,
}
