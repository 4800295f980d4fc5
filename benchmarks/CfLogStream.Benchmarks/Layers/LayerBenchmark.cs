using BenchmarkDotNet.Attributes;
using CfLogStream.Benchmarks.Layers.Input;

namespace CfLogStream.Benchmarks.Layers;

/// <summary>What the benchmarks of all layers share: every call of a method goes once through the whole input.</summary>
/// <remarks>So the columns of <see cref="Columns.LogColumns"/> can tell bytes and records from the input alone.</remarks>
public abstract class LayerBenchmark
{
    /// <summary>The inputs of this layer.</summary>
    public abstract IEnumerable<InputKind> Inputs { get; }

    [ParamsSource(nameof(Inputs))]
    public InputKind Input { get; set; }

    protected LogInput Log { get; private set; } = null!;

    [GlobalSetup]
    public void Setup()
    {
        Log = LogInput.Of(Input);
        Prepare();
    }

    [GlobalCleanup]
    public virtual void Cleanup()
    {
    }

    protected virtual void Prepare()
    {
    }
}
