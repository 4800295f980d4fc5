using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using CfLogStream.Benchmarks.Layers.Input;

namespace CfLogStream.Benchmarks.Layers.Columns;

/// <summary>Columns that say what a benchmark takes per record and per byte of its input.</summary>
internal sealed class LogColumns : IColumn
{
    private readonly Func<LogInput, BenchmarkReport, string> _text;

    private LogColumns(string name, string legend, Func<LogInput, BenchmarkReport, string> text)
    {
        ColumnName = name;
        Legend = legend;
        _text = text;
    }

    public static IColumn NsPerRecord { get; } = new LogColumns(
        "ns/record",
        "Nanoseconds per line of the input",
        (log, report) => Number(report.ResultStatistics!.Mean / log.Lines.Length, "N1"));

    public static IColumn MegabytesPerSecond { get; } = new LogColumns(
        "MB/s",
        "Megabytes (10^6) of the input's JSON per second",
        (log, report) => Number(log.Bytes.Length / report.ResultStatistics!.Mean * 1000, "N0"));

    public static IColumn BytesPerRecord { get; } = new LogColumns(
        "B/record",
        "Bytes allocated per line of the input",
        (log, report) => report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) is { } bytes
            ? Number((double)bytes / log.Lines.Length, "N2")
            : "");

    public string Id => nameof(LogColumns) + ColumnName;

    public string ColumnName { get; }

    public string Legend { get; }

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => true;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, summary.Style);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
        summary[benchmarkCase] is { ResultStatistics: not null } report
            ? _text(LogInput.Of((InputKind)benchmarkCase.Parameters[nameof(LayerBenchmark.Input)]), report)
            : "";

    public override string ToString() => ColumnName;

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
