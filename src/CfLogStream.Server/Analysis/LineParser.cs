using CfLogStream.Core;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Insight.Changes;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Server.Sources;

namespace CfLogStream.Server.Analysis;

/// <summary>Parses and classifies batches of lines; one per worker.</summary>
internal sealed class LineParser
{
    private readonly ReaderOptions _options;
    private readonly RecordReader _reader;
    private readonly LogRecord _record;
    private readonly TrafficClassifier _classifier;

    public LineParser(ReaderOptions options, ClassificationTables tables)
    {
        _options = options;
        _reader = new RecordReader(options);
        _record = _reader.CreateRecord();
        _classifier = new TrafficClassifier(tables);
    }

    /// <summary>Parses every line of a batch into <paramref name="parsed"/>, which is empty.</summary>
    public void Parse(LineBatch lines, ParsedBatch parsed)
    {
        if (lines.LongLine is { } longLine)
        {
            parsed.Lines++;
            parsed.LineBytes += longLine.Length;
            parsed.ByStatus[(int)longLine.Reason]++;
            parsed.DeadLetters.Add(longLine);
        }

        int position = PaddedBuffer.Padding;
        for (int i = 0; _reader.TryReadNext(lines.Buffer, ref position, _record, out LineSpan line, out ReadStatus status, out int errorColumn); i++)
        {
            parsed.Lines++;
            parsed.LineBytes += line.Length + 1;
            parsed.ByStatus[(int)status]++;
            if (_record.Dataset != Dataset.Unknown)
            {
                parsed.ByDataset[(int)_record.Dataset]++;
            }

            if (status == ReadStatus.Record)
            {
                Take(parsed);
            }
            else if (ReadStatusNames.IsDeadLetter(status))
            {
                parsed.DeadLetters.Add(DeadLetter.Of(
                    status, _record, errorColumn, lines.Source, lines.LineNumber(i), lines.ByteOffset(line.Start), _options.DeadLetterBytes));
            }
        }
    }

    /// <summary>Returns the event times of a batch and nothing else of it.</summary>
    public TimesSeen TimesOf(LineBatch lines)
    {
        TimesSeen times = TimesSeen.None;
        int position = PaddedBuffer.Padding;
        while (_reader.TryReadNext(lines.Buffer, ref position, _record, out _, out ReadStatus status, out _))
        {
            if (status == ReadStatus.Record)
            {
                times = times.With(_record.TimeNs);
            }
        }

        return times;
    }

    private void Take(ParsedBatch parsed)
    {
        parsed.Times = parsed.Times.With(_record.TimeNs);
        if (_record.Dataset is Dataset.HttpRequests or Dataset.FirewallEvents)
        {
            _classifier.Classify(_record, parsed.Traffic);
            return;
        }

        ReadOnlySpan<byte> id = _record.Text(_record.Dataset == Dataset.AuditLogs ? LogField.ID : LogField.AuditLogID);
        parsed.Audits.Add(new AuditMark(_record.TimeNs, _record.Dataset, StableHash.Of(id.IsEmpty ? _record.Line : id)));
        if (AuditChanges.TryRead(_record, out ChangeEntry? change))
        {
            parsed.Changes.Add(change);
        }
    }
}
