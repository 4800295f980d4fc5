using System.Text;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Tapping;

/// <summary>Called with each record of the log that passes a filter.</summary>
public delegate void TapConsumer(in TrafficRecord record, long receivedNs);

/// <summary>Reads and classifies the records of messages of the log, as the process role does, and gives out those that pass a filter.</summary>
public sealed class LogTap
{
    private readonly SliceReader _reader;
    private readonly LogRecord _record;
    private readonly TrafficClassifier _classifier;
    private readonly TrafficBatch _batch = new();
    private readonly byte[] _host;
    private readonly byte[] _path;
    private readonly byte[] _ray;
    private readonly byte[] _client;
    private readonly bool _stopped;

    public LogTap(ClassificationTables tables, TapFilter filter)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(filter);
        _reader = new SliceReader(tables.Settings.ExtraFields);
        _record = _reader.CreateRecord();
        _classifier = new TrafficClassifier(tables);
        _host = Encoding.UTF8.GetBytes(filter.Host);
        _path = Encoding.UTF8.GetBytes(filter.Path);
        _ray = Encoding.UTF8.GetBytes(filter.Ray);
        _client = Encoding.UTF8.GetBytes(filter.Client);
        _stopped = filter.Stopped;
    }

    /// <summary>Gives out the records of a message that pass. A message that is no slice has none.</summary>
    /// <returns>Whether the message could be read.</returns>
    public bool Read(LogMessage message, TapConsumer consumer)
    {
        if (_reader.Open(message.Header, message.Value) != SliceStatus.Ok)
        {
            return false;
        }

        if (_reader.Kind is not (SliceKind.HttpRequests or SliceKind.FirewallEvents))
        {
            return true;
        }

        while (_reader.TryReadNext(_record, out SliceRecord info))
        {
            if (info.IsCopy)
            {
                continue;
            }

            _batch.Clear();
            _classifier.Classify(_record, _batch);
            TrafficRecord record = _batch[0];
            if (Passes(record))
            {
                consumer(record, _reader.ReceivedNs);
            }
        }

        return true;
    }

    private bool Passes(in TrafficRecord record) =>
        (!_stopped || record.Head.Outcome >= Outcome.Challenged)
        && (_host.Length == 0 || record[RecordText.Host].SequenceEqual(_host))
        && (_path.Length == 0 || record[RecordText.Template].StartsWith(_path))
        && (_ray.Length == 0 || record[RecordText.Ray].SequenceEqual(_ray))
        && (_client.Length == 0 || record[RecordText.ClientClass].SequenceEqual(_client));
}
