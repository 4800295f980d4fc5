using CfLogStream.Generator.Scenarios;
using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.Uploads;

namespace CfLogStream.Generator.Records;

/// <summary>Turns requests into lines of the datasets, with the audit log records that fall between them.</summary>
internal sealed class RecordOutput : IRecordOutput
{
    private readonly RecordBuffer _http = new();
    private readonly RecordBuffer _event = new() { EscapeHtml = true };
    private readonly RecordBuffer _audit = new();
    private readonly HttpRecordWriter _full;
    private readonly MinimalRecordWriter? _minimal;
    private readonly FirewallRecordWriter _events;
    private readonly AuditRecordWriter _audits;
    private readonly OddityMaker _oddities;
    private readonly DatasetStream _requests;
    private readonly DatasetStream _firewall;
    private readonly DatasetStream _auditLogs;
    private readonly DatasetStream _auditLogs2;
    private readonly ConfigurationChange[] _changes;
    private int _nextChange;
    private long _lines;
    private long _bytes;

    public RecordOutput(GeneratorOptions options, OddityMaker oddities, DatasetStream[] streams, IEnumerable<ConfigurationChange> changes)
    {
        _full = new HttpRecordWriter(options.TimestampFormat);
        _minimal = options.Minimal ? new MinimalRecordWriter(options.TimestampFormat) : null;
        _events = new FirewallRecordWriter(options.TimestampFormat);
        _audits = new AuditRecordWriter(options.TimestampFormat, options.Seed);
        _oddities = oddities;
        (_requests, _firewall, _auditLogs, _auditLogs2) = (streams[0], streams[1], streams[2], streams[3]);
        _changes = [.. changes.OrderBy(change => change.Ms)];
        CountsLines = options.TargetBytes is null;
        Limit = options.TargetBytes ?? options.Records - _changes.Sum(change => (change.InVersion1 ? 1 : 0) + (change.InVersion2 ? 1 : 0));
    }

    public bool CountsLines { get; }

    public double Limit { get; }

    public double Used => CountsLines ? _lines : _bytes;

    public void Write(Request request)
    {
        WriteChanges(request.StartMs);
        _http.Clear();
        if (_minimal is not null)
        {
            _minimal.Write(_http, request);
        }
        else
        {
            (_oddities.HttpWriter ?? _full).Write(_http, request);
        }

        Add(_requests, _http, request.StartMs);
        for (int i = 0; i < request.MatchCount; i++)
        {
            _event.Clear();
            (_oddities.EventWriter ?? _events).Write(_event, request, i);
            Add(_firewall, _event, request.StartMs);
        }
    }

    /// <summary>Writes the changes up to <paramref name="ms"/>.</summary>
    public void WriteChanges(long ms)
    {
        while (_nextChange < _changes.Length && _changes[_nextChange].Ms <= ms)
        {
            ConfigurationChange change = _changes[_nextChange++];
            if (change.InVersion1)
            {
                _audit.Clear();
                _audits.Write(_audit, change);
                _auditLogs.Add(_audit.Written, change.Ms);
            }

            if (change.InVersion2)
            {
                _audit.Clear();
                _audits.WriteVersion2(_audit, change);
                _auditLogs2.Add(_audit.Written, change.Ms);
            }
        }
    }

    private void Add(DatasetStream stream, RecordBuffer line, long ms)
    {
        _lines++;
        _bytes += line.Length;
        _oddities.Apply(stream, line, ms);
        stream.Add(line.Written, ms);
    }
}
