using CfLogStream.Core.Correlation;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Benchmarks.Layers.Input;

/// <summary>Keeps the rows of aggregates, which are nearly all rows, for the encoder; kept requests are views and cannot be.</summary>
internal sealed class KeptRows : IRowSink
{
    public List<RequestsRow> Requests { get; } = [];

    public List<MitigationsRow> Mitigations { get; } = [];

    public List<CallersRow> Callers { get; } = [];

    public int Count => Requests.Count + Mitigations.Count + Callers.Count;

    public void Add(in RequestsRow row) => Requests.Add(row with { Latency = row.Latency.ToArray(), Callers = row.Callers.ToArray() });

    public void Add(in MitigationsRow row) => Mitigations.Add(row with
    {
        BotScores = row.BotScores.ToArray(),
        WafScores = row.WafScores.ToArray(),
        Callers = row.Callers.ToArray(),
        ExampleRays = row.ExampleRays.ToArray(),
    });

    public void Add(in CallersRow row) => Callers.Add(row);

    public void Add(in RuleRow row)
    {
    }

    public void Add(in RequestRow row)
    {
    }

    public void Add(in QualityRow row)
    {
    }

    /// <summary>The rows of an input.</summary>
    public static KeptRows Of(LogInput log)
    {
        var rows = new KeptRows();
        var correlator = new Correlator(new CorrelationOptions(), rows, partition: 1);
        long offset = 0;
        new ClassifiedInput(log).Play((in TrafficRecord record) => correlator.Add(in record, offset++));
        correlator.Complete();
        return rows;
    }
}
