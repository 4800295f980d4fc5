using System.Runtime.InteropServices;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>The rows of <c>requests_1m</c> of one window and chunk, in the order of their first request.</summary>
/// <remarks>About 230 bytes per row plus its callers beyond the first. Reused for later windows; the arrays keep their size.</remarks>
internal sealed class RequestsTable(CorrelatorContext context)
{
    private readonly IndexTable _index = new();
    private readonly ulong[] _latency = new ulong[LatencyBuckets.Count];
    private RequestsAggregate[] _rows = new RequestsAggregate[16];

    public int RowCount { get; private set; }

    public long BytesHeld => _index.BytesHeld + MemoryMarshal.AsBytes(_rows.AsSpan()).Length;

    public ref readonly RequestsAggregate this[int row] => ref _rows[row];

    /// <summary>Finds the row of an endpoint and a client; -1 when there is none or either is not interned.</summary>
    public int Find(int endpoint, int client)
    {
        if (endpoint < 0 || client < 0)
        {
            return -1;
        }

        for (IndexTable.Probe probe = _index.Find(HashOf(endpoint, client)); probe.Next();)
        {
            ref readonly RequestsAggregate row = ref _rows[probe.Item];
            if (row.Endpoint == endpoint && row.Client == client)
            {
                return probe.Item;
            }
        }

        return -1;
    }

    /// <summary>Adds a row that is not there; takes over the references to its endpoint and client.</summary>
    public int Add(int endpoint, int client)
    {
        if (RowCount == _rows.Length)
        {
            Array.Resize(ref _rows, RowCount * 2);
        }

        _rows[RowCount] = new RequestsAggregate { Endpoint = endpoint, Client = client };
        _index.Add(HashOf(endpoint, client), RowCount);
        return RowCount++;
    }

    public void Count(int number, in ResolvedRequest request)
    {
        ref readonly TrafficHead head = ref request.Record.Head;
        ref RequestsAggregate row = ref _rows[number];
        row.Version = context.Version;
        row.Requests++;
        row.EventOnly += request.HasRequest ? 0U : 1;
        row.Outcomes[(int)request.Outcome & 7]++;
        row.Lost += request.Lost ? 1U : 0;
        row.Preflights += (head.Flags & RecordFlags.Preflight) != 0 ? 1U : 0;
        int status = head.EdgeStatus / 100;
        row.Statuses[status is >= 1 and <= 5 ? status : 0]++;
        if (status is 4 or 5)
        {
            if (head.OriginStatus != 0)
            {
                row.OriginErrors++;
            }
            else if ((head.Flags & RecordFlags.HasOriginStatus) != 0 || request.Lost)
            {
                row.EdgeErrors++;
            }
        }

        row.RequestBytes += (ulong)Math.Max(0, head.RequestBytes);
        row.ResponseBytes += (ulong)Math.Max(0, head.ResponseBytes);
        if (head.LatencyMs >= 0)
        {
            row.Latency[LatencyBuckets.IndexOf(head.LatencyMs)]++;
        }

        context.Callers.Add(ref row.Callers, head.CallerHash, context.Options.CallersPerRow);
    }

    /// <summary>Writes the rows that changed since they were written last.</summary>
    public void Write(uint window, ulong chunk)
    {
        for (int i = 0; i < RowCount; i++)
        {
            ref RequestsAggregate row = ref _rows[i];
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
            ref RequestsAggregate row = ref _rows[i];
            context.Endpoints.Release(row.Endpoint);
            context.Clients.Release(row.Client);
            context.Callers.Release(ref row.Callers);
        }

        _index.Clear();
        RowCount = 0;
    }

    private static ulong HashOf(int endpoint, int client) => ((ulong)(uint)endpoint << 32) | (uint)client;

    private void Write(uint window, ulong chunk, in RequestsAggregate row)
    {
        for (int i = 0; i < _latency.Length; i++)
        {
            _latency[i] = row.Latency[i];
        }

        context.Sink.Add(new RequestsRow
        {
            Key = new RowKey(window, context.Partition, chunk, row.Version),
            Endpoint = context.Endpoints[row.Endpoint].Key,
            Client = context.Clients[row.Client],
            Requests = row.Requests,
            EventOnly = row.EventOnly,
            Passed = row.Outcomes[(int)Outcome.Passed],
            Exempted = row.Outcomes[(int)Outcome.Exempted],
            Logged = row.Outcomes[(int)Outcome.Logged],
            Challenged = row.Outcomes[(int)Outcome.Challenged],
            ChallengeSolved = row.Outcomes[(int)Outcome.ChallengeSolved],
            RateLimited = row.Outcomes[(int)Outcome.RateLimited],
            Blocked = row.Outcomes[(int)Outcome.Blocked],
            Dropped = row.Outcomes[(int)Outcome.Dropped],
            Lost = row.Lost,
            EdgeErrors = row.EdgeErrors,
            OriginErrors = row.OriginErrors,
            Preflights = row.Preflights,
            Status1xx = row.Statuses[1],
            Status2xx = row.Statuses[2],
            Status3xx = row.Statuses[3],
            Status4xx = row.Statuses[4],
            Status5xx = row.Statuses[5],
            StatusOther = row.Statuses[0],
            RequestBytes = row.RequestBytes,
            ResponseBytes = row.ResponseBytes,
            Latency = _latency,
            Callers = context.Callers.Sorted(row.Callers),
        });
    }
}
