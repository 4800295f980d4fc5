using System.Net;

namespace CfLogStream.Server.Receiving;

/// <summary>Who may send: what can be changed while the receiver runs. It is replaced as a whole.</summary>
/// <param name="TokenHeader">The request header that carries a token.</param>
/// <param name="Sources">Who may send; empty lets everybody send.</param>
/// <param name="Networks">The networks that may send; empty means all.</param>
public sealed record ReceiverAccess(string TokenHeader, IReadOnlyList<ReceiverSource> Sources, IReadOnlyList<IPNetwork> Networks)
{
    /// <summary>The name of senders where no token is asked for.</summary>
    private const string Anybody = "push";

    /// <summary>Whether an address may send.</summary>
    internal bool Allows(IPAddress? address)
    {
        if (Networks.Count == 0)
        {
            return true;
        }

        IPAddress? real = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return real is not null && Networks.Any(network => network.Contains(real));
    }

    /// <summary>The name of the sender with what its token header says; null when that is no token known here. Every token is compared.</summary>
    internal string? SenderOf(string given)
    {
        string? name = Sources.Count == 0 ? Anybody : null;
        byte[] bare = ReceiverSource.HashOf(given);
        byte[] bearer = ReceiverSource.HashOf(given.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? given[7..].Trim() : given);
        foreach (ReceiverSource source in Sources)
        {
            if (source.Has(bare) | source.Has(bearer))
            {
                name = source.Name;
            }
        }

        return name;
    }
}
