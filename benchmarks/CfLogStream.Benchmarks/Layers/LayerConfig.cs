using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using CfLogStream.Benchmarks.Layers.Columns;
using Perfolizer.Horology;

namespace CfLogStream.Benchmarks.Layers;

/// <summary>How BenchmarkDotNet measures the layers and what its tables show.</summary>
internal sealed class LayerConfig : ManualConfig
{
    public LayerConfig()
    {
        // A call goes through 64 MB: a few of them are a long time, so no more are made than a stable mean needs. The warm-up is long
        // because calls are few: correlation takes seconds until all of it is compiled with optimisation (measured: 2.3 µs a record
        // before, 0.5 after).
        AddJob(Job.Default
            .WithIterationTime(TimeInterval.FromMilliseconds(250))
            .WithWarmupCount(12)
            .WithMinIterationCount(8)
            .WithMaxIterationCount(12));
        AddDiagnoser(MemoryDiagnoser.Default);
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddColumn(LogColumns.NsPerRecord, LogColumns.MegabytesPerSecond, LogColumns.BytesPerRecord);
        HideColumns(Column.Error, Column.RatioSD, Column.Gen0, Column.Gen1, Column.Gen2, Column.AllocRatio);
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
    }
}
