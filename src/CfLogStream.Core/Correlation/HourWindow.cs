using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>One hour of event time in one chunk: its rows of <c>callers_1h</c> and <c>rules</c>.</summary>
internal sealed class HourWindow
{
    private readonly CorrelatorContext _context;
    private readonly Admission _admission;
    private readonly CallersTable _callers;
    private readonly RulesTable _rules;

    public HourWindow(CorrelatorContext context)
    {
        _context = context;
        _admission = new Admission(context);
        _callers = new CallersTable(context, _admission);
        _rules = new RulesTable(context);
    }

    /// <summary>Start of the hour in seconds since 1970-01-01 UTC.</summary>
    public uint Start { get; private set; }

    public ulong Chunk { get; private set; }

    /// <summary>The offset of the first contribution.</summary>
    public long FirstOffset { get; private set; }

    public int RowCount => _callers.RowCount + _rules.RowCount;

    public long BytesHeld => _admission.BytesHeld + _callers.BytesHeld + _rules.BytesHeld;

    /// <summary>Tells this window from all others, and from itself at another time.</summary>
    public long Serial { get; private set; }

    public void Open(uint start, ulong chunk)
    {
        Serial = ++_context.WindowSerial;
        Start = start;
        Chunk = chunk;
        FirstOffset = _context.Offset;
    }

    public void Count(in ResolvedRequest request, ReadOnlySpan<Match> matches, ref DimensionMemo.Pair pair)
    {
        if (request.Record.Head.Surface is Surface.Api or Surface.Unknown or Surface.Mixed)
        {
            if (pair.Hour != Serial)
            {
                int endpoint = pair.Endpoint >= 0 ? pair.Endpoint : _context.Endpoints.Find(request.Record);
                pair.Host = _admission.HostOf(request.Record, endpoint);
                pair.Hour = Serial;
            }

            _callers.Count(pair.Host, request);
        }

        if (!matches.IsEmpty)
        {
            int zone = _context.Texts.Acquire(request.Record[RecordText.Zone]);
            foreach (ref readonly Match match in matches)
            {
                _rules.Count(zone, in match, Watermark.Clamp(request.Record.Head.TimeNs));
            }

            _context.Texts.Release(zone);
        }
    }

    /// <summary>Writes the rows that changed since they were written last.</summary>
    public void WriteChanged()
    {
        _callers.Write(Start, Chunk);
        _rules.Write(Start, Chunk);
    }

    /// <summary>Writes what is left to write and forgets everything.</summary>
    public void Close()
    {
        WriteChanged();
        _callers.Clear();
        _rules.Clear();
        _admission.Clear();
    }
}
