using System.Numerics;
using System.Runtime.InteropServices;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>The rows of <c>callers_1h</c> of one hour and chunk, in the order of their first request.</summary>
/// <remarks>
/// About 170 bytes per caller. Who a caller is (client, network, country, number of its autonomous system) is taken from its earliest
/// request, ties from the one whose values come first byte by byte, so disorder does not show; in an ordered log that is written once.
/// The row of caller 0 stands for all past the cap and says so in its client.
/// </remarks>
internal sealed class CallersTable(CorrelatorContext context, Admission admission)
{
    private const int MostEndpoints = 64;

    private static readonly ClientKey s_other = new("{other}", "{other}", Trust.Claimed);

    private readonly IndexTable _index = new();
    private CallersAggregate[] _rows = new CallersAggregate[16];

    public int RowCount { get; private set; }

    public long BytesHeld => _index.BytesHeld + MemoryMarshal.AsBytes(_rows.AsSpan()).Length;

    public void Count(int host, in ResolvedRequest request)
    {
        ref readonly TrafficHead head = ref request.Record.Head;
        long time = Watermark.Clamp(head.TimeNs);
        ref CallersAggregate row = ref RowOf(host, head.CallerHash, request.Record, time);
        row.Version = context.Version;
        row.Requests++;
        row.Minutes |= 1UL << (int)(time / Watermark.MinuteNs % 60);
        context.Callers.Add(ref row.Endpoints, head.EndpointHash, MostEndpoints);
        if (time <= row.FirstSeenNs && row.Client >= 0)
        {
            Identify(ref row, request.Record, time);
        }

        row.FirstSeenNs = Math.Min(row.FirstSeenNs, time);
        row.LastSeenNs = Math.Max(row.LastSeenNs, time);
        if (request.Lost)
        {
            row.Lost++;
            row.LastLostNs = Math.Max(row.LastLostNs, time);
        }
        else if (head.EdgeStatus is >= 200 and < 400
            && request.Outcome is Outcome.Passed or Outcome.Exempted or Outcome.Logged or Outcome.ChallengeSolved)
        {
            row.Good++;
            row.LastGoodNs = Math.Max(row.LastGoodNs, time);
        }
    }

    /// <summary>Writes the rows that changed since they were written last.</summary>
    public void Write(uint window, ulong chunk)
    {
        for (int i = 0; i < RowCount; i++)
        {
            ref CallersAggregate row = ref _rows[i];
            if (row.Written != row.Version)
            {
                row.Written = row.Version;
                Write(window, chunk, in row);
            }
        }
    }

    public void Clear()
    {
        for (int i = 0; i < RowCount; i++)
        {
            ref CallersAggregate row = ref _rows[i];
            context.Callers.Release(ref row.Endpoints);
            if (row.Client >= 0)
            {
                context.Clients.Release(row.Client);
                context.Texts.Release(row.Network);
                context.Texts.Release(row.Country);
            }
        }

        _index.Clear();
        RowCount = 0;
    }

    private static ulong HashOf(int host, ulong caller) => caller ^ ((ulong)(uint)host * 0x9E3779B97F4A7C15);

    private static bool IsIn(in CallersAggregate row, int host, ulong caller) => row.Host == host && row.Caller == caller;

    private int Find(int host, ulong caller)
    {
        for (IndexTable.Probe probe = _index.Find(HashOf(host, caller)); probe.Next();)
        {
            if (IsIn(in _rows[probe.Item], host, caller))
            {
                return probe.Item;
            }
        }

        return -1;
    }

    private ref CallersAggregate RowOf(int host, ulong caller, in TrafficRecord record, long time)
    {
        int found = Find(host, caller);
        if (found >= 0)
        {
            return ref _rows[found];
        }

        bool admitted = caller != 0 && admission.AdmitCaller(host);
        if (!admitted && caller != 0)
        {
            caller = 0;
            found = Find(host, caller);
            if (found >= 0)
            {
                return ref _rows[found];
            }
        }

        if (RowCount == _rows.Length)
        {
            Array.Resize(ref _rows, RowCount * 2);
        }

        _index.Add(HashOf(host, caller), RowCount);
        ref CallersAggregate row = ref _rows[RowCount++];
        row = new CallersAggregate
        {
            Host = host,
            Caller = caller,
            Client = admitted ? context.Clients.Acquire(record) : -1,
            Network = admitted ? context.Texts.Acquire(record[RecordText.Network]) : -1,
            Country = admitted ? context.Texts.Acquire(record[RecordText.Country]) : -1,
            Asn = admitted ? record.Head.Asn : 0,
            FirstSeenNs = time,
            LastSeenNs = time,
        };
        return ref row;
    }

    /// <summary>Takes the identity of an earlier request, or of a simultaneous one whose values come first.</summary>
    private void Identify(ref CallersAggregate row, in TrafficRecord record, long time)
    {
        if (time == row.FirstSeenNs && Compare(row, record) <= 0)
        {
            return;
        }

        context.Clients.Release(row.Client);
        context.Texts.Release(row.Network);
        context.Texts.Release(row.Country);
        row.Client = context.Clients.Acquire(record);
        row.Network = context.Texts.Acquire(record[RecordText.Network]);
        row.Country = context.Texts.Acquire(record[RecordText.Country]);
        row.Asn = record.Head.Asn;
    }

    private int Compare(in CallersAggregate row, in TrafficRecord record)
    {
        ClientKey client = context.Clients[row.Client];
        int order = client.Class.Span.SequenceCompareTo(record[RecordText.ClientClass]);
        order = order != 0 ? order : client.Name.Span.SequenceCompareTo(record[RecordText.ClientName]);
        order = order != 0 ? order : client.Trust.CompareTo(record.Head.Trust);
        order = order != 0 ? order : context.Texts[row.Network].Span.SequenceCompareTo(record[RecordText.Network]);
        order = order != 0 ? order : context.Texts[row.Country].Span.SequenceCompareTo(record[RecordText.Country]);
        return order != 0 ? order : row.Asn.CompareTo(record.Head.Asn);
    }

    private void Write(uint window, ulong chunk, in CallersAggregate row)
    {
        (int zone, int host) = admission.TextsOf(row.Host);
        bool known = row.Client >= 0;
        context.Sink.Add(new CallersRow
        {
            Key = new RowKey(window, context.Partition, chunk, row.Version),
            Zone = context.Texts[zone],
            Host = context.Texts[host],
            Caller = row.Caller,
            Client = known ? context.Clients[row.Client] : s_other,
            Network = known ? context.Texts[row.Network] : default,
            Country = known ? context.Texts[row.Country] : default,
            Asn = row.Asn,
            Requests = row.Requests,
            Good = row.Good,
            Lost = row.Lost,
            Endpoints = (ushort)row.Endpoints.Count,
            Minutes = (ushort)BitOperations.PopCount(row.Minutes),
            FirstSeenNs = row.FirstSeenNs,
            LastSeenNs = row.LastSeenNs,
            LastGoodNs = row.LastGoodNs,
            LastLostNs = row.LastLostNs,
        });
    }
}
