namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Who calls, as a class; <see cref="ClientClasses"/> has the words of the tables.</summary>
internal enum ClientClass : byte
{
    Unknown = 0,
    CfInternal,
    VerifiedBot,
    Webhook,
    Monitoring,
    AiAgent,
    Crawler,
    Preview,
    Feed,
    Scanner,
    Headless,
    LoadTest,
    ApiTool,
    MobileApp,
    BrowserXhr,
    BrowserNav,
    BrowserClaimed,
    Sdk,
    Cli,
    Infra,
    NoUa,
}
