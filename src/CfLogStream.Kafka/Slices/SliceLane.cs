namespace CfLogStream.Kafka.Slices;

/// <summary>The slices of a batch for one partition, of one kind.</summary>
/// <remarks>It keeps the buffer of its first slice for itself, which so grows to what the partition mostly gets. Further ones are
/// large and come
/// from all lanes' common stock.</remarks>
internal sealed class SliceLane
{
    private readonly SliceBuffer _own = new();

    /// <summary>The slices in their order that are not taken back yet.</summary>
    public List<SliceBuffer> Parts { get; } = [];

    /// <summary>The part of the first of <see cref="Parts"/>: how many there were before it.</summary>
    public int FirstPart { get; private set; }

    /// <summary>How many of <see cref="Parts"/> were handed out and go back to the stock next.</summary>
    public int HandedOut { get; set; }

    /// <summary>Begins the next slice.</summary>
    public SliceBuffer Append(Stack<SliceBuffer> stock, ReadOnlySpan<byte> source)
    {
        SliceBuffer buffer = Parts.Count == 0 ? _own : stock.TryPop(out SliceBuffer? used) ? used : new SliceBuffer(Parts[^1].Bytes.Length);
        buffer.Begin(source);
        Parts.Add(buffer);
        return buffer;
    }

    /// <summary>Takes back the slices that were handed out; the one being written stays.</summary>
    public void TakeBack(Stack<SliceBuffer> stock)
    {
        for (int i = 0; i < HandedOut; i++)
        {
            Return(Parts[i], stock);
        }

        Parts.RemoveRange(0, HandedOut);
        FirstPart += HandedOut;
        HandedOut = 0;
    }

    /// <summary>Forgets all slices.</summary>
    public void Clear(Stack<SliceBuffer> stock)
    {
        foreach (SliceBuffer part in Parts)
        {
            Return(part, stock);
        }

        Parts.Clear();
        FirstPart = 0;
        HandedOut = 0;
    }

    private void Return(SliceBuffer buffer, Stack<SliceBuffer> stock)
    {
        if (buffer != _own)
        {
            stock.Push(buffer);
        }
    }
}
