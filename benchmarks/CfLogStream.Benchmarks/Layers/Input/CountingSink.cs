using CfLogStream.Core.Correlation;

namespace CfLogStream.Benchmarks.Layers.Input;

/// <summary>Counts rows and drops them.</summary>
internal sealed class CountingSink : IRowSink
{
    public long Rows { get; private set; }

    public void Add(in RequestsRow row) => Rows++;

    public void Add(in MitigationsRow row) => Rows++;

    public void Add(in CallersRow row) => Rows++;

    public void Add(in RuleRow row) => Rows++;

    public void Add(in RequestRow row) => Rows++;

    public void Add(in QualityRow row) => Rows++;
}
