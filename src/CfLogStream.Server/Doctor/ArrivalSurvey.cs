using CfLogStream.Core;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;
using CfLogStream.Server.Sources;

namespace CfLogStream.Server.Doctor;

/// <summary>Looks at uploads as they arrive, before anything is made of them: fields, times, rays, sizes. One thread.</summary>
public sealed class ArrivalSurvey
{
    private readonly RecordReader _reader;
    private readonly LogRecord _record;
    private readonly LineBatchPool _pool;
    private readonly DatasetSurvey[] _datasets;
    private readonly long[] _byStatus = new long[(int)ReadStatus.NoTime + 1];
    private readonly List<SourceError> _errors = [];

    public ArrivalSurvey(ReaderOptions reader)
    {
        _reader = new RecordReader(reader);
        _record = _reader.CreateRecord();
        _pool = new LineBatchPool(new LineBatchOptions { Reader = reader });
        _datasets = [.. Enum.GetValues<Dataset>().Select(dataset => new DatasetSurvey(dataset))];
    }

    /// <summary>Files that were read.</summary>
    public int Files { get; private set; }

    /// <summary>Lines that hold something.</summary>
    public long Lines { get; private set; }

    /// <summary>The largest file when inflated.</summary>
    public long LargestBytes { get; private set; }

    /// <summary>The most lines of a file.</summary>
    public long MostLines { get; private set; }

    internal RaySample Rays { get; } = new();

    internal IReadOnlyList<SourceError> Errors => _errors;

    internal IReadOnlyList<DatasetSurvey> Datasets => _datasets;

    /// <summary>Reads a file to its end.</summary>
    public void Read(LogFile file, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(file);
        using var reader = new LineBatchReader(file, _pool);
        long lines = 0;
        while (reader.TryRead(out LineBatch? batch))
        {
            using (batch)
            {
                ct.ThrowIfCancellationRequested();
                lines += Read(batch);
            }
        }

        Files++;
        Lines += lines;
        LargestBytes = Math.Max(LargestBytes, reader.InflatedBytes);
        MostLines = Math.Max(MostLines, lines);
        if (reader.Error is { } error)
        {
            _errors.Add(error);
        }
    }

    internal long Count(ReadStatus status) => _byStatus[(int)status];

    private long Read(LineBatch batch)
    {
        long lines = 0;
        if (batch.LongLine is { } line)
        {
            lines++;
            _byStatus[(int)line.Reason]++;
        }

        int position = PaddedBuffer.Padding;
        while (_reader.TryReadNext(batch.Buffer, ref position, _record, out _, out ReadStatus status, out _))
        {
            _byStatus[(int)status]++;
            lines += status == ReadStatus.Blank ? 0 : 1;
            if (status is ReadStatus.Record or ReadStatus.NoRayId or ReadStatus.NoTime)
            {
                Take(status);
            }
        }

        return lines;
    }

    private void Take(ReadStatus status)
    {
        bool hasTime = status == ReadStatus.Record;
        _datasets[(int)_record.Dataset].Add(_record, hasTime);
        if (!hasTime)
        {
            return;
        }

        if (_record.Dataset == Dataset.HttpRequests)
        {
            Rays.AddRequest(StableHash.Of(_record.Text(LogField.RayID)));
        }
        else if (_record.Dataset == Dataset.FirewallEvents)
        {
            Rays.AddEvent(StableHash.Of(_record.Text(LogField.RayID)), _record.TimeNs);
        }
    }
}
