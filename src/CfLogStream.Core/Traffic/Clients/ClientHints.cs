namespace CfLogStream.Core.Traffic.Clients;

/// <summary>What the tables say about a client beyond its token.</summary>
[Flags]
internal enum ClientHints : byte
{
    None = 0,

    /// <summary>A library of servers and of phones: the network decides between sdk and mobile_app.</summary>
    AppNetwork = 1,

    /// <summary>A framework: the application's own product word at the start of the user agent is the better name.</summary>
    AppWord = 2,

    /// <summary>Cloudflare verifies the real one.</summary>
    Verifiable = 4,

    /// <summary>Also sent from customers' own machines: no network contradicts it.</summary>
    SelfHosted = 8,

    /// <summary>A webhook sender that also sends GET.</summary>
    Gets = 16,

    /// <summary>A convention of several senders rather than one of them.</summary>
    Generic = 32,
}
