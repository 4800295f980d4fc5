namespace CfLogStream.Core.Traffic.Clients;

/// <summary>The yes-or-no facts that decisions on clients rest on.</summary>
[Flags]
internal enum ClientMarks : uint
{
    None = 0,

    /// <summary>The user agent was logged.</summary>
    UserAgent = 1 << 0,

    /// <summary>The job logs the category of verified bots.</summary>
    VerifiedBotCategory = 1 << 1,
    MobileDevice = 1 << 2,
    NewRelic = 1 << 3,
    VerifiedBot = 1 << 4,
    ClientCertificate = 1 << 5,

    /// <summary>The method is POST.</summary>
    Posts = 1 << 6,

    /// <summary>The method is GET or HEAD.</summary>
    Reads = 1 << 7,

    /// <summary>The network is known by its number.</summary>
    Network = 1 << 8,
    HostingNetwork = 1 << 9,
    AccessNetwork = 1 << 10,

    /// <summary>The network is that of the webhook sender that the user agent names.</summary>
    SenderNetwork = 1 << 11,

    /// <summary>The network is that of the monitor, crawler or the like that the user agent names.</summary>
    NamedNetwork = 1 << 12,

    // Of browsers only.
    Automated = 1 << 13,
    Navigates = 1 << 14,
    Fetches = 1 << 15,

    /// <summary>Something a browser does not send.</summary>
    Contradicted = 1 << 16,
    PassedJsDetection = 1 << 17,
}
