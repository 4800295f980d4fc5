using CfLogStream.ClickHouse.Rows;
using CfLogStream.Core.Traffic;

namespace CfLogStream.ClickHouse.Tests.Rows;

/// <summary>Random kept requests whose records are classified once and can be added again and again.</summary>
internal sealed class RequestBatch
{
    private readonly TrafficBatch _batch = new();
    private readonly RequestSample[] _samples;

    public RequestBatch(RowSamples samples, int count)
    {
        _samples = [.. Enumerable.Range(0, count).Select(samples.Request)];
        foreach (RequestSample sample in _samples)
        {
            sample.Append(_batch);
        }
    }


    public void AddTo(RowEncoder encoder, int index) => encoder.Add(_samples[index].Row(_batch, index));
}
