namespace CfLogStream.Core.Traffic.Clients;

/// <summary>One row of the webhook table: a sender and how its deliveries are known.</summary>
/// <param name="Name">The client name as rows show it; several rows may share one.</param>
/// <param name="Provider">Who sends, for people.</param>
/// <param name="Tokens">User-agent tokens with their anchors.</param>
/// <param name="Headers">Lower-case names of headers that its deliveries carry.</param>
/// <param name="Asn">The autonomous system it sends from; 0 when not known.</param>
/// <param name="Addresses">Its published addresses, in CIDR notation, where they rarely change.</param>
/// <param name="AddressList">Where the sender publishes its addresses, or a note; <c>-</c> when there is nothing.</param>
/// <param name="Source">Where this is known from.</param>
internal sealed record WebhookSender(
    string Name,
    string Provider,
    IReadOnlyList<string> Tokens,
    IReadOnlyList<string> Headers,
    ClientHints Hints,
    uint Asn,
    IReadOnlyList<string> Addresses,
    string AddressList,
    string Source);
