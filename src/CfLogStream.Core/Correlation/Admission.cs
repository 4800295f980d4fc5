using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>
/// Decides who has rows of their own in one window: hosts per zone, unknown templates and clients per host; the rest folds.
/// </summary>
/// <remarks>
/// First come, first served, in the order of the log; what was admitted stays so until the window closes, so a scanner's million paths
/// push out nobody. Known templates are outside the cap. A folded template keeps zone, host and method; a folded host keeps its
/// template, under the caps of the host <c>{other}</c>; a folded client keeps class and trust. Folded texts are never stored.
/// </remarks>
internal sealed class Admission(CorrelatorContext context)
{
    private readonly IndexTable _zoneIndex = new();
    private readonly IndexTable _hostIndex = new();
    private readonly IndexTable _memberIndex = new();
    private ZoneItem[] _zones = new ZoneItem[4];
    private HostItem[] _hosts = new HostItem[8];
    private Member[] _members = new Member[16];
    private int _zoneCount;
    private int _hostCount;
    private int _memberCount;

    private enum MemberKind
    {
        Template,
        Client,
    }

    public static ReadOnlySpan<byte> Other => "{other}"u8;

    public long BytesHeld => _zoneIndex.BytesHeld + _hostIndex.BytesHeld + _memberIndex.BytesHeld
        + (_zones.Length * 8L) + (_hosts.Length * 20L) + (_members.Length * 12L);

    /// <summary>The text numbers of a host's zone and name.</summary>
    public (int Zone, int Host) TextsOf(int host) => (_hosts[host].Zone, _hosts[host].Host);

    /// <summary>Counts one more caller of a host unless it has so many; returns whether there was room.</summary>
    public bool AdmitCaller(int host)
    {
        if (_hosts[host].Callers >= context.Options.CallersPerHourHost)
        {
            return false;
        }

        _hosts[host].Callers++;
        return true;
    }

    /// <summary>Returns the host that a record is counted under: its own, or <c>{other}</c> of its zone.</summary>
    /// <param name="endpoint">The record's interned endpoint, or -1.</param>
    public int HostOf(in TrafficRecord record, int endpoint)
    {
        int zone = endpoint >= 0 ? context.Endpoints[endpoint].Zone : context.Texts.Find(record[RecordText.Zone]);
        int host = endpoint >= 0 ? context.Endpoints[endpoint].Host : context.Texts.Find(record[RecordText.Host]);
        int found = zone < 0 || host < 0 ? -1 : FindHost(zone, host);
        if (found >= 0)
        {
            return found;
        }

        ref ZoneItem item = ref ZoneOf(record[RecordText.Zone]);
        if (item.Hosts < context.Options.HostsPerWindowZone && !record[RecordText.Host].SequenceEqual(Other))
        {
            item.Hosts++;
            return AddHost(context.Texts.AddReference(item.Zone), context.Texts.Acquire(record[RecordText.Host]));
        }

        int other = context.Texts.Acquire(Other);
        found = FindHost(item.Zone, other);
        if (found < 0)
        {
            return AddHost(context.Texts.AddReference(item.Zone), other);
        }

        context.Texts.Release(other);
        return found;
    }

    /// <summary>Returns the endpoint that a record is counted under, with a reference for the caller.</summary>
    /// <param name="own">The record's interned endpoint, or -1.</param>
    public int AcquireEndpoint(in TrafficRecord record, int host, int own)
    {
        bool ownTemplate = (record.Head.Flags & RecordFlags.KnownTemplate) != 0 || AdmitTemplate(record, host, own);
        bool ownHost = own >= 0
            ? context.Endpoints[own].Host == _hosts[host].Host
            : context.Texts[_hosts[host].Host].Span.SequenceEqual(record[RecordText.Host]);
        if (ownTemplate && ownHost && !IsOther(record[RecordText.Template]) && !IsOther(record[RecordText.Host]))
        {
            return own >= 0 ? context.Endpoints.AddReference(own) : context.Endpoints.Acquire(record);
        }

        return context.Endpoints.AcquireFolded(
            record[RecordText.Zone],
            context.Texts[_hosts[host].Host].Span,
            record[RecordText.Method],
            ownTemplate ? record[RecordText.Template] : Other,
            ownTemplate ? record.Head.Surface : Surface.Unknown);
    }

    /// <summary>Returns the client that a record is counted under, with a reference for the caller.</summary>
    /// <param name="own">The record's interned client, or -1.</param>
    public int AcquireClient(in TrafficRecord record, int host, int own)
    {
        if (own >= 0 && IsMember(host, own, MemberKind.Client))
        {
            return context.Clients.AddReference(own);
        }

        if (_hosts[host].Clients >= context.Options.ClientsPerWindowHost || IsOther(record[RecordText.ClientName]))
        {
            return context.Clients.AcquireFolded(record[RecordText.ClientClass], Other, record.Head.Trust);
        }

        _hosts[host].Clients++;
        int client = own >= 0 ? context.Clients.AddReference(own) : context.Clients.Acquire(record);
        AddMember(host, context.Clients.AddReference(client), MemberKind.Client);
        return client;
    }

    public void Clear()
    {
        for (int i = 0; i < _zoneCount; i++)
        {
            context.Texts.Release(_zones[i].Zone);
        }

        for (int i = 0; i < _hostCount; i++)
        {
            context.Texts.Release(_hosts[i].Zone);
            context.Texts.Release(_hosts[i].Host);
        }

        for (int i = 0; i < _memberCount; i++)
        {
            if (_members[i].Kind == MemberKind.Client)
            {
                context.Clients.Release(_members[i].Item);
            }
            else
            {
                context.Texts.Release(_members[i].Item);
            }
        }

        _zoneIndex.Clear();
        _hostIndex.Clear();
        _memberIndex.Clear();
        _zoneCount = 0;
        _hostCount = 0;
        _memberCount = 0;
    }

    private static ulong HostHash(int zone, int host) => ((ulong)(uint)zone << 32) | (uint)host;

    private static ulong MemberHash(int host, int item, MemberKind kind) =>
        ((ulong)(uint)host << 33) | ((ulong)(uint)item << 1) | (kind == MemberKind.Client ? 1UL : 0);

    private static bool IsOther(ReadOnlySpan<byte> text) => text.Length == Other.Length && text.SequenceEqual(Other);

    private bool AdmitTemplate(in TrafficRecord record, int host, int own)
    {
        int text = own >= 0 ? context.Endpoints[own].Template : context.Texts.Find(record[RecordText.Template]);
        if (text >= 0 && IsMember(host, text, MemberKind.Template))
        {
            return true;
        }

        if (_hosts[host].Templates >= context.Options.TemplatesPerWindowHost || IsOther(record[RecordText.Template]))
        {
            return false;
        }

        _hosts[host].Templates++;
        AddMember(host, text >= 0 ? context.Texts.AddReference(text) : context.Texts.Acquire(record[RecordText.Template]), MemberKind.Template);
        return true;
    }

    private ref ZoneItem ZoneOf(ReadOnlySpan<byte> zone)
    {
        int text = context.Texts.Acquire(zone);
        for (IndexTable.Probe probe = _zoneIndex.Find((uint)text); probe.Next();)
        {
            if (_zones[probe.Item].Zone == text)
            {
                context.Texts.Release(text);
                return ref _zones[probe.Item];
            }
        }

        if (_zoneCount == _zones.Length)
        {
            Array.Resize(ref _zones, _zoneCount * 2);
        }

        _zoneIndex.Add((uint)text, _zoneCount);
        _zones[_zoneCount] = new ZoneItem { Zone = text };
        return ref _zones[_zoneCount++];
    }

    private int FindHost(int zone, int host)
    {
        for (IndexTable.Probe probe = _hostIndex.Find(HostHash(zone, host)); probe.Next();)
        {
            if (_hosts[probe.Item].Zone == zone && _hosts[probe.Item].Host == host)
            {
                return probe.Item;
            }
        }

        return -1;
    }

    private int AddHost(int zone, int host)
    {
        if (_hostCount == _hosts.Length)
        {
            Array.Resize(ref _hosts, _hostCount * 2);
        }

        _hostIndex.Add(HostHash(zone, host), _hostCount);
        _hosts[_hostCount] = new HostItem { Zone = zone, Host = host };
        return _hostCount++;
    }

    private bool IsMember(int host, int item, MemberKind kind)
    {
        for (IndexTable.Probe probe = _memberIndex.Find(MemberHash(host, item, kind)); probe.Next();)
        {
            ref readonly Member member = ref _members[probe.Item];
            if (member.Host == host && member.Item == item && member.Kind == kind)
            {
                return true;
            }
        }

        return false;
    }

    private void AddMember(int host, int item, MemberKind kind)
    {
        if (_memberCount == _members.Length)
        {
            Array.Resize(ref _members, _memberCount * 2);
        }

        _memberIndex.Add(MemberHash(host, item, kind), _memberCount);
        _members[_memberCount++] = new Member { Host = host, Item = item, Kind = kind };
    }

    private struct ZoneItem
    {
        public int Zone;
        public int Hosts;
    }

    private struct HostItem
    {
        public int Zone;
        public int Host;
        public int Templates;
        public int Clients;
        public int Callers;
    }

    private struct Member
    {
        public int Host;
        public int Item;
        public MemberKind Kind;
    }
}
