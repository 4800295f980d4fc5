namespace CfLogStream.Kafka.Slices;

/// <summary>The slices of a batch for one partition, of one kind.</summary>
/// <remarks>It keeps the buffer of its first slice for itself, which so grows to what the partition mostly gets. Further ones are
/// large and come
/// from all lanes' common stock.</remarks>
internal sealed class SliceLane
{
    private readonly SliceBuffer _own = new();

    /// <summary>The slices in their order.</summary>
    public List<SliceBuffer> Parts { get; } = [];

    /// <summary>Begins the next slice.</summary>
    public SliceBuffer Append(Stack<SliceBuffer> stock, ReadOnlySpan<byte> source)
    {
        SliceBuffer buffer = Parts.Count == 0 ? _own : stock.TryPop(out SliceBuffer? used) ? used : new SliceBuffer();
        buffer.Begin(source);
        Parts.Add(buffer);
        return buffer;
    }

    /// <summary>Forgets all slices.</summary>
    public void Clear(Stack<SliceBuffer> stock)
    {
        for (int i = 1; i < Parts.Count; i++)
        {
            stock.Push(Parts[i]);
        }

        Parts.Clear();
    }
}
