using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>
/// One minute of event time in one chunk: its rows of <c>requests_1m</c>, <c>mitigations_1m</c>, <c>quality_1m</c> and what is kept of
/// it.
/// </summary>
internal sealed class MinuteWindow
{
    private const int Datasets = 5;

    private readonly CorrelatorContext _context;
    private readonly Admission _admission;
    private readonly RequestsTable _requests;
    private readonly MitigationsTable _mitigations;
    private readonly KeptRequests _kept;
    private readonly QualityCounts[] _quality = new QualityCounts[Datasets];

    public MinuteWindow(CorrelatorContext context)
    {
        _context = context;
        _admission = new Admission(context);
        _requests = new RequestsTable(context);
        _mitigations = new MitigationsTable(context);
        _kept = new KeptRequests(context);
    }

    /// <summary>Start of the minute in seconds since 1970-01-01 UTC.</summary>
    public uint Start { get; private set; }

    public ulong Chunk { get; private set; }

    /// <summary>The offset of the first contribution.</summary>
    public long FirstOffset { get; private set; }

    public int RowCount => _requests.RowCount + _mitigations.RowCount;

    public long BytesHeld => _admission.BytesHeld + _requests.BytesHeld + _mitigations.BytesHeld + _kept.BytesHeld;

    /// <summary>Tells this window from all others, and from itself at another time.</summary>
    public long Serial { get; private set; }

    public void Open(uint start, ulong chunk)
    {
        Serial = ++_context.WindowSerial;
        Start = start;
        Chunk = chunk;
        FirstOffset = _context.Offset;
    }

    public ref QualityCounts Quality(Dataset dataset)
    {
        ref QualityCounts quality = ref _quality[(int)dataset < Datasets ? (int)dataset : 0];
        quality.Version = _context.Version;
        return ref quality;
    }

    public void Count(in ResolvedRequest request, ReadOnlySpan<Match> matches, ref DimensionMemo.Pair pair, RayTable rays)
    {
        int row = pair.Minute == Serial ? pair.Row : RowOf(request.Record, ref pair);
        _requests.Count(row, request);
        if (!matches.IsEmpty)
        {
            int endpoint = _requests[row].Endpoint;
            int client = _requests[row].Client;
            for (int i = 0; i < matches.Length; i++)
            {
                bool lost = i == 0 && request.Lost && request.HasTerminatingMatch;
                _mitigations.Count(endpoint, client, in matches[i], lost, request);
            }
        }

        if (KeptRequests.Wants(request, _context.Options))
        {
            int endpoint = pair.Endpoint >= 0 ? pair.Endpoint : _context.Endpoints.Find(request.Record);
            _kept.Add(_admission.HostOf(request.Record, endpoint), request, matches, rays);
        }
    }

    /// <summary>Keeps a request without counting it.</summary>
    public void Keep(in ResolvedRequest request, ReadOnlySpan<Match> matches, RayTable rays) =>
        _kept.Add(_admission.HostOf(request.Record, _context.Endpoints.Find(request.Record)), request, matches, rays);

    /// <summary>Writes the rows that changed since they were written last.</summary>
    public void WriteChanged()
    {
        _requests.Write(Start, Chunk);
        _mitigations.Write(Start, Chunk);
        for (int i = 0; i < Datasets; i++)
        {
            ref QualityCounts quality = ref _quality[i];
            if (quality.Written != quality.Version)
            {
                quality.Written = quality.Version;
                Write((Dataset)i, in quality);
            }
        }
    }

    /// <summary>Writes the rows that changed while the window is open, and the lost requests that are new.</summary>
    public void WriteEarly()
    {
        WriteChanged();
        _kept.WriteEarly();
    }

    /// <summary>Writes what is left to write and forgets everything.</summary>
    public void Close(RayTable rays)
    {
        WriteChanged();
        _kept.Write();
        _kept.Clear(rays);
        _requests.Clear();
        _mitigations.Clear();
        _admission.Clear();
        Array.Clear(_quality);
    }

    private int RowOf(in TrafficRecord record, ref DimensionMemo.Pair pair)
    {
        int ownEndpoint = pair.Endpoint >= 0 ? pair.Endpoint : _context.Endpoints.Find(record);
        int ownClient = pair.Client >= 0 ? pair.Client : _context.Clients.Find(record);
        int row = _requests.Find(ownEndpoint, ownClient);
        if (row < 0)
        {
            row = Admit(record, _admission.HostOf(record, ownEndpoint), ownEndpoint, ownClient);
        }

        pair.Minute = Serial;
        pair.Row = row;
        if (pair.Endpoint < 0 && _requests[row].Endpoint == ownEndpoint && _requests[row].Client == ownClient)
        {
            _context.Memo.Know(ref pair, ownEndpoint, ownClient);
        }

        return row;
    }

    private int Admit(in TrafficRecord record, int host, int ownEndpoint, int ownClient)
    {
        int endpoint = _admission.AcquireEndpoint(record, host, ownEndpoint);
        int client = _admission.AcquireClient(record, host, ownClient);
        int row = _requests.Find(endpoint, client);
        if (row < 0)
        {
            return _requests.Add(endpoint, client);
        }

        _context.Endpoints.Release(endpoint);
        _context.Clients.Release(client);
        return row;
    }

    private void Write(Dataset dataset, in QualityCounts quality) => _context.Sink.Add(new QualityRow
    {
        Key = new RowKey(Start, _context.Partition, Chunk, quality.Version),
        Dataset = dataset,
        Received = quality.Received,
        Counted = quality.Counted,
        Duplicates = quality.Duplicates,
        DeadLettered = quality.DeadLettered,
        Late = quality.Late,
        Future = quality.Future,
        Unmatched = quality.Unmatched,
        Subrequests = quality.Subrequests,
        Internal = quality.Internal,
        Forced = quality.Forced,
    });
}
