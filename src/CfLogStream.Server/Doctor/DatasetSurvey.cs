using CfLogStream.Core.Logpush;

namespace CfLogStream.Server.Doctor;

/// <summary>What was seen of one dataset: how many records have each field.</summary>
internal sealed class DatasetSurvey
{
    private readonly LogField[] _fields;
    private readonly LogField _time;
    private readonly long[] _present = new long[(int)LogField.Count];
    private readonly long[] _valued = new long[(int)LogField.Count];
    private readonly long[] _times = new long[3];

    public DatasetSurvey(Dataset dataset)
    {
        Dataset = dataset;
        _fields = [.. FieldPurposes.Of(dataset).SelectMany(purpose => purpose.Fields.Concat(purpose.Substitutes)).Distinct()];
        _time = dataset switch
        {
            Dataset.FirewallEvents => LogField.Datetime,
            Dataset.AuditLogs => LogField.When,
            Dataset.AuditLogsV2 => LogField.ActionTimestamp,
            _ => LogField.EdgeStartTimestamp,
        };
    }

    public Dataset Dataset { get; }

    public string Name => DatasetNames.Of(Dataset);

    /// <summary>Records of the dataset, also those that lack their RayID or time.</summary>
    public long Records { get; private set; }

    public long OldestNs { get; private set; } = long.MaxValue;

    public long NewestNs { get; private set; } = long.MinValue;

    /// <summary>Records that have the field, whatever its value.</summary>
    public long Present(LogField field) => _present[(int)field];

    /// <summary>Records in which the field says something.</summary>
    public long Valued(LogField field) => _valued[(int)field];

    /// <summary>Records whose time is of a form.</summary>
    public long Times(TimeForm form) => _times[(int)form];

    public void Add(LogRecord record, bool hasTime)
    {
        Records++;
        foreach (LogField field in _fields)
        {
            if (!record.Has(field))
            {
                continue;
            }

            _present[(int)field]++;
            if (!IsNothing(record.Text(field)))
            {
                _valued[(int)field]++;
            }
        }

        if (record.Has(_time))
        {
            _times[(int)TimeForms.Of(record.Text(_time))]++;
        }

        if (hasTime)
        {
            OldestNs = Math.Min(OldestNs, record.TimeNs);
            NewestNs = Math.Max(NewestNs, record.TimeNs);
        }
    }

    /// <summary>The ways in which Logpush writes that there is no value.</summary>
    private static bool IsNothing(ReadOnlySpan<byte> text) =>
        text.IsEmpty || text.SequenceEqual("0"u8) || text.SequenceEqual("00"u8) || text.SequenceEqual("[]"u8) || text.SequenceEqual("{}"u8);
}
