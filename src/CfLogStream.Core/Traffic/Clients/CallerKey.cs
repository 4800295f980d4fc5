namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Works out the stable key of a caller: one client over time.</summary>
/// <remarks>
/// The key is a hash of class, product, network (ASN) and JA4. The product is the client name, so a new version of the same program
/// is the
/// same caller; the version never enters. What is missing falls back to the address: IPv4 whole, IPv6 by /64.
/// <para>
/// Services (webhooks, SDKs, monitors …) spread over many addresses of one network, so with ASN and JA4 known the address stays out.
/// People do not: a million phones of one carrier share product, ASN and JA4, so for browsers and mobile apps the address is always
/// part
/// of the key. The browser classes share one group: a browser that navigates and fetches is one caller.
/// </para>
/// <para>
/// NAT, carrier-grade NAT and office proxies, with one record's knowledge: different products or different JA4s behind one address are
/// different callers (so one address with several user agents is never taken for one client), the same product and JA4 behind one
/// address are one. The number of callers is therefore a lower bound there. A caller of the people's classes who changes address
/// becomes a new one.
/// </para>
/// </remarks>
internal static class CallerKey
{
    /// <summary>The key of a product, which has yet to be joined with network, JA4 and address.</summary>
    public static ulong OfProduct(ClientClass clientClass, ulong nameHash) =>
        StableHash.Combine(ClientClasses.CallerGroup(clientClass), nameHash);

    /// <summary>The key of a caller.</summary>
    /// <param name="product"><see cref="OfProduct"/>.</param>
    /// <param name="ja4Hash">The stable hash of the JA4; of no meaning without one.</param>
    public static ulong Of(ulong product, ClientClass clientClass, uint asn, bool hasJa4, ulong ja4Hash, scoped in IpPrefix address)
    {
        ulong key = StableHash.Combine(product, asn);
        key = hasJa4 ? StableHash.Combine(key, ja4Hash) : key;
        return asn == 0 || !hasJa4 || ClientClasses.IsPeople(clientClass) ? StableHash.Combine(key, address.Hash) : key;
    }
}
