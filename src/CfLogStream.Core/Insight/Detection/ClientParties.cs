namespace CfLogStream.Core.Insight.Detection;

/// <summary>Tells who calls with a client's name from who borrows it, by the systems (ASNs) that they call from.</summary>
/// <remarks>
/// A name is only a claim: whoever harvests a shop with a common library goes by the same one. The client itself is the system with the
/// longest past, of those that stay. Others under its name are doubted when no call from there had a good answer before, or when they come
/// from every address for a few minutes only and many at a time, and when the fingerprint does not say that it is the same program. A client
/// that has nobody else under its name is doubted when it comes like that and was never served as often as it was stopped. Browsers and apps
/// are not doubted, because people come from anywhere, though an app shows who uses a library; nor are webhooks, which come in bursts.
/// </remarks>
internal sealed class ClientParties
{
    private const long GoodPast = 5;
    private const long MuchPast = 50;
    private const double LeastKnown = 0.5;
    private const double FewMinutes = 2.7;
    private const double ManyAtOnce = 3;

    private readonly HashSet<(string Name, string System)> _doubted = [];
    private readonly HashSet<string> _systems = new(StringComparer.Ordinal);

    public ClientParties(IReadOnlyList<NetworkPast> networks)
    {
        var trusted = new HashSet<string>(StringComparer.Ordinal);
        foreach (IGrouping<string, NetworkPast> client in networks.Where(past => !IsLeftOut(past.Client)).GroupBy(past => NameOf(past.Client)))
        {
            Party[] parties = [.. client.GroupBy(past => past.System()).Select(system => new Party(system.Key, [.. system]))];
            Party anchor = parties.OrderByDescending(party => party.Good >= GoodPast && !party.IsFleeting)
                .ThenByDescending(party => party.Good).ThenByDescending(party => party.Judged).First();
            double known = parties.Where(party => party.Good >= GoodPast).Sum(party => party.Judged);
            bool tells = known >= LeastKnown * parties.Sum(party => party.Judged);
            foreach (Party party in parties)
            {
                if (party.IsApp)
                {
                    trusted.Add(party.System);
                }
                else if (anchor.Good < GoodPast || party == anchor ? IsPassingBy(party) : IsDoubted(party, anchor, tells))
                {
                    _doubted.Add((client.Key, party.System));
                }
                else
                {
                    trusted.Add(party.System);
                }
            }
        }

        trusted.UnionWith(networks.Where(past => IsLeftOut(past.Client)).Select(past => past.System()));
        _systems.UnionWith(_doubted.Select(party => party.System));
        _systems.ExceptWith(trusted);
    }

    /// <summary>Systems that only doubted parties call from, such as <c>AS64500</c>.</summary>
    public IReadOnlySet<string> DoubtedSystems => _systems;

    /// <summary>Whether a client from a system is doubted.</summary>
    public bool IsDoubted(string clientClass, string clientName, uint asn) =>
        !IsApp(clientClass) && !IsLeftOut(clientClass) && _doubted.Contains((NameOf($"{clientClass}/{clientName}"), $"AS{asn}"));

    private static bool IsDoubted(Party party, Party anchor, bool tells)
    {
        if (party.IsSameProgram(anchor))
        {
            return tells && party.Good < GoodPast;
        }

        bool isOther = party.IsOtherProgram(anchor);
        return (party.Good < GoodPast && (tells || isOther)) || (party.IsFleeting && !anchor.IsFleeting);
    }

    /// <summary>Whether a party goes as it came, and was neither served much nor as often as it was stopped.</summary>
    private static bool IsPassingBy(Party party) => party.IsFleeting && party.Good < Math.Min(MuchPast, party.Judged);

    private static bool IsLeftOut(string client) =>
        client.StartsWith("browser", StringComparison.Ordinal) || client.StartsWith("webhook", StringComparison.Ordinal);

    private static bool IsApp(string client) => client.StartsWith("mobile_app", StringComparison.Ordinal);

    // The name without the class: the same library in an app and in a script.
    private static string NameOf(string client)
    {
        string name = client[(client.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return name.Length == 0 ? client : name;
    }

    /// <summary>All that calls with one name from one system.</summary>
    private sealed class Party(string system, NetworkPast[] networks)
    {
        private readonly HashSet<string> _fingerprints = [.. networks.Select(past => past.Ja4).Where(ja4 => ja4.Length > 0)];

        public string System => system;

        public bool IsApp { get; } = networks.All(past => ClientParties.IsApp(past.Client));

        public long Good { get; } = networks.Sum(past => past.GoodBefore);

        public double Judged { get; } = networks.Sum(past => past.Judged);

        /// <summary>Whether it comes from each address for a few minutes only, many requests at a time.</summary>
        public bool IsFleeting { get; } =
            networks.Sum(past => past.Addresses) is > 0 and var addresses
            && networks.Sum(past => past.AddressMinutes) is var minutes
            && minutes < FewMinutes * addresses
            && networks.Sum(past => past.Judged) >= ManyAtOnce * minutes;

        public bool IsSameProgram(Party other) => _fingerprints.Overlaps(other._fingerprints);

        public bool IsOtherProgram(Party other) => _fingerprints.Count > 0 && other._fingerprints.Count > 0 && !IsSameProgram(other);
    }
}
